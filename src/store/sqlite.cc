#include "store/sqlite.h"

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/detail/page_checksums.h"
#include "store/detail/sqlite_error.h"
#include "store/detail/statement_cache.h"

namespace winnow {
namespace {

constexpr std::int64_t kMigrationScheme = 1;  // user_version: steps are counted in winnow_schema
constexpr std::string_view kNewer = "use that version, or restore a backup made by this one";
constexpr std::string_view kOlder =
    "a command that writes, such as winnow serve or winnow score, brings them up to date";

bool is_read_only(sqlite3* database) { return sqlite3_db_readonly(database, "main") == 1; }

Error other_steps(std::string_view component, std::size_t done, std::size_t known) {
  const bool newer = done > known;
  return Error(Code::Unsupported,
               fmt::format("the tables of '{}' were made by {} Winnow (step {}, known are {})",
                           component, newer ? "a newer" : "an older", done, known))
      .with_hint(std::string(newer ? kNewer : kOlder));
}

Code code_of(int result) {
  switch (result) {  // extended codes first
    case SQLITE_IOERR_DATA:
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_IOERR_SHORT_READ:
      return Code::Corrupt;
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Code::AlreadyExists;
    default:
      break;
  }
  switch (result & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::Corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CONSTRAINT:
      return Code::Conflict;
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return Code::Exhausted;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Code::Denied;
    case SQLITE_ERROR:
      return Code::InvalidArgument;
    default:
      return Code::Unavailable;
  }
}

// SQLITE_FULL is said of the database alone: where the files beside it find no room, it is an I/O
// error like any other.
bool is_disk_full(sqlite3* database, int result) {
  const int kind = result & 0xFF;
  if (kind != SQLITE_IOERR && kind != SQLITE_CANTOPEN) return kind == SQLITE_FULL;
  const int system = sqlite3_system_errno(database);
  return system == ENOSPC || system == EDQUOT;
}

// SQLite's own waits begin with 1, 2, 5 and 10 ms: several times what most transactions here take.
// After 100 us these double, up to 3.2 ms; when they exceed `patience` together, SQLite is told to
// give up.
int wait_for_writer(void* patience, int waits_before) {
  constexpr std::chrono::microseconds kFirst(100);
  constexpr int kDoublings = 5;
  const auto doubled = std::min(waits_before, kDoublings);
  const auto waited = kFirst * ((1 << doubled) - 1 + ((waits_before - doubled) << kDoublings));
  if (waited >= *static_cast<const Duration*>(patience)) return 0;
  std::this_thread::sleep_for(kFirst * (1 << doubled));
  return 1;
}

// The defaults of a connection: durable commits, nothing that a hostile file could make it do, and
// zeros over whatever is deleted, moved or freed.
constexpr const char* kConnectionSettings =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA mmap_size = 0;";

}  // namespace

Error store::sqlite_error(sqlite3* database, int result, std::string_view tried) {
  const auto damage = take_page_damage();
  if (damage.empty() && is_disk_full(database, result)) result = SQLITE_FULL;
  const char* file = sqlite3_db_filename(database, "main");
  const std::string where = file != nullptr && *file != '\0' ? fmt::format(" in '{}'", file) : "";
  const std::string_view why =
      result == SQLITE_FULL ? sqlite3_errstr(result) : sqlite3_errmsg(database);
  Error error(code_of(result),
              fmt::format("{}{} failed: {}", tried, where, damage.empty() ? why : damage));
  switch (error.code()) {
    case Code::Corrupt:
      return std::move(error).with_hint("restore the workspace from a backup");
    case Code::Exhausted:
      return std::move(error).with_hint("free disk space, then run the same command again");
    default:
      return error;
  }
}

Sqlite::Sqlite(sqlite3* database)
    : database_(database), statements_(std::make_unique<store::StatementCache>()) {}
Sqlite::Sqlite(Sqlite&& other) noexcept = default;
Sqlite& Sqlite::operator=(Sqlite&& other) noexcept = default;
Sqlite::~Sqlite() = default;

void Sqlite::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Status Sqlite::configure(Access access, const Config& config) {
  auto* const database = database_.get();
  sqlite3_extended_result_codes(database, 1);
  patience_ = std::make_unique<Duration>(config.busy_timeout);
  sqlite3_busy_handler(database, wait_for_writer, patience_.get());
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  int reserved = store::kReservedBytes;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  std::string settings = fmt::format("{} PRAGMA synchronous = {};", kConnectionSettings,
                                     config.durable_commits ? "FULL" : "NORMAL");
  if (access == Access::ReadWrite) {
    settings = fmt::format("PRAGMA page_size = {}; PRAGMA journal_mode = WAL; {}",
                           store::kPageBytes, settings);
  }
  const int result = sqlite3_exec(database, settings.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return store::sqlite_error(database, result, "opening the database");
  return {};
}

Result<Sqlite> Sqlite::open(const Path& path, Access access) { return open(path, access, {}); }

Result<Sqlite> Sqlite::open(const Path& path, Access access, const Config& config) {
  std::error_code ignored;
  if (access == Access::ReadOnly && !std::filesystem::exists(path, ignored)) {
    return Error(Code::NotFound, fmt::format("there is no database '{}'", path.string()));
  }
  const int flags = SQLITE_OPEN_NOMUTEX |
                    (access == Access::ReadOnly ? SQLITE_OPEN_READONLY
                                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* raw = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &raw, flags, store::page_checksum_vfs());
  Sqlite database(raw);
  if (result != SQLITE_OK)
    return store::sqlite_error(raw, result, fmt::format("opening '{}'", path.string()));
  WINNOW_TRY(database.configure(access, config));
  // Without its reserved bytes a file has no check sums: then it is not one of ours, or its first
  // page is damaged.
  int reserved = -1;
  sqlite3_file_control(raw, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  WINNOW_TRY(
      auto pages,
      database.prepare("SELECT page_size, page_count FROM pragma_page_size, pragma_page_count"));
  WINNOW_TRY(const bool any, pages.next());
  std::int64_t page_bytes = 0, page_count = 0;
  if (any) WINNOW_TRY(pages.read(page_bytes, page_count));
  if (page_bytes != store::kPageBytes || (page_count > 0 && reserved != store::kReservedBytes)) {
    return Error(Code::Corrupt,
                 fmt::format("'{}' is not a database that Winnow made", path.string()));
  }
  return database;
}

Result<Sqlite> Sqlite::open_in_memory() {
  sqlite3* raw = nullptr;
  const int result =
      sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Sqlite database(raw);
  if (result != SQLITE_OK) return store::sqlite_error(raw, result, "opening a database in memory");
  WINNOW_TRY(database.configure(Access::ReadWrite, {.busy_timeout = Duration(0)}));
  return database;
}

Result<SqliteStatement> Sqlite::prepare(std::string_view sql) {
  if (auto* const known = statements_->take(sql)) return SqliteStatement(known, *statements_);
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK)
    return store::sqlite_error(database_.get(), result, fmt::format("preparing '{}'", sql));
  ensure(statement != nullptr, "a statement is not only white space");
  return SqliteStatement(statement, *statements_);
}

Status Sqlite::execute(const std::string& sql) {
  const int result = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK)
    return store::sqlite_error(database_.get(), result, "executing statements");
  return {};
}

std::int64_t Sqlite::changes() const { return sqlite3_changes64(database_.get()); }

// What SQLite itself does within a durable commit; it has no call for doing it between two.
Status Sqlite::sync() {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) return {};  // this connection wrote nothing yet
  const int result = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (result != SQLITE_OK)
    return store::sqlite_error(database_.get(), result, "waiting for the disk");
  return {};
}

