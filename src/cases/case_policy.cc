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
constexpr std::uint8_t kHighAsset = 3, kCriticalAsset = 4;

// Where what is found has got in already: on a machine, or into an account.
const DomainSet kInsideDomains = [] {
  DomainSet domains(Domain::Endpoint);
  domains.add(DomainSet(Domain::Cloud));
  return domains;
}();

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
    : rules_({{Severity::Critical, Route::Playbook},
              {Severity::Critical, Route::Escalate, 0, 0, kCriticalAsset},
              {Severity::Critical, Route::Escalate, 0.98, 10},
              {Severity::High, Route::Escalate},
              {Severity::High, Route::Queue, 0.7, 0, kHighAsset},
              {Severity::Medium, Route::Queue, 0, 0, kCriticalAsset},
              {Severity::Medium, Route::Queue, 0.5, 0, 0, kInsideDomains},
              {Severity::Medium, Route::Queue, 0.7},
              {Severity::Medium, Route::Queue, 0, 10},
              {Severity::Low}}),
      clocks_({CaseClocks{hours(24), hours(24 * 7)}, CaseClocks{hours(4), hours(24 * 3)},
               CaseClocks{hours(1), hours(24)}, CaseClocks{minutes(15), hours(4)}}) {}

Result<CasePolicy::Rule> CasePolicy::rule_at(const Yaml& yaml) {
  WINNOW_TRY(
      yaml.only({"severity", "route", "probability", "recipients", "criticality", "domain"}));
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
  if (yaml.has("criticality")) {
    WINNOW_TRY(const auto least, yaml["criticality"].as_text());
    const auto criticality = criticality_named(least);
    if (!criticality) return yaml["criticality"].error(criticality.error().text());
    rule.least_criticality = *criticality;
  }
  if (yaml.has("domain")) {
    const auto& names = yaml["domain"];
    if (!names.is_sequence() || names.items().empty())
      return names.error("'domain' lists domains, a finding of one of which is enough");
    for (const auto& item : names.items()) {
      WINNOW_TRY(const auto domain_name, item.as_text());
      const auto domain = domain_named(domain_name);
      if (!domain) return item.error(fmt::format("'{}' is no domain", domain_name));
      rule.domains.add(DomainSet(*domain));
    }
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

bool CasePolicy::Rule::holds_for(const Case& facts) const {
  return facts.route >= least_route &&
         facts.probability.value_or(kWithoutScore) >= least_probability &&
         facts.recipient_count >= least_recipients && facts.criticality >= least_criticality &&
         (domains.is_empty() || (facts.domains.bits() & domains.bits()) != 0);
}

// What the rule asks for, as the case has it.
std::string CasePolicy::Rule::because(const Case& facts) const {
  std::vector<std::string> parts;
  if (least_route > Route::Queue)
    parts.push_back(fmt::format("its route is {}", name_of(facts.route)));
  if (least_probability > 0 && facts.probability) {
    parts.push_back(fmt::format("a probability of at least {:.0f} %", 100 * least_probability));
  } else if (least_probability > 0) {
    parts.emplace_back("nothing is known of its probability");
  }
  if (least_recipients > 0)
    parts.push_back(fmt::format("at least {} recipients", least_recipients));
  if (least_criticality > 0) {
    const auto asset = std::ranges::max_element(facts.entities, {}, &CaseEntity::criticality);
    const auto name = asset == facts.entities.end() ? std::string("one involved") : asset->key;
    parts.push_back(facts.criticality == kCriticalAsset
                        ? fmt::format("{} is a critical asset", name)
                        : fmt::format("{} is an asset of {} criticality", name,
                                      criticality_name(facts.criticality)));
  }
  if (!domains.is_empty()) {
    std::string names;
    for (const auto domain : kDomains) {
      if (domains.has(domain) && facts.domains.has(domain))
        names += (names.empty() ? "" : " and ") + std::string(name_of(domain));
    }
    parts.push_back(fmt::format("it is of the {} domain", names));
  }
  return parts.empty() ? "nothing makes it more severe" : fmt::format("{}", fmt::join(parts, ", "));
}

const CasePolicy::Rule* CasePolicy::rule_for(const Case& facts) const {
  const auto rule =
      std::ranges::find_if(rules_, [&](const Rule& one) { return one.holds_for(facts); });
  return rule == rules_.end() ? nullptr : &*rule;
}

Severity CasePolicy::severity_of(const Case& facts) const {
  const auto* const rule = rule_for(facts);
  return rule == nullptr ? Severity::Low : rule->severity;
}

std::string CasePolicy::because(const Case& facts) const {
  const auto* const rule = rule_for(facts);
  return rule == nullptr ? "no rule holds" : rule->because(facts);
}

void CasePolicy::assess(Case& subject, Timestamp now) const {
  subject.severity = severity_of(subject);
  subject.severity_because = because(subject);
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
        .put(rule.least_recipients)
        .put(rule.least_criticality)
        .put(rule.domains.bits());
  }
  for (const auto& clocks : clocks_)
    bytes.put(clocks.acknowledge.count()).put(clocks.resolve.count());
  return sha256(bytes.bytes());
}

}  // namespace winnow::cases
