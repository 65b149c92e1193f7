#include "store/detail/statement_cache.h"

#include <algorithm>
#include <functional>

#include <sqlite3.h>

namespace winnow::store {
namespace {

std::size_t hash_of(std::string_view sql) { return std::hash<std::string_view>()(sql); }

}  // namespace

StatementCache::~StatementCache() {
  for (const auto& idle : idle_) sqlite3_finalize(idle.statement);
}

sqlite3_stmt* StatementCache::take(std::string_view sql) {
  const auto found = std::ranges::find_if(idle_, [&, hash = hash_of(sql)](const Idle& idle) {
    return idle.hash == hash && sqlite3_sql(idle.statement) == sql;
  });
  if (found == idle_.end()) return nullptr;
  auto* const statement = found->statement;
  idle_.erase(found);
  return statement;
}

void StatementCache::give_back(sqlite3_stmt* statement) {
  sqlite3_reset(statement);  // repeats the error of the last step, which was reported then
  sqlite3_clear_bindings(statement);
  if (idle_.size() == kMost) {
    sqlite3_finalize(idle_.front().statement);
    idle_.erase(idle_.begin());
  }
  idle_.push_back({hash_of(sqlite3_sql(statement)), statement});
}

}  // namespace winnow::store
