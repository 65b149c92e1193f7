// A bundle, compiled: event -> features -> scores -> route. Immutable and shared by threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "features/feature_reading.h"
#include "intel/intel_snapshot.h"
#include "model/classifier.h"
#include "ocsf/event.h"
#include "pipeline/decision.h"
#include "pipeline/policy.h"

namespace winnow {

struct PipelineParts {
  Digest bundle;
  FeatureSet features;
  std::shared_ptr<const Classifier> model;     // null: the policy's rules decide alone
  std::shared_ptr<const IntelSnapshot> intel;  // null: nothing is known of any indicator
  Policy policy;
};

class Pipeline {
 public:
  // Errors: InvalidArgument (the model asks for a feature that the feature set does not have, or
  // for text terms of another width).
  static Result<Pipeline> create(PipelineParts parts);

  // Pure: the same event, states, bundle and model state give the same bits. `before` is what
  // features().slice() read before the event was observed. About 100 us for a mail on one core.
  Decision decide(const ocsf::Event& event, const StateSlice& before, ModelState model_state) const;

  // Decides again what was decided, from the event alone: everything else is in `stored`.
  // Errors: Corrupt (the stored state slice), Conflict (decided by another bundle).
  Result<Decision> replay(const ocsf::Event& event, const Decision& stored) const;

  const Digest& bundle() const { return parts_.bundle; }
  const FeatureSet& features() const { return parts_.features; }
  const Policy& policy() const { return parts_.policy; }
  bool has_model() const { return parts_.model != nullptr; }

 private:
  Pipeline(PipelineParts parts, std::vector<std::size_t> columns);
  struct Scored;
  Scored score(const FeatureVector& vector) const;
  std::vector<Reason> reasons(FeatureReading& reading, const Scored& scored) const;
  void decide_by_rules(std::string_view why, Decision& decision) const;

  PipelineParts parts_;
  // For each column of the model, the feature it takes; kTextColumn for the text model's log-odds.
  std::vector<std::size_t> columns_;
  static constexpr std::size_t kTextColumn = SIZE_MAX;
  std::uint32_t ranked_domains_;
};

}  // namespace winnow
