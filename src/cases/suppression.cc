#include "cases/suppression.h"

#include <array>

#include <fmt/format.h>

#include "cases/bounded_text.h"
#include "names/domain.h"
#include "names/mail_address.h"

namespace winnow::cases {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"sender", "sender_domain", "campaign"};
constexpr std::size_t kMaxValueBytes = 320;

Result<std::string> normal_value(const SuppressionScope& scope) {
  const auto refused = [&](std::string_view what) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is no {}", bounded(scope.value, kMaxValueBytes), what));
  };
  if (scope.value.size() > kMaxValueBytes) return refused("value this short: at most 320 bytes");
  switch (scope.kind) {
    case SuppressionScope::Kind::Sender: {
      const auto address = read_address(scope.value);
      if (!address || !address->has_domain()) return refused("mailbox");
      return address->key();
    }
    case SuppressionScope::Kind::SenderDomain: {
      auto domain = to_ascii_domain(scope.value);
      if (!domain || registrable_domain(*domain).empty())
        return refused("domain that somebody can have registered");
      return domain;
    }
    case SuppressionScope::Kind::Campaign:
      if (!scope.value.starts_with("c-")) return refused("case id");
      return scope.value;
  }
  return refused("scope");
}

}  // namespace

std::string_view name_of(SuppressionScope::Kind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

Result<SuppressionScope::Kind> scope_kind_named(std::string_view name) {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i] == name) return static_cast<SuppressionScope::Kind>(i);
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' is no scope", name.substr(0, 40)))
      .with_hint(fmt::format("one of {}", fmt::join(kKinds, ", ")));
}

Result<NewSuppression> checked(NewSuppression suppression, Reach reach, Timestamp now) {
  WINNOW_TRY(suppression.scope.value, normal_value(suppression.scope));
  WINNOW_TRY(suppression.reason, written_text(suppression.reason, kMaxReasonBytes, "reason"));
  if (suppression.expires && *suppression.expires <= now)
    return Error(Code::InvalidArgument, "the suppression would have expired already");
  if (reach == Reach::Any) return suppression;
  const auto latest = now + std::chrono::hours(24 * kNarrowDays);
  const bool narrow = suppression.scope.kind == SuppressionScope::Kind::Sender &&
                      !suppression.scope.escalations && suppression.expires &&
                      *suppression.expires <= latest;
  if (narrow) return suppression;
  return Error(Code::Denied,
               fmt::format("an analyst suppresses one sender's mailbox, without its escalations, "
                           "for at most {} days",
                           kNarrowDays))
      .with_hint("ask a senior analyst for more");
}

}  // namespace winnow::cases
