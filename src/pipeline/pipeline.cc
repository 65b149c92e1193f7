#include "pipeline/pipeline.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "pipeline/known_intelligence.h"

namespace winnow {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kTermsShown = 4;
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

}  // namespace

// What the model said of one event, in the model's own columns.
struct Pipeline::Scored {
  std::vector<float> row;
  float text_log_odds = std::numeric_limits<float>::quiet_NaN();
  float margin = 0;
  float probability = 0;
};

Result<Pipeline> Pipeline::create(PipelineParts parts) {
  std::vector<std::size_t> columns;
  if (parts.model != nullptr) {
    const auto& model = *parts.model;
    for (std::size_t i = 0; i < model.features().size(); ++i) {
      if (model.text_column() == i) {
        columns.push_back(kTextColumn);
        continue;
      }
      const auto feature = parts.features.index_of(model.features()[i]);
      if (!feature) {
        return Error(Code::InvalidArgument,
                     fmt::format(
                         "the model takes a feature '{}' that the feature set '{}' does not have",
                         model.features()[i], parts.features.name()))
            .with_hint("bundle the model with the feature set it was trained on");
      }
      columns.push_back(*feature);
    }
    if (model.text() && model.text()->size() != parts.features.term_buckets()) {
      return Error(Code::InvalidArgument,
                   fmt::format("the model reads {} text terms, the feature set makes {}",
                               model.text()->size(), parts.features.term_buckets()));
    }
  }
  return Pipeline(std::move(parts), std::move(columns));
}

Pipeline::Pipeline(PipelineParts parts, std::vector<std::size_t> columns)
    : parts_(std::move(parts)),
      columns_(std::move(columns)),
      ranked_domains_(KnownIntelligence::count_ranked(parts_.intel.get())) {}

Pipeline::Scored Pipeline::score(const FeatureVector& vector) const {
  const auto& model = *parts_.model;
  Scored scored;
  if (model.text()) scored.text_log_odds = model.text_log_odds(vector.terms());
  scored.row.reserve(columns_.size());
  for (const auto column : columns_) {
    scored.row.push_back(column == kTextColumn ? scored.text_log_odds : vector.values[column]);
  }
  const MatrixView row{scored.row.data(), 1, scored.row.size()};
  model.margins(row, {&scored.margin, 1});
  scored.probability = model.calibrator().probability(scored.margin);
  return scored;
}

std::vector<Reason> Pipeline::reasons(FeatureReading& reading, const Scored& scored) const {
  Contributions contributions;
  parts_.model->explain({scored.row.data(), 1, scored.row.size()}, contributions);
  const auto moved = contributions.row(0);
  std::vector<float> of_features(parts_.features.features().size(), 0);
  float of_text = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    (columns_[i] == kTextColumn ? of_text : of_features[columns_[i]]) += moved[i];
  }
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

void Pipeline::decide_by_rules(std::string_view why, Decision& decision) const {
  const auto* rule = parts_.policy.second_stage(decision.features);
  decision.route = rule != nullptr ? rule->route : parts_.policy.otherwise();
  decision.stage_says = fmt::format(
      "{}; {}", why,
      rule != nullptr ? fmt::format("rule '{}' decided", rule->name) : "no rule applied");
  if (rule != nullptr)
    decision.reasons.insert(decision.reasons.begin(), {rule->name, rule->says, 0});
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
  decision.margin = decision.probability = kNoNumber;
  decision.state_slice = before.bytes();
  if (decision.model_state != ModelState::Available) {
    decision.stage = Stage::Fallback;
    decide_by_rules(decision.model_state == ModelState::Late ? "the model did not answer in time"
                                                             : "there is no model",
                    decision);
  } else {
    const auto scored = score(vector);
    decision.text_log_odds = scored.text_log_odds;
    decision.margin = scored.margin;
    decision.probability = scored.probability;
    if (parts_.policy.explains(decision.probability)) decision.reasons = reasons(reading, scored);
    if (parts_.policy.abstains(decision.probability)) {
      decision.stage = Stage::SecondStage;
      decide_by_rules("the model abstained", decision);
    } else {
      decision.route = parts_.policy.route_of(decision.probability);
    }
  }
  if (decision.route != Route::Close)
    decision.techniques = parts_.policy.techniques(decision.features);
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
