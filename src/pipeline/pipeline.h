// A bundle, compiled: event -> features -> scores -> route. Immutable and shared by threads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "features/feature_reading.h"
#include "intel/intel_snapshot.h"
#include "model/classifier.h"
#include "model/novelty_model.h"
#include "ocsf/event.h"
#include "pipeline/decision.h"
#include "pipeline/known_intelligence.h"
#include "pipeline/policy.h"

namespace winnow {

struct PipelineParts {
  Digest bundle;
  FeatureSet features;
  std::shared_ptr<const Classifier> model;     // null: the policy's rules decide alone
  std::shared_ptr<const IntelSnapshot> intel;  // null: nothing is known of any indicator
  Policy policy;
  std::shared_ptr<const NoveltyModel> novelty = nullptr;  // null: nobody asks how novel an event is
};

// What a bundle says of feature values. By itself it is no decision: nobody stores it, and no route
// is taken.
struct Judgement {
  float margin = 0;  // the model's log-odds before calibration; NaN without a score
  double probability = 0;
  double novelty = 0;  // NaN without a novelty model
  Stage stage = Stage::Model;
  Route route = Route::Queue;
  const SecondStageRule* rule = nullptr;  // that took the route, of another stage than the model
};

class Pipeline {
 public:
  // Errors: InvalidArgument (a model asks for a feature that the feature set does not have, or
  // for text terms of another width).
  static Result<Pipeline> create(PipelineParts parts);

  // Pure: the same event, states, bundle and model state give the same bits. `before` is what
  // features().slice() read before the event was observed. About 100 us for a mail on one core;
  // many events are a DecisionBatch.
  Decision decide(const ocsf::Event& event, const StateSlice& before, ModelState model_state) const;

  // Pure, and what decide() says of an event with these values: one for each feature of features(),
  // and the text model's log-odds (NaN: there was no text). `row` is scratch, the model's row
  // afterwards. Allocates nothing once `row` has grown; about a microsecond.
  Judgement judge(std::span<const float> values, float text_log_odds,
                  std::vector<float>& row) const;

  // How far each of features() moves the model's log-odds of an event with these values (as of
  // judge()); what its text does is left out. All 0 without a model. As slow as explaining.
  std::vector<float> contributions(std::span<const float> values) const;

  // Decides again what was decided, from the event alone: everything else is in `stored`.
  // Errors: Corrupt (the stored state slice), Conflict (decided by another bundle).
  Result<Decision> replay(const ocsf::Event& event, const Decision& stored) const;

  // What the model saw in what was decided, strongest first, however small the probability: as the
  // reasons of a decision that is explained. Empty where no model answered. Errors: as replay().
  Result<std::vector<Reason>> model_reasons(const ocsf::Event& event, const Decision& stored) const;

  const Digest& bundle() const { return parts_.bundle; }
  const FeatureSet& features() const { return parts_.features; }
  const Policy& policy() const { return parts_.policy; }
  const IntelSnapshot* intel() const { return parts_.intel.get(); }  // may be null
  bool has_model() const { return parts_.model != nullptr; }
  // The name of the column that holds the text model's log-odds; empty without a text model.
  std::string_view text_feature() const;
  // Whether the model takes the feature at this place of features().
  bool model_takes(std::size_t feature) const;

 private:
  friend class DecisionBatch;
  Pipeline(PipelineParts parts, std::vector<std::size_t> columns,
           std::vector<std::size_t> novelty_columns);

  // A decision is drafted, without reasons; its row is explained if it is_explained(), alone or
  // among others; then its reasons are told.
  Judgement draft(const ocsf::Event& event, const FeatureVector& vector, ModelState model_state,
                  std::vector<float>& row, Decision& decision) const;
  bool is_explained(const Decision& decision) const;
  void explain(MatrixView rows, Contributions& out) const;
  // `moved`: how far each column of the row moved the log-odds; empty where nobody asks.
  void tell(FeatureReading& reading, std::span<const float> moved, const Judgement& judged,
            Decision& decision) const;

  KnownIntelligence intelligence() const { return {parts_.intel.get(), ranked_domains_, {}}; }
  // The contributions of columns, by feature; that of the text's column apart.
  std::vector<float> of_features(std::span<const float> moved, float& of_text) const;
  double novelty_of(std::span<const float> values, std::vector<float>& row) const;
  Judgement judge_by_rules(Stage stage, std::span<const float> values, double novelty) const;
  std::vector<Reason> reasons(FeatureReading& reading, std::span<const float> moved) const;
  Reason novelty_reason(FeatureReading& reading, double novelty) const;

  PipelineParts parts_;
  // For each column of the model, the feature it takes; kTextColumn for the text model's log-odds.
  std::vector<std::size_t> columns_;
  static constexpr std::size_t kTextColumn = SIZE_MAX;
  std::vector<std::size_t> novelty_columns_;  // for each column of the novelty model, its feature
  std::uint32_t ranked_domains_;
};

}  // namespace winnow
