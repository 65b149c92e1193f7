// The one door to SQLite: typed statements, transactions, migrations, and check sums on every page.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "store/access.h"

struct sqlite3;
struct sqlite3_stmt;

namespace winnow {
namespace store {
class StatementCache;
}

// A prepared statement. Lives no longer than its database; one thread at a time.
//
// Integers, booleans and Timestamps (microseconds) are INTEGER; Digests (64 hexadecimal digits) and
// strings are TEXT; an empty optional is NULL. Bytes that are not text go through SqliteBlob.
struct SqliteBlob {
  std::string bytes;
};

class SqliteStatement {
 public:
  // Starts over with ?1, ?2, ... bound in order; what is bound is copied. A count that differs from
  // the statement's parameters is a ContractViolation. Errors: Exhausted (a value is too large).
  template <typename... Values>
  Status bind(const Values&... values) {
    WINNOW_TRY(start(sizeof...(values)));
    int at = 0;
    Status status;
    (void)((status = bind_value(++at, values), status.has_value()) && ...);
    return status;
  }

  // Moves to the next row: true when there is one. After false or an error the statement is reset.
  // Errors: Conflict (busy for too long, or a constraint), Corrupt, Exhausted (disk full),
  // Unavailable.
  Result<bool> next();
  // Runs to the end, dropping rows. Errors: as next().
  Status run();

  // Reads the columns of the current row in order into `out`. NULL fits only an optional.
  // Errors: Corrupt (a column holds another type than asked, or a malformed Digest).
  template <typename... Values>
  Status read(Values&... out) {
    int at = -1;
    Status status;
    (void)((status = read_value(++at, out), status.has_value()) && ...);
    return status;
  }

 private:
  friend class Sqlite;
  struct GiveBack {
    store::StatementCache* home;
    void operator()(sqlite3_stmt* statement) const;
  };
  SqliteStatement(sqlite3_stmt* statement, store::StatementCache& home)
      : statement_(statement, GiveBack{&home}) {}

  Status start(std::size_t parameters);
  Status bind_value(int at, std::int64_t value);
  Status bind_value(int at, int value) { return bind_value(at, std::int64_t{value}); }
  Status bind_value(int at, unsigned value) { return bind_value(at, std::int64_t{value}); }
  Status bind_value(int at, std::uint64_t value);  // above 2^63 - 1: Exhausted
  Status bind_value(int at, bool value) { return bind_value(at, std::int64_t{value}); }
  Status bind_value(int at, double value);
  Status bind_value(int at, std::string_view value);
  Status bind_value(int at, const std::string& value) {
    return bind_value(at, std::string_view(value));
  }
  Status bind_value(int at, const char* value) { return bind_value(at, std::string_view(value)); }
  Status bind_value(int at, const SqliteBlob& value);
  Status bind_value(int at, Timestamp value) { return bind_value(at, value.micros()); }
  Status bind_value(int at, const Digest& value) { return bind_value(at, value.hex()); }
  Status bind_value(int at, std::nullptr_t);
  template <typename T>
  Status bind_value(int at, const std::optional<T>& value) {
    return value ? bind_value(at, *value) : bind_value(at, nullptr);
  }

  Status read_value(int at, std::int64_t& out);
  Status read_value(int at, std::uint64_t& out);
  Status read_value(int at, int& out);
  Status read_value(int at, bool& out);
  Status read_value(int at, double& out);
  Status read_value(int at, std::string& out);
  Status read_value(int at, SqliteBlob& out);
  Status read_value(int at, Timestamp& out);
  Status read_value(int at, Digest& out);
  template <typename T>
  Status read_value(int at, std::optional<T>& out) {
    if (is_null(at)) {
      out.reset();
      return {};
    }
    return read_value(at, out.emplace());
  }
  bool is_null(int at) const;
  Status wrong_type(int at, std::string_view wanted) const;

  std::unique_ptr<sqlite3_stmt, GiveBack> statement_;
};

// A database file in WAL mode: readers never wait for the writer. A commit is durable when it
// returns, unless Config says otherwise. One thread at a time; several threads or processes each
// open their own.
//
// Every page ends with a check sum, verified whenever it is read: a flipped byte is Corrupt, never
// a wrong answer. Other SQLite tools can read the file; what they write would look like damage.
class Sqlite {
 public:
  struct Config {
    Duration busy_timeout = std::chrono::seconds(10);  // a statement waits so long for a writer
    // False: a commit outlives the process, but the machine's failure only from the next sync(),
    // checkpoint or durable commit of another connection on. It is never torn, and never kept
    // without those before it. For what can be made again from elsewhere; saves the disk's wait.
    bool durable_commits = true;
  };
  // Opens `path`, creating it for ReadWrite. Errors: NotFound, Denied, Corrupt (not a database),
  // Unavailable.
  static Result<Sqlite> open(const Path& path, Access access);
  static Result<Sqlite> open(const Path& path, Access access, const Config& config);
  static Result<Sqlite> open_in_memory();  // for tests
  Sqlite(Sqlite&& other) noexcept;
  Sqlite& operator=(Sqlite&& other) noexcept;
  ~Sqlite();

  // Brings the tables of `component` up to date: runs those of `steps` that have not run yet, in
  // order, each in a transaction of its own with its number; user_version says how they are counted
  // in table winnow_schema. Opened to be read only, it checks that there is nothing to do. Errors:
  // Unsupported (written by a newer Winnow, or an older one), and as SqliteStatement::next().
  Status migrate(std::string_view component, std::span<const std::string_view> steps);

  // A mistake in `sql` is InvalidArgument. What was prepared lately costs next to nothing.
  Result<SqliteStatement> prepare(std::string_view sql);
  Status execute(const std::string& sql);  // statements without parameters or rows

  // Prepares, binds and runs.
  template <typename... Values>
  Status run(std::string_view sql, const Values&... values) {
    WINNOW_TRY(auto statement, prepare(sql));
    WINNOW_TRY(statement.bind(values...));
    return statement.run();
  }

  std::int64_t changes() const;  // rows changed by the last statement

  // For a connection whose commits are not durable by themselves: makes durable what any connection
  // committed so far. Errors: Unavailable.
  Status sync();

  // Undone when destroyed before commit(). Takes the write lock at once, so that commit does not
  // fail because somebody else wrote meanwhile. Not nested.
  class Transaction {
   public:
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Status commit();

   private:
    friend class Sqlite;
    explicit Transaction(sqlite3* database) : database_(database) {}
    sqlite3* database_;
  };
  Result<Transaction> begin();

  // Reads everything and checks structure, indexes and page check sums. Errors: Corrupt, with the
  // first findings.
  Status check_integrity();
  // A consistent copy of the database as it is now, at `path`, which must not exist; works while
  // others write.
  Status back_up_to(const Path& path);

 private:
  Result<std::size_t> steps_done(std::string_view component);  // inside a transaction
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Sqlite(sqlite3* database);
  Status configure(Access access, const Config& config);
  std::unique_ptr<Duration> patience_;  // with other writers; in its place for SQLite
  std::unique_ptr<sqlite3, Close> database_;
  std::unique_ptr<store::StatementCache> statements_;
};

}  // namespace winnow
