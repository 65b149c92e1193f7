#include "pipeline/pipeline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace winnow {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// The feature of that name, for a column of a model.
Result<std::size_t> feature_of(const FeatureSet& features, const std::string& name) {
  if (const auto feature = features.index_of(name)) return *feature;
  return Error(Code::InvalidArgument,
               fmt::format("the model takes a feature '{}' that the feature set '{}' does not have",
                           name, features.name()))
      .with_hint("bundle the model with the feature set it was trained on");
}

}  // namespace

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
    judged.rule = parts_.policy.raising(judged.probability, values, novelty);
    if (judged.rule != nullptr) {
      judged.stage = Stage::SecondStage;
      judged.route = judged.rule->route;
    }
    return judged;
  }
  auto by_rules = judge_by_rules(Stage::SecondStage, values, novelty);
  by_rules.margin = judged.margin;
  by_rules.probability = judged.probability;
  return by_rules;
}

std::vector<float> Pipeline::contributions(std::span<const float> values) const {
  if (!has_model()) return std::vector<float>(parts_.features.features().size(), 0);
  std::vector<float> row;
  judge(values, std::numeric_limits<float>::quiet_NaN(), row);
  Contributions moved;
  explain({row.data(), 1, row.size()}, moved);
  float of_text = 0;
  return of_features(moved.row(0), of_text);
}

bool Pipeline::model_takes(std::size_t feature) const {
  return std::ranges::find(columns_, feature) != columns_.end();
}

Judgement Pipeline::draft(const ocsf::Event& event, const FeatureVector& vector,
                          ModelState model_state, std::vector<float>& row,
                          Decision& decision) const {
  decision.event = event.raw_digest();
  decision.bundle = parts_.bundle;
  decision.event_time = event.time();
  decision.model_state = has_model() ? model_state : ModelState::Absent;
  decision.features = vector.values;
  decision.text_log_odds = std::numeric_limits<float>::quiet_NaN();
  const bool scored = decision.model_state == ModelState::Available;
  if (scored && parts_.model->text())
    decision.text_log_odds = parts_.model->text_log_odds(vector.terms());
  const auto judged =
      scored ? judge(vector.values, decision.text_log_odds, row)
             : judge_by_rules(Stage::Fallback, vector.values, novelty_of(vector.values, row));
  decision.margin = judged.margin;
  decision.probability = judged.probability;
  decision.novelty = judged.novelty;
  decision.stage = judged.stage;
  decision.route = judged.route;
  if (decision.route != Route::Close)
    decision.techniques = parts_.policy.techniques(decision.features, decision.novelty);
  return judged;
}

Decision Pipeline::decide(const ocsf::Event& event, const StateSlice& before,
                          ModelState model_state) const {
  auto known = intelligence();
  known.move_to(event.time());
  FeatureReading reading(parts_.features, event, before, known);
  Decision decision;
  decision.state_slice = before.bytes();
  std::vector<float> row;
  const auto judged = draft(event, reading.vector(), model_state, row, decision);
  Contributions moved;
  if (is_explained(decision)) explain({row.data(), 1, row.size()}, moved);
  tell(reading, moved.rows() > 0 ? moved.row(0) : std::span<const float>(), judged, decision);
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
