#include "cases/case_policy.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/bytes.h"

namespace winnow::cases {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr double kWithoutScore = 0.5;
constexpr std::size_t kMaxRules = 100;

// "15m", "4h", "3d".
Result<Duration> span_at(const Yaml& node) {
  const auto& text = node.scalar();
  std::int64_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (failed == std::errc() && count > 0 && count <= 10'000) {
    if (unit == "m") return Duration(minutes(count));
    if (unit == "h") return Duration(hours(count));
    if (unit == "d") return Duration(hours(24 * count));
  }
  return node.error(fmt::format("a time like 15m, 4h or 3d expected, found '{}'", text));
}

Result<CaseClocks> clocks_at(const Yaml& yaml) {
  WINNOW_TRY(yaml.only({"acknowledge", "resolve"}));
  CaseClocks clocks{};
  WINNOW_TRY(clocks.acknowledge, span_at(yaml["acknowledge"]));
  WINNOW_TRY(clocks.resolve, span_at(yaml["resolve"]));
  if (clocks.acknowledge > clocks.resolve)
    return yaml.error("a case is resolved no earlier than it is acknowledged");
  return clocks;
}

}  // namespace

CasePolicy::CasePolicy()
    : rules_({{Severity::Critical, Route::Playbook, 0, 0},
              {Severity::Critical, Route::Escalate, 0.98, 10},
              {Severity::High, Route::Escalate, 0, 0},
              {Severity::Medium, Route::Queue, 0.7, 0},
              {Severity::Medium, Route::Queue, 0, 10},
              {Severity::Low, Route::Queue, 0, 0}}),
      clocks_({CaseClocks{hours(24), hours(24 * 7)}, CaseClocks{hours(4), hours(24 * 3)},
               CaseClocks{hours(1), hours(24)}, CaseClocks{minutes(15), hours(4)}}) {}

Result<CasePolicy::Rule> CasePolicy::rule_at(const Yaml& yaml) {
  WINNOW_TRY(yaml.only({"severity", "route", "probability", "recipients"}));
  Rule rule;
  WINNOW_TRY(const auto name, yaml["severity"].as_text());
  auto severity = severity_named(name);
  if (!severity) return yaml.error(severity.error().text());
  rule.severity = *severity;
  if (yaml.has("route")) {
    WINNOW_TRY(const auto route, yaml["route"].as_text());
    auto least = route_named(route);
    if (!least) return yaml.error(least.error().text());
    rule.least_route = *least;
  }
  if (yaml.has("probability")) {
    WINNOW_TRY(rule.least_probability, yaml["probability"].as_number());
    if (!(rule.least_probability >= 0 && rule.least_probability <= 1))
      return yaml.error("a probability is from 0 to 1");
  }
  if (yaml.has("recipients")) {
    WINNOW_TRY(const auto least, yaml["recipients"].as_int());
    if (least < 0) return yaml.error("a number of recipients is not negative");
    rule.least_recipients = static_cast<std::uint64_t>(least);
  }
  return rule;
}

Result<CasePolicy> CasePolicy::compile(const Yaml& yaml) {
  WINNOW_TRY(yaml.only({"policy", "severity", "clocks"}));
  CasePolicy policy;
  policy.rules_.clear();
  const auto& rules = yaml["severity"];
  if (!rules.is_sequence() || rules.items().empty() || rules.items().size() > kMaxRules)
    return rules.error(fmt::format("'severity' lists 1 to {} rules", kMaxRules));
  for (const auto& item : rules.items()) {
    WINNOW_TRY(const auto rule, rule_at(item));
    if (!policy.rules_.empty() && rule.severity > policy.rules_.back().severity) {
      return item.error(
          "the rules go from the most severe to the least, so that a case does not "
          "become less severe by growing");
    }
    policy.rules_.push_back(rule);
  }
  const auto& clocks = yaml["clocks"];
  WINNOW_TRY(clocks.only({"critical", "high", "medium", "low"}));
  for (std::size_t i = 0; i < policy.clocks_.size(); ++i) {
    const auto name = name_of(static_cast<Severity>(i));
    if (!clocks.has(name)) return clocks.error(fmt::format("'{}' has no clocks", name));
    WINNOW_TRY(policy.clocks_[i], clocks_at(clocks[name]));
  }
  return policy;
}

Severity CasePolicy::severity_of(const Case& facts) const {
  const double probability = facts.probability.value_or(kWithoutScore);
  const auto holds = [&](const Rule& rule) {
    return facts.route >= rule.least_route && probability >= rule.least_probability &&
           facts.recipient_count >= rule.least_recipients;
  };
  const auto rule = std::ranges::find_if(rules_, holds);
  return rule == rules_.end() ? Severity::Low : rule->severity;
}

void CasePolicy::assess(Case& subject, Timestamp now) const {
  subject.severity = severity_of(subject);
  const auto& clocks = clocks_of(subject.severity);
  const auto span = subject.acknowledged_at ? clocks.resolve : clocks.acknowledge;
  subject.due_at = subject.clock_from + span;
  if (subject.snoozed_until) subject.due_at = std::max(subject.due_at, *subject.snoozed_until);
  const auto half = subject.clock_from + span / 2;
  subject.phase = now >= subject.due_at ? Overdue : now >= half ? HalfGone : Fresh;
  subject.next_phase_at.reset();
  if (subject.is_open() && subject.phase != Overdue)
    subject.next_phase_at =
        subject.phase == Fresh ? std::min(half, subject.due_at) : subject.due_at;
  const double recipients =
      static_cast<double>(std::max<std::uint64_t>(subject.recipient_count, 1));
  const double inside = 0.6 * subject.probability.value_or(kWithoutScore) +
                        0.2 * std::min(1.0, std::log2(recipients) / 10) + 0.1 * subject.phase;
  const double urgency = (static_cast<double>(subject.severity) + 0.999 * inside) / 4;
  subject.urgency = static_cast<std::uint32_t>(std::lround(urgency * 1'000'000));
}

Digest CasePolicy::digest() const {
  ByteWriter bytes;
  for (const auto& rule : rules_) {
    bytes.put(static_cast<std::uint8_t>(rule.severity))
        .put(static_cast<std::uint8_t>(rule.least_route))
        .put(rule.least_probability)
        .put(rule.least_recipients);
  }
  for (const auto& clocks : clocks_)
    bytes.put(clocks.acknowledge.count()).put(clocks.resolve.count());
  return sha256(bytes.bytes());
}

}  // namespace winnow::cases
