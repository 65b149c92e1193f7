// Decisions out of the rows of a query.
#pragma once

#include <string_view>
#include <vector>

#include "pipeline/detail/closed_decisions.h"
#include "store/sqlite.h"

namespace winnow {

// What such a query selects.
inline constexpr std::string_view kDecisionColumns = "decided_at, sender, subject, body, id";

// Appends all rows that are left. Errors: Corrupt (a row does not hold what its id says),
// Unavailable.
Status read_decisions(SqliteStatement& statement, std::vector<IdentifiedDecision>& found);

}  // namespace winnow
