#include "pipeline/pipeline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "pipeline/known_intelligence.h"

namespace winnow {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kTermsShown = 4;
constexpr std::size_t kNoveltiesShown = 3;
constexpr std::size_t kTermsAsked = 40;  // of which those that tell a person something are shown
// A reason that moves the log-odds by less than this tells nobody anything.
constexpr float kSmallestReason = 0.02F;

// Words that a person recognises: neither the tokens that stand for numbers and addresses, nor
// fragments of words.
bool is_telling(std::string_view term) {
  return term.size() >= 3 && term.find("xx") == std::string_view::npos;
}

std::string text_reason(float contribution, const std::vector<TermReason>& terms) {
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
  return (contribution > 0 ? "its wording is like that of phishing"
                           : "its wording is like that of ordinary mail") +
         shown;
}

void tell_rule(std::string_view why, const SecondStageRule* rule, Decision& decision) {
  decision.stage_says = fmt::format(
      "{}; {}", why,
      rule != nullptr ? fmt::format("rule '{}' decided", rule->name) : "no rule applied");
  if (rule != nullptr)
    decision.reasons.insert(decision.reasons.begin(), {rule->name, rule->says, 0});
}

}  // namespace

// The feature of that name, for a column of a model.
Result<std::size_t> feature_of(const FeatureSet& features, const std::string& name) {
  if (const auto feature = features.index_of(name)) return *feature;
  return Error(Code::InvalidArgument,
               fmt::format("the model takes a feature '{}' that the feature set '{}' does not have",
                           name, features.name()))
      .with_hint("bundle the model with the feature set it was trained on");
}

Result<Pipeline> Pipeline::create(PipelineParts parts) {
  std::vector<std::size_t> columns, novelty_columns;
  if (parts.model != nullptr) {
    const auto& model = *parts.model;
    for (std::size_t i = 0; i < model.features().size(); ++i) {
      if (model.text_column() == i) {
        columns.push_back(kTextColumn);
        continue;
      }
      WINNOW_TRY(columns.emplace_back(), feature_of(parts.features, model.features()[i]));
    }
    if (model.text() && model.text()->size() != parts.features.term_buckets()) {
      return Error(Code::InvalidArgument,
                   fmt::format("the model reads {} text terms, the feature set makes {}",
                               model.text()->size(), parts.features.term_buckets()));
    }
  }
  if (parts.novelty != nullptr) {
    for (const auto& name : parts.novelty->features()) {
      WINNOW_TRY(novelty_columns.emplace_back(), feature_of(parts.features, name));
    }
  }
  return Pipeline(std::move(parts), std::move(columns), std::move(novelty_columns));
}

Pipeline::Pipeline(PipelineParts parts, std::vector<std::size_t> columns,
                   std::vector<std::size_t> novelty_columns)
    : parts_(std::move(parts)),
      columns_(std::move(columns)),
      novelty_columns_(std::move(novelty_columns)),
      ranked_domains_(KnownIntelligence::count_ranked(parts_.intel.get())) {}

std::string_view Pipeline::text_feature() const {
  if (!has_model() || !parts_.model->text_column()) return {};
  return parts_.model->features()[*parts_.model->text_column()];
}

double Pipeline::novelty_of(std::span<const float> values, std::vector<float>& row) const {
  if (parts_.novelty == nullptr) return kNoNumber;
  row.clear();
  for (const auto column : novelty_columns_) row.push_back(values[column]);
  return parts_.novelty->novelty(row);
}

Judgement Pipeline::judge_by_rules(Stage stage, std::span<const float> values,
                                   double novelty) const {
  const auto* const rule = parts_.policy.second_stage(values, novelty);
  return {.margin = std::numeric_limits<float>::quiet_NaN(),
          .probability = kNoNumber,
          .novelty = novelty,
          .stage = stage,
          .route = rule != nullptr ? rule->route : parts_.policy.otherwise(),
          .rule = rule};
}

Judgement Pipeline::judge(std::span<const float> values, float text_log_odds,
                          std::vector<float>& row) const {
  const double novelty = novelty_of(values, row);
  row.clear();
  if (!has_model()) return judge_by_rules(Stage::Fallback, values, novelty);
  row.reserve(columns_.size());
  for (const auto column : columns_)
    row.push_back(column == kTextColumn ? text_log_odds : values[column]);
  Judgement judged;
  judged.novelty = novelty;
  parts_.model->margins({row.data(), 1, row.size()}, {&judged.margin, 1});
  judged.probability = parts_.model->calibrator().probability(judged.margin);
  if (!parts_.policy.abstains(judged.probability, novelty)) {
    judged.route = parts_.policy.route_of(judged.probability);
    return judged;
  }
  auto by_rules = judge_by_rules(Stage::SecondStage, values, novelty);
  by_rules.margin = judged.margin;
  by_rules.probability = judged.probability;
  return by_rules;
}

