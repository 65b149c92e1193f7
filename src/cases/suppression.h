// Suppressions: findings that nobody needs to be told of, for a reason and for a time. They are
// still stored, grouped and counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/timestamp.h"

namespace winnow::cases {

struct SuppressionScope {
  enum class Kind : std::uint8_t {
    Sender,        // a mailbox; of mail alone
    SenderDomain,  // a domain, and all below it; of mail alone
    // A case: mail that would join it, and of other domains what would join it as the same kind of
    // event by the same actor.
    Campaign,
  };
  Kind kind = Kind::Sender;
  std::string value;
  // Whether it silences what would be escalated, too. Nobody does that without saying so.
  bool escalations = false;
  friend bool operator==(const SuppressionScope&, const SuppressionScope&) = default;
};
std::string_view name_of(SuppressionScope::Kind kind);  // "sender", "sender_domain", "campaign"
Result<SuppressionScope::Kind> scope_kind_named(std::string_view name);  // Errors: InvalidArgument

struct NewSuppression {
  SuppressionScope scope;
  std::string reason;
  std::optional<Timestamp> expires;
};

struct Suppression {
  std::string id;  // "s-1f": from its place in the audit log
  SuppressionScope scope;
  std::string reason;
  std::string author;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> revoked_at;
  std::string revoked_by;
  std::uint64_t hits = 0;
  std::optional<Timestamp> last_hit_at;
};

// What somebody may silence.
enum class Reach : std::uint8_t {
  Narrow,  // one mailbox, no escalations, for at most kNarrowDays
  Any,
};
inline constexpr int kNarrowDays = 30;

// The suppression with its scope in normal form: a mailbox, a registrable domain or one below it, a
// case id. Errors: InvalidArgument (no such thing; no reason; an end that has passed), Denied
// (beyond `reach`).
Result<NewSuppression> checked(NewSuppression suppression, Reach reach, Timestamp now);

}  // namespace winnow::cases
