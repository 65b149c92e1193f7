#include "pipeline/explanation.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace winnow {
namespace {

// "97.2 %": near 0 and 1 with as many digits as tell it from them.
std::string percent_text(double share) {
  const double percent = 100 * share;
  const double from_end = std::min(percent, 100 - percent);
  const int digits = from_end >= 1 || from_end <= 0
                         ? (from_end >= 10 || from_end <= 0 ? 0 : 1)
                         : std::min(6, 1 - static_cast<int>(std::floor(std::log10(from_end))));
  return fmt::format("{:.{}f} %", percent, digits);
}

std::string points_text(double share) { return fmt::format("{:.3g} points", 100 * share); }

std::string stage_sentence(const Policy& policy, const Decision& decision, bool rule_applied) {
  if (decision.stage == Stage::Fallback) {
    return decision.model_state == ModelState::Late
               ? "the fallback decided: the model did not answer in time, so the policy's rules did"
               : "the fallback decided: the bundle has no model, so the policy's rules did";
  }
  if (decision.stage == Stage::Model) {
    auto text = fmt::format("the model decided: it gave {}", percent_text(decision.probability));
    if (policy.raise_from() <= 1 && !policy.asks_raising(decision.probability))
      text += fmt::format(", and below {} no rule is asked", percent_text(policy.raise_from()));
    return text;
  }
  const auto given = fmt::format("the model gave {}", percent_text(decision.probability));
  constexpr double kNotNovel = 0;
  if (policy.abstains(decision.probability, kNotNovel)) {
    return fmt::format(
        "the second stage decided: {}, inside the band from {} to {} in which the policy's rules "
        "decide",
        given, percent_text(policy.abstain_from()), percent_text(policy.abstain_to()));
  }
  if (policy.abstains(decision.probability, decision.novelty)) {
    return fmt::format(
        "the second stage decided: {}, but the event is more novel than {} of ordinary ones, and "
        "from {} on the policy's rules decide",
        given, percent_text(decision.novelty), percent_text(policy.novel_from()));
  }
  return fmt::format("the second stage decided: {}, for which alone the route is {}; {}", given,
                     name_of(policy.route_of(decision.probability)),
                     rule_applied ? "a rule raised it" : "no rule applies to it");
}

std::string threshold_sentence(const Policy& policy, double probability) {
  std::string text = "thresholds of the probability: ";
  std::string_view separator;
  for (const auto& threshold : policy.thresholds()) {
    if (threshold.from == 0) continue;
    const double above = probability - threshold.from;
    text += fmt::format("{}{} from {} ({} {})", separator, name_of(threshold.route),
                        percent_text(threshold.from), points_text(std::fabs(above)),
                        above >= 0 ? "above" : "below");
    separator = ", ";
  }
  return text;
}

RuleReading reading_of(const SecondStageRule& rule, const FeatureSet& features,
                       const Decision& decision) {
  RuleReading reading{rule.name, rule.says, rule.route, {}};
  for (const auto& condition : rule.when) {
    const bool of_novelty = condition.feature == PolicyCondition::kNovelty;
    const double value =
        of_novelty ? decision.novelty : static_cast<double>(decision.features[condition.feature]);
    const std::string_view name =
        of_novelty ? "novelty" : std::string_view(features.features()[condition.feature].name);
    reading.when.push_back({condition.text(name),
                            std::isnan(value) ? "missing" : fmt::format("{:.4g}", value),
                            condition.holds(decision.features, decision.novelty)});
  }
  return reading;
}

std::vector<RuleReading> near_rules(const Policy& policy, const FeatureSet& features,
                                    const Decision& decision) {
  std::vector<RuleReading> near;
  for (const auto& rule : policy.rules()) {
    if (rule.route <= decision.route || rule.when.size() < 2) continue;
    auto reading = reading_of(rule, features, decision);
    if (std::ranges::count(reading.when, false, &RuleReading::Condition::holds) == 1)
      near.push_back(std::move(reading));
  }
  std::ranges::stable_sort(near, std::ranges::greater(), &RuleReading::route);
  if (near.size() > Explanation::kMostNear) near.resize(Explanation::kMostNear);
  return near;
}

const SecondStageRule* applied_rule(const Policy& policy, const Decision& decision) {
  if (decision.stage == Stage::Model) return nullptr;
  if (decision.stage == Stage::SecondStage &&
      !policy.abstains(decision.probability, decision.novelty))
    return policy.raising(decision.probability, decision.features, decision.novelty);
  return policy.second_stage(decision.features, decision.novelty);
}

}  // namespace

Result<Explanation> explain(const Pipeline& pipeline, const Decision& decision,
                            const ocsf::Event* event) {
  if (decision.bundle != pipeline.bundle() ||
      decision.features.size() != pipeline.features().features().size()) {
    return Error(Code::Conflict,
                 fmt::format("decided by bundle {}, this is {}", decision.bundle.short_hex(),
                             pipeline.bundle().short_hex()));
  }
  const auto& policy = pipeline.policy();
  Explanation explanation;
  const auto* const rule = applied_rule(policy, decision);
  explanation.rule_applied = rule != nullptr;
  explanation.says.push_back(stage_sentence(policy, decision, rule != nullptr));
  if (rule != nullptr) {
    explanation.says.push_back(
        fmt::format("rule '{}' says {}: {}", rule->name, name_of(rule->route), rule->says));
    explanation.rules.push_back(reading_of(*rule, pipeline.features(), decision));
  } else {
    if (decision.stage != Stage::Model) {
      explanation.says.push_back(
          fmt::format("none of the policy's {} rules applied, and without one the route is {}",
                      policy.rules().size(), name_of(policy.otherwise())));
    }
    if (decision.stage != Stage::Model || policy.asks_raising(decision.probability))
      explanation.rules = near_rules(policy, pipeline.features(), decision);
  }
  if (!std::isnan(decision.probability))
    explanation.says.push_back(threshold_sentence(policy, decision.probability));
  if (event != nullptr) {
    WINNOW_TRY(explanation.model_saw, pipeline.model_reasons(*event, decision));
  }
  return explanation;
}

Json explanation_json(const Explanation& explanation, MailContent content) {
  Json says = Json::array(), rules = Json::array(), saw = Json::array();
  for (const auto& sentence : explanation.says) says.push(sentence);
  for (const auto& rule : explanation.rules) {
    Json when = Json::array();
    for (const auto& condition : rule.when) {
      when.push(Json::object(
          {{"text", condition.text}, {"found", condition.found}, {"holds", condition.holds}}));
    }
    rules.push(Json::object({{"name", rule.name},
                             {"says", rule.says},
                             {"route", name_of(rule.route)},
                             {"when", std::move(when)}}));
  }
  for (const auto& reason : explanation.model_saw) {
    saw.push(Json::object({{"feature", reason.feature},
                           {"text", reason_for(content, reason.text)},
                           {"weight", static_cast<double>(reason.weight)}}));
  }
  return Json::object({{"says", std::move(says)},
                       {"rule_applied", explanation.rule_applied},
                       {"rules", std::move(rules)},
                       {"model_saw", std::move(saw)}});
}

}  // namespace winnow