std::vector<float> Pipeline::contributions_of(std::span<const float> row, float& of_text) const {
  Contributions contributions;
  parts_.model->explain({row.data(), 1, row.size()}, contributions);
  const auto moved = contributions.row(0);
  std::vector<float> of_features(parts_.features.features().size(), 0);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    (columns_[i] == kTextColumn ? of_text : of_features[columns_[i]]) += moved[i];
  }
  return of_features;
}

std::vector<float> Pipeline::contributions(std::span<const float> values) const {
  if (!has_model()) return std::vector<float>(parts_.features.features().size(), 0);
  std::vector<float> row;
  judge(values, std::numeric_limits<float>::quiet_NaN(), row);
  float of_text = 0;
  return contributions_of(row, of_text);
}

bool Pipeline::model_takes(std::size_t feature) const {
  return std::ranges::find(columns_, feature) != columns_.end();
}

std::vector<Reason> Pipeline::reasons(FeatureReading& reading, std::span<const float> row) const {
  float of_text = 0;
  const auto of_features = contributions_of(row, of_text);
  const auto most = parts_.policy.max_reasons();
  std::vector<Reason> found;
  for (const auto& reason : reading.reasons(of_features, most)) {
    found.push_back(
        {parts_.features.features()[reason.feature].name, reason.text, reason.contribution});
  }
  if (parts_.model->text() && std::fabs(of_text) >= kSmallestReason) {
    const auto terms = reading.strongest_terms(parts_.model->text()->weights(), kTermsAsked);
    found.push_back({parts_.model->features()[*parts_.model->text_column()],
                     text_reason(of_text, terms), of_text});
  }
  std::erase_if(found,
                [](const Reason& reason) { return std::fabs(reason.weight) < kSmallestReason; });
  std::stable_sort(found.begin(), found.end(), [](const Reason& a, const Reason& b) {
    return std::fabs(a.weight) > std::fabs(b.weight);
  });
  if (found.size() > most) found.resize(most);
  return found;
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

Decision Pipeline::decide(const ocsf::Event& event, const StateSlice& before,
                          ModelState model_state) const {
  const KnownIntelligence intelligence(parts_.intel.get(), ranked_domains_, event.time());
  FeatureReading reading(parts_.features, event, before, intelligence);
  const auto& vector = reading.vector();
  Decision decision;
  decision.event = event.raw_digest();
  decision.bundle = parts_.bundle;
  decision.event_time = event.time();
  decision.model_state = has_model() ? model_state : ModelState::Absent;
  decision.features = vector.values;
  decision.text_log_odds = std::numeric_limits<float>::quiet_NaN();
  decision.state_slice = before.bytes();
  const bool scored = decision.model_state == ModelState::Available;
  if (scored && parts_.model->text())
    decision.text_log_odds = parts_.model->text_log_odds(vector.terms());
  std::vector<float> row;
  const auto judged =
      scored ? judge(vector.values, decision.text_log_odds, row)
             : judge_by_rules(Stage::Fallback, vector.values, novelty_of(vector.values, row));
  decision.margin = judged.margin;
  decision.probability = judged.probability;
  decision.novelty = judged.novelty;
  decision.stage = judged.stage;
  decision.route = judged.route;
  if (scored && parts_.policy.explains(judged.probability))
    decision.reasons = reasons(reading, row);
  if (parts_.policy.is_novel(judged.novelty)) {
    decision.reasons.insert(decision.reasons.begin(), novelty_reason(reading, judged.novelty));
  }
  if (judged.stage == Stage::SecondStage) {
    const bool in_band = parts_.policy.abstains(judged.probability, kNoNumber);
    tell_rule(in_band ? "the model abstained" : "it is unlike what the model has seen", judged.rule,
              decision);
  } else if (judged.stage == Stage::Fallback) {
    tell_rule(decision.model_state == ModelState::Late ? "the model did not answer in time"
                                                       : "there is no model",
              judged.rule, decision);
  }
  if (decision.route != Route::Close)
    decision.techniques = parts_.policy.techniques(decision.features, decision.novelty);
  return decision;
}

Result<Decision> Pipeline::replay(const ocsf::Event& event, const Decision& stored) const {
  if (stored.bundle != parts_.bundle) {
    return Error(Code::Conflict, fmt::format("decided by bundle {}, this is {}",
                                             stored.bundle.short_hex(), parts_.bundle.short_hex()));
  }
  WINNOW_TRY(const auto before, StateSlice::from_bytes(stored.state_slice));
  return decide(event, before, stored.model_state);
}

}  // namespace winnow
