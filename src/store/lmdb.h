// The one door to LMDB: small hot values by key, many readers, one writer, one commit for all
// tables.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace winnow {

// A named table of an environment; cheap to copy. Keys are 1 to 511 bytes, ordered bytewise.
class LmdbTable {
 private:
  friend class Lmdb;
  friend class LmdbReader;
  friend class LmdbWriter;
  friend class LmdbCursor;
  explicit LmdbTable(unsigned handle) : handle_(handle) {}
  unsigned handle_;
};

// Walks a table in key order; keeps its transaction open. One made inside
// Lmdb::update() ends inside it.
class LmdbCursor {
 public:
  // Each moves and tells whether there is an entry there. Errors: Corrupt, Unavailable.
  Result<bool> first();
  Result<bool> seek(std::string_view key);  // the first entry whose key is not less
  Result<bool> next();
  Result<bool> last();
  std::string_view key() const { return key_; }      // valid until the transaction changes or ends
  std::string_view value() const { return value_; }  // likewise

 private:
  friend class LmdbReader;
  struct Close {
    void operator()(void* cursor) const;
  };
  LmdbCursor(std::shared_ptr<const void> transaction, void* cursor);
  Result<bool> move(int operation, std::string_view wanted);
  std::shared_ptr<const void> transaction_;  // the cursor ends first
  std::unique_ptr<void, Close> cursor_;
  std::string_view key_, value_;
};

// A snapshot: sees what was committed when it began. One thread at a time. What it returns points
// into the map and is valid until it ends. While it lives, the map cannot grow: keep it short.
class LmdbReader {
 public:
  // Errors: Corrupt (the value's check sum does not match), Unavailable.
  Result<std::optional<std::string_view>> get(LmdbTable table, std::string_view key) const;
  Result<LmdbCursor> cursor(LmdbTable table) const;
  Result<std::uint64_t> count(LmdbTable table) const;

 protected:
  friend class Lmdb;
  friend class LmdbCursor;
  struct Transaction;  // aborted when the last holder goes, unless committed
  explicit LmdbReader(std::shared_ptr<Transaction> transaction);
  std::shared_ptr<Transaction> transaction_;
};

class LmdbWriter : public LmdbReader {
 public:
  // Errors: InvalidArgument (key empty or too long), Exhausted (disk full), Unavailable.
  Status put(LmdbTable table, std::string_view key, std::string_view value);
  Status remove(LmdbTable table, std::string_view key);  // absent is fine
  Status clear(LmdbTable table);

 private:
  friend class Lmdb;
  using LmdbReader::LmdbReader;
  bool map_full_ = false;
};

// An environment: one folder. Thread-safe; open it once in a process. Every value carries a check
// sum of itself and its key.
class Lmdb {
 public:
  struct Config {
    std::uint64_t map_bytes = 256UL << 20;     // grows by doubling when full
    std::uint64_t max_map_bytes = 64UL << 30;  // then Exhausted
    unsigned max_tables = 16;
    bool durable_commits = true;  // false: durable at sync() only, yet never torn
  };
  // Errors: Corrupt, Denied, Unavailable, Conflict (opened twice in this process).
  static Result<Lmdb> open(const Path& folder, const Config& config);
  Lmdb(Lmdb&&) noexcept;
  Lmdb& operator=(Lmdb&&) noexcept;
  ~Lmdb();

  Result<LmdbTable> table(const std::string& name);  // created if absent
  Result<LmdbReader> read() const;

  // Runs `change` in one write transaction and commits it: all of it or, on any error, nothing.
  // When the map is full it grows and `change` runs again, so it must not act outside the
  // transaction. The calling thread holds no LmdbReader. Errors: of `change`; Exhausted, Corrupt,
  // Unavailable.
  Status update(const std::function<Status(LmdbWriter&)>& change);
  Status sync();

  // A consistent, compact copy in `folder`, which must exist and be empty; works while others
  // write.
  Status back_up_to(const Path& folder) const;
  // The same for an environment that another process has open.
  static Status back_up(const Path& from, const Path& folder);

  // Writes the environment in `folder` anew without what was removed from it, and puts that in its
  // place; nobody has it open. A crash leaves the one or the other. Errors: Corrupt, Denied,
  // Exhausted, Unavailable.
  static Status compact(const Path& folder);

  // Reads every value of every table of the environment in `folder` and compares its check sum;
  // returns how many there are. Reads in a process of its own, since damaged pages can end the one
  // that follows them. Errors: Corrupt, Denied, Unavailable.
  static Result<std::uint64_t> verify(const Path& folder);

 private:
  friend class LmdbReader;
  struct State;
  explicit Lmdb(std::unique_ptr<State> state);
  Status grow();
  Result<std::uint64_t> count_verified() const;
  std::unique_ptr<State> state_;
};

}  // namespace winnow
