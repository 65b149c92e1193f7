#include "pipeline/detail/decision_rows.h"

#include <fmt/format.h>

namespace winnow {
namespace {

Result<IdentifiedDecision> read_row(SqliteStatement& statement) {
  IdentifiedDecision one;
  SqliteBlob body;
  std::string id;
  WINNOW_TRY(
      statement.read(one.record.decided_at, one.record.sender, one.record.subject, body, id));
  auto decision = Decision::from_bytes(body.bytes);
  if (!decision)
    return decision.error().with_context(fmt::format("reading decision d-{}", id.substr(0, 12)));
  one.record.decision = std::move(*decision);
  one.id = one.record.decision.id();
  if (one.id.hex() != id) {
    return Error(Code::Corrupt,
                 fmt::format("decision d-{} does not hold what its id says", id.substr(0, 12)));
  }
  return one;
}

}  // namespace

Status read_decisions(SqliteStatement& statement, std::vector<IdentifiedDecision>& found) {
  for (;;) {
    WINNOW_TRY(const bool more, statement.next());
    if (!more) return {};
    WINNOW_TRY(found.emplace_back(), read_row(statement));
  }
}

}  // namespace winnow
