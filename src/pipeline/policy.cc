#include "pipeline/policy.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::string_view kRouteNames[] = {"close", "queue", "escalate", "playbook"};
constexpr std::size_t kMaxRules = 1000;  // of each list
constexpr std::size_t kMaxReasons = 20;

struct TestName {
  std::string_view text;
  PolicyCondition::Test test;
};
// Longer spellings first: "<=" begins with "<".
constexpr TestName kTests[] = {
    {"<=", PolicyCondition::Test::AtMost}, {">=", PolicyCondition::Test::AtLeast},
    {"==", PolicyCondition::Test::Equal},  {"!=", PolicyCondition::Test::NotEqual},
    {"<", PolicyCondition::Test::Below},   {">", PolicyCondition::Test::Above}};

constexpr std::string_view kNoveltyName = "novelty";

bool all_hold(const std::vector<PolicyCondition>& conditions, std::span<const float> row,
              double novelty) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const PolicyCondition& c) { return c.holds(row, novelty); });
}

Result<Route> route_at(const Yaml& node) {
  WINNOW_TRY(const std::string name, node.as_text());
  auto route = route_named(name);
  if (!route) return node.error(route.error().text());
  return route;
}

Result<double> probability_at(const Yaml& node) {
  WINNOW_TRY(const double value, node.as_number());
  if (!(value >= 0 && value <= 1))
    return node.error(fmt::format("a probability from 0 to 1 expected, found {}", value));
  return value;
}

// "500ms" or "2s".
Result<Duration> duration_at(const Yaml& node) {
  const auto& text = node.scalar();
  std::int64_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (failed == std::errc() && count > 0 && count <= 3'600'000) {
    if (unit == "ms") return Duration(std::chrono::milliseconds(count));
    if (unit == "s") return Duration(std::chrono::seconds(count));
  }
  return node.error(fmt::format("a duration like 500ms or 2s expected, found '{}'", text));
}

// "links.lookalike >= 1", "auth.dmarc missing", "auth.dmarc present"
Result<PolicyCondition> condition_at(const Yaml& node, std::span<const std::string> features) {
  WINNOW_TRY(const std::string text, node.as_text());
  std::string_view name = text;
  PolicyCondition condition{0, PolicyCondition::Test::Present, 0};
  const auto ends_with_word = [&](std::string_view word) {
    if (!text.ends_with(word)) return false;
    name = trim_ascii(std::string_view(text).substr(0, text.size() - word.size()));
    return true;
  };
  if (ends_with_word(" missing")) {
    condition.test = PolicyCondition::Test::Missing;
  } else if (!ends_with_word(" present")) {
    const TestName* found = nullptr;
    std::size_t at = std::string::npos;
    for (const auto& test : kTests) {
      const auto here = text.find(test.text);
      if (here != std::string::npos && here < at) {
        found = &test;
        at = here;
      }
    }
    if (found == nullptr) {
      return node.error(fmt::format("'{}' is not a condition", text))
          .with_hint("write: feature >= number, or: feature missing");
    }
    name = trim_ascii(std::string_view(text).substr(0, at));
    const auto number = trim_ascii(std::string_view(text).substr(at + found->text.size()));
    const auto [end, failed] =
        std::from_chars(number.data(), number.data() + number.size(), condition.value);
    if (failed != std::errc() || end != number.data() + number.size() ||
        !std::isfinite(condition.value)) {
      return node.error(fmt::format("'{}' does not end with a number", text));
    }
    condition.test = found->test;
  }
  const auto column = std::find(features.begin(), features.end(), name);
  if (column == features.end() && name == kNoveltyName) {
    condition.feature = PolicyCondition::kNovelty;
    return condition;
  }
  if (column == features.end()) {
    const auto near = nearest(name, std::vector<std::string>(features.begin(), features.end()));
    auto unknown = node.error(fmt::format("the feature set has no feature '{}'", name));
    return near.empty() ? std::move(unknown)
                        : std::move(unknown).with_hint(fmt::format("did you mean '{}'?", near));
  }
  condition.feature = static_cast<std::uint32_t>(column - features.begin());
  return condition;
}

