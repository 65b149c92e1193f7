#include <limits>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/detail/sqlite_error.h"
#include "store/detail/statement_cache.h"
#include "store/sqlite.h"

namespace winnow {
namespace {

Status checked(sqlite3_stmt* statement, int result, std::string_view tried) {
  if (result == SQLITE_OK) return {};
  return store::sqlite_error(sqlite3_db_handle(statement), result, tried);
}

std::string_view name_of_type(int type) {
  switch (type) {
    case SQLITE_INTEGER:
      return "an integer";
    case SQLITE_FLOAT:
      return "a real number";
    case SQLITE_TEXT:
      return "text";
    case SQLITE_BLOB:
      return "bytes";
    default:
      return "NULL";
  }
}

}  // namespace

void SqliteStatement::GiveBack::operator()(sqlite3_stmt* statement) const {
  home->give_back(statement);
}

Status SqliteStatement::start(std::size_t parameters) {
  sqlite3_reset(statement_.get());  // repeats the error of the last step, which was reported then
  ensure(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_.get())) == parameters,
         "every parameter of a statement is bound");
  return {};
}

Result<bool> SqliteStatement::next() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  Status status;
  if (result != SQLITE_DONE) {
    status = store::sqlite_error(sqlite3_db_handle(statement_.get()), result,
                                 fmt::format("running '{}'", sqlite3_sql(statement_.get())));
  }
  sqlite3_reset(statement_.get());
  WINNOW_TRY(status);
  return false;
}

Status SqliteStatement::run() {
  for (;;) {
    WINNOW_TRY(const bool more, next());
    if (!more) return {};
  }
}

Status SqliteStatement::bind_value(int at, std::int64_t value) {
  return checked(statement_.get(), sqlite3_bind_int64(statement_.get(), at, value),
                 "binding an integer");
}

Status SqliteStatement::bind_value(int at, std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return Error(Code::Exhausted, fmt::format("{} is too large for a database integer", value));
  }
  return bind_value(at, static_cast<std::int64_t>(value));
}

Status SqliteStatement::bind_value(int at, double value) {
  return checked(statement_.get(), sqlite3_bind_double(statement_.get(), at, value),
                 "binding a number");
}

Status SqliteStatement::bind_value(int at, std::string_view value) {
  // SQLite binds NULL for a null pointer; an empty text is a text.
  const char* text = value.empty() ? "" : value.data();
  return checked(
      statement_.get(),
      sqlite3_bind_text64(statement_.get(), at, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8),
      "binding a text");
}

Status SqliteStatement::bind_value(int at, const SqliteBlob& value) {
  const char* bytes = value.bytes.empty() ? "" : value.bytes.data();
  return checked(
      statement_.get(),
      sqlite3_bind_blob64(statement_.get(), at, bytes, value.bytes.size(), SQLITE_TRANSIENT),
      "binding bytes");
}

Status SqliteStatement::bind_value(int at, std::nullptr_t) {
  return checked(statement_.get(), sqlite3_bind_null(statement_.get(), at), "binding NULL");
}

bool SqliteStatement::is_null(int at) const {
  return sqlite3_column_type(statement_.get(), at) == SQLITE_NULL;
}

Status SqliteStatement::wrong_type(int at, std::string_view wanted) const {
  ensure(at < sqlite3_column_count(statement_.get()),
         "no more columns are read than the statement has");
  return Error(Code::Corrupt,
               fmt::format("column '{}' of '{}' should be {} and is {}",
                           sqlite3_column_name(statement_.get(), at), sqlite3_sql(statement_.get()),
                           wanted, name_of_type(sqlite3_column_type(statement_.get(), at))));
}

Status SqliteStatement::read_value(int at, std::int64_t& out) {
  if (sqlite3_column_type(statement_.get(), at) != SQLITE_INTEGER)
    return wrong_type(at, "an integer");
  out = sqlite3_column_int64(statement_.get(), at);
  return {};
}

Status SqliteStatement::read_value(int at, std::uint64_t& out) {
  std::int64_t value = 0;
  WINNOW_TRY(read_value(at, value));
  if (value < 0) return wrong_type(at, "an integer that is not negative");
  out = static_cast<std::uint64_t>(value);
  return {};
}

Status SqliteStatement::read_value(int at, int& out) {
  std::int64_t value = 0;
  WINNOW_TRY(read_value(at, value));
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) {
    return wrong_type(at, "an integer of 32 bits");
  }
  out = static_cast<int>(value);
  return {};
}

Status SqliteStatement::read_value(int at, bool& out) {
  std::int64_t value = 0;
  WINNOW_TRY(read_value(at, value));
  if (value != 0 && value != 1) return wrong_type(at, "0 or 1");
  out = value == 1;
  return {};
}

Status SqliteStatement::read_value(int at, double& out) {
  const int type = sqlite3_column_type(statement_.get(), at);
  if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return wrong_type(at, "a number");
  out = sqlite3_column_double(statement_.get(), at);
  return {};
}

Status SqliteStatement::read_value(int at, std::string& out) {
  if (sqlite3_column_type(statement_.get(), at) != SQLITE_TEXT) return wrong_type(at, "text");
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), at));
  out.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), at)));
  return {};
}

Status SqliteStatement::read_value(int at, SqliteBlob& out) {
  if (sqlite3_column_type(statement_.get(), at) != SQLITE_BLOB) return wrong_type(at, "bytes");
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), at));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), at));
  if (size == 0) {
    out.bytes.clear();
  } else {
    out.bytes.assign(bytes, size);
  }
  return {};
}

Status SqliteStatement::read_value(int at, Timestamp& out) {
  std::int64_t micros = 0;
  WINNOW_TRY(read_value(at, micros));
  out = Timestamp::from_micros(micros);
  return {};
}

Status SqliteStatement::read_value(int at, Digest& out) {
  std::string hex;
  WINNOW_TRY(read_value(at, hex));
  auto digest = Digest::from_hex(hex);
  if (!digest) return wrong_type(at, "a digest");
  out = *digest;
  return {};
}

}  // namespace winnow
