// Prepared statements that nobody uses just now: preparing one costs more than running most.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace winnow::store {

// Of one database, which outlives it; one thread at a time.
class StatementCache {
 public:
  static constexpr std::size_t kMost = 64;  // then the one that was given back first is freed

  StatementCache() = default;
  ~StatementCache();
  StatementCache(const StatementCache&) = delete;
  StatementCache& operator=(const StatementCache&) = delete;

  sqlite3_stmt* take(std::string_view sql);  // the caller's now; null: there is none
  void give_back(sqlite3_stmt* statement);   // whatever it was doing

 private:
  struct Idle {
    std::size_t hash;  // of its text
    sqlite3_stmt* statement;
  };
  std::vector<Idle> idle_;
};

}  // namespace winnow::store