Result<std::vector<PolicyCondition>> conditions_at(const Yaml& node,
                                                   std::span<const std::string> features) {
  if (!node.is_sequence() || node.items().empty() || node.items().size() > kMaxRules)
    return node.error(fmt::format("'when' lists 1 to {} conditions", kMaxRules));
  std::vector<PolicyCondition> conditions;
  for (const auto& item : node.items()) {
    WINNOW_TRY(const auto condition, condition_at(item, features));
    conditions.push_back(condition);
  }
  return conditions;
}

Result<TechniqueRule> technique_at(const Yaml& node, std::span<const std::string> features) {
  WINNOW_TRY(node.only({"technique", "when"}));
  TechniqueRule rule;
  WINNOW_TRY(rule.technique, node["technique"].as_text());
  WINNOW_TRY(rule.when, conditions_at(node["when"], features));
  return rule;
}

Result<SecondStageRule> rule_at(const Yaml& node, std::span<const std::string> features) {
  WINNOW_TRY(node.only({"rule", "when", "route", "says"}));
  SecondStageRule rule;
  WINNOW_TRY(rule.name, node["rule"].as_text());
  WINNOW_TRY(rule.route, route_at(node["route"]));
  WINNOW_TRY(rule.says, node["says"].as_text());
  if (!node.has("when"))
    return node.error(fmt::format("rule '{}' has no conditions under 'when'", rule.name));
  WINNOW_TRY(rule.when, conditions_at(node["when"], features));
  return rule;
}

}  // namespace

std::string_view name_of(Route route) { return kRouteNames[static_cast<int>(route)]; }

