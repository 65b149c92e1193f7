// The rows of cases, as values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cases/case.h"
#include "cases/detail/case_life.h"
#include "store/sqlite.h"

namespace winnow::cases {

// The columns that read_case() takes, in its order. `cases` is the table's name in the query.
extern const std::string_view kCaseColumns;
// Reads them from a row.
Result<Case> read_case(SqliteStatement& row);

Json json_of(std::span<const std::string> texts);
Result<std::vector<std::string>> texts_of(std::string_view json);  // Errors: Corrupt

// Reads and writes them; statements are prepared once. The database outlives it.
class CaseTable {
 public:
  static Result<CaseTable> open(Sqlite& database);

  Result<std::optional<Case>> find(std::uint64_t number);
  Result<std::optional<Case>> find(std::string_view id);
  // Gives it the next number. Errors: AlreadyExists (its id).
  Status insert(Case& subject);
  Status update(const Case& subject);
  // One for which the clock has something to do at `now`.
  Result<std::optional<Case>> due(Timestamp now);
  Status tell(std::uint64_t number, const History& lines);

 private:
  CaseTable() = default;
  Status write(SqliteStatement& statement, const Case& subject);
  std::optional<SqliteStatement> by_number_, by_id_, insert_, update_, due_, tell_, last_;
};

}  // namespace winnow::cases
