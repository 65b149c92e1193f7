// What the findings of each case are about: hosts, users, addresses, indicators, techniques. For
// the search, and for similar cases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/case.h"
#include "cases/finding.h"
#include "store/sqlite.h"

namespace winnow::cases {

class EntityTable {
 public:
  // `database` outlives it.
  static Result<EntityTable> open(Sqlite& database);

  // Adds what the finding is about, at most kMaxEntitiesOfCase a case. Returns what the case did
  // not have, as words to search for: techniques with their names.
  Result<std::vector<std::string>> add(const Finding& finding, std::uint64_t case_number);

 private:
  Result<bool> add(std::string_view kind, std::string_view value, std::uint64_t case_number);
  std::optional<SqliteStatement> count_, add_;
};

// A case that shares some of that, with what it shares in words.
struct SharedCase {
  std::uint64_t number = 0;
  std::string why;
};
// Those that share what tells most first, the newest of equals; at most `most`. What more than
// kEverybodys cases have tells nothing.
Result<std::vector<SharedCase>> cases_that_share(Sqlite& database, std::uint64_t case_number,
                                                 std::size_t most);
inline constexpr std::size_t kEverybodys = 50;

}  // namespace winnow::cases
