#include "cases/case_change.h"

#include <fmt/format.h>

#include "cases/bounded_text.h"

namespace winnow::cases {
namespace {

Error refused(std::string text) { return Error(Code::InvalidArgument, std::move(text)); }

Status check_snooze(const CaseChange& change, const Case& before, Timestamp now) {
  if (!change.snoozed_until) return {};
  if (change.state || change.judgement)
    return refused("a case is either snoozed or put into a state");
  if (!before.is_open())
    return Error(Code::Conflict, "the case is resolved: there is nothing to snooze");
  const auto& until = *change.snoozed_until;
  if (until && *until <= now) return refused("the snooze would have ended already");
  if (until && *until > now + std::chrono::hours(24 * kLongestSnoozeDays))
    return refused(fmt::format("a case is snoozed for at most {} days", kLongestSnoozeDays));
  return {};
}

// Suppressions by sender cover mail alone: on another domain's case one would promise what it
// cannot do.
Status check_scope(const SuppressionScope& scope, const Case& before) {
  if (scope.kind == SuppressionScope::Kind::Campaign || before.domains.has(Domain::Mail)) return {};
  return refused("a suppression by sender is of mail, and no finding of this case is a mail")
      .with_hint(
          "resolve this case alone, or a senior analyst suppresses the case itself (campaign): "
          "the same kind of event by the same actor");
}

Status check_judgement(CaseChange& change, const Case& before, Reach reach, Timestamp now) {
  if (!change.judgement) return {};
  auto& judgement = *change.judgement;
  if (change.state) return refused("a verdict resolves a case: it takes no other state");
  WINNOW_TRY(judgement.reason, written_text(judgement.reason, kMaxReasonBytes, "reason"));
  if (judgement.expires && !judgement.scope) return refused("an expiry needs a scope");
  if (!judgement.scope) return {};
  if (judgement.kind != VerdictKind::BenignPositive)
    return refused("only a benign positive has a scope of what need not be told again");
  WINNOW_TRY(check_scope(*judgement.scope, before));
  WINNOW_TRY(
      const auto suppression,
      checked(NewSuppression{*judgement.scope, judgement.reason, judgement.expires}, reach, now));
  judgement.scope = suppression.scope;
  return {};
}

}  // namespace

Result<CaseChange> checked(CaseChange change, const Case& before, Reach reach, Timestamp now) {
  if (change.version && *change.version != before.version) {
    return Error(Code::Conflict, fmt::format("the case is at version {} by now, not at {}",
                                             before.version, *change.version))
        .with_hint("look at it again, then decide");
  }
  if (!change.state && !change.owner && !change.snoozed_until && !change.note && !change.judgement)
    return refused("nothing to change: give a state, an owner, a snooze, a note or a verdict");
  if (change.state == CaseState::Snoozed)
    return refused("a case is snoozed by saying until when: snoozed_until");
  if (change.owner && *change.owner) {
    WINNOW_TRY(*change.owner, written_name(**change.owner, "owner"));
  }
  if (change.note) {
    WINNOW_TRY(change.note, written_text(*change.note, kMaxNoteBytes, "note"));
  }
  WINNOW_TRY(check_snooze(change, before, now));
  WINNOW_TRY(check_judgement(change, before, reach, now));
  return change;
}

}  // namespace winnow::cases
