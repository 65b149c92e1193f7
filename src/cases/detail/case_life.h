// The life of a case as pure steps: opened by a finding, joined by others, changed by people, moved
// by the clock. What happened is told in lines of its history.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cases/case.h"
#include "cases/case_change.h"
#include "cases/case_policy.h"
#include "cases/finding.h"
#include "cases/ground.h"

namespace winnow::cases {

struct HistoryLine {
  Timestamp at;
  std::string actor;
  std::string what;    // opened, joined, reopened, state, owner, snoozed, note, verdict
  std::string detail;  // plain words
};
using History = std::vector<HistoryLine>;

// Who did what nobody did.
inline constexpr std::string_view kNobody = "winnow";

// What of a finding counts for the case it goes into.
struct Joining {
  const Finding* finding;
  std::span<const Ground> grounds;  // why it belongs there; empty where it opens the case
  std::span<const std::string> new_recipients;  // those that the case did not have
  std::string suppression = {};                 // its id, where the finding is suppressed
};

Case opened(const Joining& joining, const CasePolicy& policy, History& history);
// A finding joins. One that is not suppressed reopens a resolved case, unless it is the very mail
// that was judged; a snoozed case wakes when it grows more severe.
void join(Case& subject, const Joining& joining, const CasePolicy& policy, History& history);
// What people wanted of it, checked before it was recorded.
void apply(Case& subject, const CaseChange& change, std::string_view actor, Timestamp at,
           const CasePolicy& policy, History& history);
// What the clock did until `now`: wakes, moves on to the next phase. Whenever it is asked, things
// happened at their own time.
void pass_time(Case& subject, Timestamp now, const CasePolicy& policy, History& history);
// When the clock does something next, if ever.
std::optional<Timestamp> next_moment(const Case& subject);

}  // namespace winnow::cases