Result<Route> route_named(std::string_view name) {
  for (int i = 0; i < 4; ++i) {
    if (kRouteNames[i] == name) return static_cast<Route>(i);
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' is no route", name))
      .with_hint("one of close, queue, escalate, playbook");
}

bool PolicyCondition::holds(std::span<const float> row, double novelty) const {
  const double x = feature == kNovelty ? novelty : static_cast<double>(row[feature]);
  if (std::isnan(x)) return test == Test::Missing;
  switch (test) {
    case Test::Below:
      return x < value;
    case Test::AtMost:
      return x <= value;
    case Test::Equal:
      return x == value;
    case Test::NotEqual:
      return x != value;
    case Test::AtLeast:
      return x >= value;
    case Test::Above:
      return x > value;
    case Test::Missing:
      return false;
    case Test::Present:
      return true;
  }
  return false;
}

std::string PolicyCondition::text(std::string_view name) const {
  if (test == Test::Missing) return fmt::format("{} missing", name);
  if (test == Test::Present) return fmt::format("{} present", name);
  const auto* const written = std::ranges::find(kTests, test, &TestName::test);
  return fmt::format("{} {} {}", name, written->text, value);
}

Result<Policy> Policy::compile(const Yaml& yaml, std::span<const std::string> features) {
  if (!yaml.is_map()) return yaml.error("a policy is a map with the key 'routes'");
  WINNOW_TRY(yaml.only({"policy", "routes", "abstain", "raise", "second_stage", "otherwise",
                        "attack", "explain", "model_deadline"}));
  Policy policy;

  for (const auto key : {"abstain", "raise", "explain"}) {
    if (yaml.has(key) && !yaml[key].is_map())
      return yaml[key].error(fmt::format("'{}' is a map", key));
  }
  for (const auto key : {"second_stage", "attack"}) {
    if (yaml.has(key) && !yaml[key].is_sequence())
      return yaml[key].error(fmt::format("'{}' is a list", key));
    if (yaml[key].items().size() > kMaxRules)
      return yaml[key].error(fmt::format("'{}' lists at most {} rules", key, kMaxRules));
  }
  if (!yaml["routes"].is_sequence() || yaml["routes"].items().empty())
    return yaml.error("'routes' lists at least one {route, from}");
  for (const auto& item : yaml["routes"].items()) {
    WINNOW_TRY(item.only({"route", "from"}));
    RouteThreshold threshold{};
    WINNOW_TRY(threshold.route, route_at(item["route"]));
    WINNOW_TRY(threshold.from, probability_at(item["from"]));
    if (!policy.thresholds_.empty() && threshold.from >= policy.thresholds_.back().from) {
      return item.error("routes run from the highest threshold down");
    }
    policy.thresholds_.push_back(threshold);
  }
  if (policy.thresholds_.back().from != 0)
    return yaml["routes"].error("the last route begins at 0, so that every probability has one");

  if (const auto& band = yaml["abstain"]; band.is_map()) {
    WINNOW_TRY(band.only({"from", "to", "novelty"}));
    WINNOW_TRY(policy.abstain_from_, probability_at(band["from"]));
    WINNOW_TRY(policy.abstain_to_, probability_at(band["to"]));
    if (policy.abstain_from_ > policy.abstain_to_)
      return band.error("the abstain band ends before it begins");
    if (band.has("novelty")) {
      WINNOW_TRY(policy.novel_from_, probability_at(band["novelty"]));
    }
  }
  if (const auto& raise = yaml["raise"]; raise.is_map()) {
    WINNOW_TRY(raise.only({"from"}));
    WINNOW_TRY(policy.raise_from_, probability_at(raise["from"]));
  }
  for (const auto& item : yaml["second_stage"].items()) {
    WINNOW_TRY(auto rule, rule_at(item, features));
    policy.rules_.push_back(std::move(rule));
  }
  for (const auto& item : yaml["attack"].items()) {
    WINNOW_TRY(auto technique, technique_at(item, features));
    policy.techniques_.push_back(std::move(technique));
  }
  if (yaml.has("otherwise")) {
    WINNOW_TRY(policy.otherwise_, route_at(yaml["otherwise"]));
  }
  if (const auto& explain = yaml["explain"]; explain.is_map()) {
    WINNOW_TRY(explain.only({"from", "reasons"}));
    WINNOW_TRY(policy.explain_from_, probability_at(explain["from"]));
    WINNOW_TRY(const auto reasons, explain["reasons"].as_int());
    if (reasons < 1 || reasons > static_cast<std::int64_t>(kMaxReasons))
      return explain.error(fmt::format("1 to {} reasons", kMaxReasons));
    policy.max_reasons_ = static_cast<std::size_t>(reasons);
  }
  policy.model_deadline_ = std::chrono::seconds(1);
  if (yaml.has("model_deadline")) {
    WINNOW_TRY(policy.model_deadline_, duration_at(yaml["model_deadline"]));
  }
  return policy;
}

std::vector<std::string> Policy::techniques(std::span<const float> row, double novelty) const {
  std::vector<std::string> found;
  for (const auto& rule : techniques_) {
    if (all_hold(rule.when, row, novelty)) found.push_back(rule.technique);
  }
  return found;
}

Route Policy::route_of(double probability) const {
  for (const auto& threshold : thresholds_) {
    if (probability >= threshold.from) return threshold.route;
  }
  return otherwise_;  // not a number: no threshold speaks for it
}

const SecondStageRule* Policy::second_stage(std::span<const float> row, double novelty) const {
  for (const auto& rule : rules_) {
    if (all_hold(rule.when, row, novelty)) return &rule;
  }
  return nullptr;
}

const SecondStageRule* Policy::raising(double probability, std::span<const float> row,
                                       double novelty) const {
  if (!asks_raising(probability)) return nullptr;
  const auto route = route_of(probability);
  for (const auto& rule : rules_) {
    if (rule.route > route && all_hold(rule.when, row, novelty)) return &rule;
  }
  return nullptr;
}

}  // namespace winnow
