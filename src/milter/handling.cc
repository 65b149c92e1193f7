#include "milter/handling.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace winnow::milter {
namespace {

constexpr auto kActions =
    std::to_array<std::pair<std::string_view, Action>>({{"accept", Action::Accept},
                                                        {"tag", Action::Tag},
                                                        {"quarantine", Action::Quarantine},
                                                        {"reject", Action::Reject}});

Action Rules::*rule_of(Route route) {
  switch (route) {
    case Route::Close:
      return &Rules::close;
    case Route::Queue:
      return &Rules::queue;
    case Route::Escalate:
      return &Rules::escalate;
    case Route::Playbook:
      break;
  }
  return &Rules::playbook;
}

Field field(std::string_view name, std::string value) {
  return {fmt::format("{}{}", kFieldPrefix, name), std::move(value)};
}

Handling handling_of(const Scored& scored, Action action) {
  Handling handling;
  if (action == Action::Reject) {
    handling.refuse =
        fmt::format("550 5.7.1 refused by the recipient's mail policy ({})", scored.decision);
    return handling;
  }
  if (action == Action::Accept) return handling;
  handling.add.push_back(field("Route", std::string(name_of(scored.route))));
  if (scored.probability)
    handling.add.push_back(field("Score", fmt::format("{:.4f}", *scored.probability)));
  handling.add.push_back(field("Decision", scored.decision));
  if (action == Action::Quarantine) {
    handling.quarantine = fmt::format("winnow: {} ({})", name_of(scored.route), scored.decision);
  }
  return handling;
}

}  // namespace

std::string_view name_of(Unscored why) {
  switch (why) {
    case Unscored::TooLarge:
      return "too large";
    case Unscored::Unusable:
      return "unusable";
    case Unscored::Unavailable:
      break;
  }
  return "unavailable";
}

std::string_view name_of(Action action) {
  for (const auto& [name, known] : kActions) {
    if (known == action) return name;
  }
  return {};
}

Action Rules::of(Route route) const { return this->*rule_of(route); }

Status Rules::set(std::string_view text) {
  const auto equals = text.find('=');
  const auto route = route_named(text.substr(0, equals));
  if (equals == std::string_view::npos || !route) {
    return Error(Code::InvalidArgument, fmt::format("'{}' is no ROUTE=ACTION", text))
        .with_hint("routes are close, queue, escalate, playbook; as in escalate=quarantine");
  }
  const auto wanted = text.substr(equals + 1);
  for (const auto& [name, action] : kActions) {
    if (name != wanted) continue;
    this->*rule_of(*route) = action;
    return {};
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' is no action", wanted))
      .with_hint("actions are accept, tag, quarantine, reject");
}

Handling handling_of(const Outcome& outcome, const Rules& rules) {
  if (const auto* const scored = std::get_if<Scored>(&outcome))
    return handling_of(*scored, rules.of(scored->route));
  const auto why = std::get<Unscored>(outcome);
  Handling handling;
  if (why == Unscored::Unavailable && rules.unavailable == WhenUnavailable::TempFail) {
    handling.refuse = "451 4.7.1 mail cannot be checked at the moment, try again later";
    return handling;
  }
  handling.add.push_back(field("Unscored", std::string(name_of(why))));
  return handling;
}

}  // namespace winnow::milter
