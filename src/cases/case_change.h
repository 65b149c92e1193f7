// What people do with a case, and how it stands in the audit log: there it is the change (ADR 7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/timestamp.h"
#include "cases/case.h"
#include "cases/suppression.h"
#include "registry/audit_log.h"

namespace winnow::cases {

struct Judgement {
  VerdictKind kind = VerdictKind::TruePositive;
  std::string reason;
  // Of a benign positive: what need not be told again.
  std::optional<SuppressionScope> scope = {};
  std::optional<Timestamp> expires = {};
};

// What somebody wants of one case; what is absent stays. A judgement resolves.
struct CaseChange {
  std::string id;
  std::optional<std::uint64_t> version = {};  // the one it is meant for; absent: any
  std::optional<CaseState> state = {};        // not Snoozed: snoozed_until says until when
  std::optional<std::optional<std::string>> owner = {};
  std::optional<std::optional<Timestamp>> snoozed_until = {};  // without a time: wakes now
  std::optional<std::string> note = {};
  std::optional<Judgement> judgement = {};
};

inline constexpr int kLongestSnoozeDays = 90;

// The change in normal form, if `before` may be changed so at `now`. Errors: InvalidArgument (texts
// and times out of bounds, parts that contradict each other, nothing to change), Conflict (another
// version; a resolved case does not sleep), Denied (a scope beyond `reach`).
Result<CaseChange> checked(CaseChange change, const Case& before, Reach reach, Timestamp now);

// One thing that people did, as the audit log keeps it. `after` is the place of the last finding
// that the cases held then, so that the same findings and the same entries make the same cases.
struct CaseEntry {
  enum class Kind : std::uint8_t { Change, Suppress, Revoke };
  std::uint64_t index = 0;  // in the audit log
  std::uint64_t after = 0;
  Timestamp at;
  std::string actor;
  Kind kind = Kind::Change;
  CaseChange change = {};           // Change
  NewSuppression suppression = {};  // Suppress
  std::string suppression_id = {};  // Revoke
};
AuditEntry audit_entry_of(const CaseEntry& entry);
// Nothing for entries that are no business of cases. Errors: InvalidArgument.
Result<std::optional<CaseEntry>> case_entry_of(std::uint64_t index, std::string_view text);

}  // namespace winnow::cases
