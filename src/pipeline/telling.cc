// Why a decision is what it is, in words: the part of a pipeline that explains.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "pipeline/pipeline.h"

namespace winnow {
namespace {

constexpr std::size_t kTermsShown = 4;
constexpr std::size_t kNoveltiesShown = 3;
constexpr std::size_t kTermsAsked = 40;  // of which those that tell a person something are shown
// A reason that moves the log-odds by less than this tells nobody anything.
constexpr float kSmallestReason = 0.02F;

// Words that a person recognises: neither the tokens that stand for numbers and addresses, nor
// fragments of words.
bool is_telling(std::string_view term) {
  const bool has_marker = term.starts_with("xx") || term.find(" xx") != std::string_view::npos;
  return term.size() >= 3 && !has_marker;
}

std::string text_reason(const TextWording& wording, float contribution,
                        const std::vector<TermReason>& terms) {
  std::vector<std::string_view> words;
  for (const auto& term : terms) {
    const bool same_way = term.contribution * contribution > 0;
    const bool known = std::find(words.begin(), words.end(), term.text) != words.end();
    if (same_way && !known && is_telling(term.text) && words.size() < kTermsShown) {
      words.push_back(term.text);
    }
  }
  std::string shown;
  for (const auto word : words) shown += fmt::format("{}'{}'", shown.empty() ? ": " : ", ", word);
  return (contribution > 0 ? wording.high : wording.low) + shown;
}

// Why the rules were asked although the model has a probability.
std::string why_rules(const Policy& policy, double probability, double novelty) {
  if (policy.abstains(probability, std::numeric_limits<double>::quiet_NaN()))
    return "the model abstained";
  if (policy.abstains(probability, novelty)) return "it is unlike what the model has seen";
  return fmt::format("the probability alone says {}", name_of(policy.route_of(probability)));
}

void tell_rule(std::string_view why, const SecondStageRule* rule, Decision& decision) {
  decision.stage_says = fmt::format(
      "{}; {}", why,
      rule != nullptr ? fmt::format("rule '{}' decided", rule->name) : "no rule applied");
  if (rule != nullptr)
    decision.reasons.insert(decision.reasons.begin(), {rule->name, rule->says, 0});
}

}  // namespace

bool Pipeline::is_explained(const Decision& decision) const {
  return decision.model_state == ModelState::Available &&
         parts_.policy.explains(decision.probability);
}

void Pipeline::explain(MatrixView rows, Contributions& out) const {
  parts_.model->explain(rows, out);
}

std::vector<float> Pipeline::of_features(std::span<const float> moved, float& of_text) const {
  std::vector<float> by_feature(parts_.features.features().size(), 0);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    (columns_[i] == kTextColumn ? of_text : by_feature[columns_[i]]) += moved[i];
  }
  return by_feature;
}

std::vector<Reason> Pipeline::reasons(FeatureReading& reading, std::span<const float> moved) const {
  float of_text = 0;
  const auto by_feature = of_features(moved, of_text);
  const auto most = parts_.policy.max_reasons();
  std::vector<Reason> found;
  for (const auto& reason : reading.reasons(by_feature, most)) {
    found.push_back(
        {parts_.features.features()[reason.feature].name, reason.text, reason.contribution});
  }
  if (parts_.model->text() && std::fabs(of_text) >= kSmallestReason) {
    const auto terms = reading.strongest_terms(parts_.model->text()->weights(), kTermsAsked);
    found.push_back({parts_.model->features()[*parts_.model->text_column()],
                     text_reason(parts_.features.wording(), of_text, terms), of_text});
  }
  std::erase_if(found,
                [](const Reason& reason) { return std::fabs(reason.weight) < kSmallestReason; });
  std::stable_sort(found.begin(), found.end(), [](const Reason& a, const Reason& b) {
    return std::fabs(a.weight) > std::fabs(b.weight);
  });
  if (found.size() > most) found.resize(most);
  return found;
}

Result<std::vector<Reason>> Pipeline::model_reasons(const ocsf::Event& event,
                                                    const Decision& stored) const {
  if (stored.model_state != ModelState::Available || !has_model()) return std::vector<Reason>();
  WINNOW_TRY(const auto before, StateSlice::from_bytes(stored.state_slice));
  auto known = intelligence();
  known.move_to(event.time());
  FeatureReading reading(parts_.features, event, before, known);
  std::vector<float> row;
  judge(reading.vector().values, stored.text_log_odds, row);
  Contributions moved;
  explain({row.data(), 1, row.size()}, moved);
  return reasons(reading, moved.row(0));
}

// What made it novel, strongest first.
Reason Pipeline::novelty_reason(FeatureReading& reading, double novelty) const {
  const auto& values = reading.vector().values;
  std::vector<float> row;
  for (const auto column : novelty_columns_) row.push_back(values[column]);
  Contributions contributions;
  parts_.novelty->explain(row, contributions);
  const auto moved = contributions.row(0);
  std::vector<float> of_features(values.size(), 0);
  for (std::size_t i = 0; i < novelty_columns_.size(); ++i) {
    of_features[novelty_columns_[i]] = std::max(moved[i], 0.0F);
  }
  Reason reason{"novelty", fmt::format("unlike {:.2f} % of what was seen before", 100 * novelty),
                0};
  std::string_view separator = ": ";
  for (const auto& part : reading.reasons(of_features, kNoveltiesShown)) {
    reason.text += fmt::format("{}{}", std::exchange(separator, "; "), part.text);
  }
  return reason;
}

void Pipeline::tell(FeatureReading& reading, std::span<const float> moved, const Judgement& judged,
                    Decision& decision) const {
  if (is_explained(decision)) decision.reasons = reasons(reading, moved);
  if (parts_.policy.is_novel(judged.novelty)) {
    decision.reasons.insert(decision.reasons.begin(), novelty_reason(reading, judged.novelty));
  }
  if (judged.stage == Stage::SecondStage) {
    tell_rule(why_rules(parts_.policy, judged.probability, judged.novelty), judged.rule, decision);
  } else if (judged.stage == Stage::Fallback) {
    tell_rule(decision.model_state == ModelState::Late ? "the model did not answer in time"
                                                       : "there is no model",
              judged.rule, decision);
  }
}

}  // namespace winnow