Result<Sqlite::Transaction> Sqlite::begin() {
  ensure(sqlite3_get_autocommit(database_.get()) != 0, "transactions are not nested");
  WINNOW_TRY(execute("BEGIN IMMEDIATE"));
  return Transaction(database_.get());
}

Sqlite::Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Sqlite::Transaction::~Transaction() {
  // SQLite itself has rolled back after some errors.
  if (database_ != nullptr && sqlite3_get_autocommit(database_) == 0) {
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Status Sqlite::Transaction::commit() {
  const int result = sqlite3_exec(database_, "COMMIT", nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return store::sqlite_error(database_, result, "committing");
  database_ = nullptr;
  return {};
}

Result<std::size_t> Sqlite::steps_done(std::string_view component) {
  std::int64_t scheme = 0, done = 0;
  WINNOW_TRY(auto query, prepare("SELECT user_version FROM pragma_user_version"));
  WINNOW_TRY(const bool has_scheme, query.next());
  if (has_scheme) WINNOW_TRY(query.read(scheme));
  WINNOW_TRY(query.next());
  if (scheme > kMigrationScheme) {
    return Error(Code::Unsupported, "the database was made by a newer Winnow")
        .with_hint(std::string(kNewer));
  }
  if (scheme == 0) {
    if (is_read_only(database_.get())) return 0UL;
    WINNOW_TRY(execute(
        "CREATE TABLE winnow_schema (component TEXT PRIMARY KEY, steps INTEGER NOT NULL) STRICT;"
        "PRAGMA user_version = 1"));
  }
  WINNOW_TRY(query, prepare("SELECT steps FROM winnow_schema WHERE component = ?1"));
  WINNOW_TRY(query.bind(component));
  WINNOW_TRY(const bool has_steps, query.next());
  if (has_steps) WINNOW_TRY(query.read(done));
  WINNOW_TRY(query.next());
  return static_cast<std::size_t>(done);
}

// Each transaction looks again: another process may bring the same tables up to date.
Status Sqlite::migrate(std::string_view component, std::span<const std::string_view> steps) {
  if (is_read_only(database_.get())) {
    WINNOW_TRY(const auto done, steps_done(component));
    return done == steps.size() ? Status() : other_steps(component, done, steps.size());
  }
  for (;;) {
    WINNOW_TRY(auto transaction, begin());
    WINNOW_TRY(const auto done, steps_done(component));
    if (done == steps.size()) return transaction.commit();
    if (done > steps.size()) return other_steps(component, done, steps.size());
    WINNOW_TRY(execute(std::string(steps[done])));
    WINNOW_TRY(run("INSERT INTO winnow_schema VALUES (?1, ?2) ON CONFLICT DO UPDATE SET steps = ?2",
                   component, done + 1));
    WINNOW_TRY(transaction.commit());
  }
}

Status Sqlite::check_integrity() {
  WINNOW_TRY(auto query, prepare("SELECT * FROM pragma_integrity_check(10)"));
  std::string findings;
  for (;;) {
    WINNOW_TRY(const bool more, query.next());
    if (!more) break;
    std::string line;
    WINNOW_TRY(query.read(line));
    if (line != "ok") findings += (findings.empty() ? "" : "; ") + line;
  }
  // A page that cannot be read makes others seem unused: then the first cause says more than the
  // list.
  if (auto damage = store::take_page_damage(); !damage.empty()) findings = std::move(damage);
  std::replace(findings.begin(), findings.end(), '\n', ' ');
  if (findings.empty()) return {};
  return Error(Code::Corrupt, fmt::format("the database '{}' is damaged: {}",
                                          sqlite3_db_filename(database_.get(), "main"), findings))
      .with_hint("restore the workspace from a backup");
}

Status Sqlite::back_up_to(const Path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    return Error(Code::AlreadyExists, fmt::format("'{}' exists already", path.string()));
  }
  // Copies what one read transaction sees, page by page through the B-trees, so that damage is
  // found.
  WINNOW_TRY(run("VACUUM INTO ?1", path.string()));
  WINNOW_TRY(auto file, AppendFile::open(path));
  WINNOW_TRY(file.sync());
  return sync_folder(path.parent_path());
}

}  // namespace winnow
