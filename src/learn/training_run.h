// A training as a run: from content and labelled events to artifacts on record, so that anyone can
// later say what made a model, and make it again (reproduction.h).
#pragma once

#include <optional>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "learn/evaluation.h"
#include "learn/run_context.h"
#include "learn/training_request.h"
#include "ocsf/domain.h"
#include "registry/registry.h"

namespace winnow::learn {

// The content a run reads, as artifacts in the registry.
struct TrainingMaterial {
  Domain domain = Domain::Mail;
  std::vector<ArtifactRef> mappings;
  ArtifactRef feature_set;
  std::optional<ArtifactRef> intel;
};

struct TrainingOutcome {
  Run run;
  EvaluationReport report;
  // Features that no row has: mostly for a path that is misspelt, or that no mapping sets.
  std::vector<std::string> always_missing = {};
};

// Replays history, validates in time order with the leak probes first, trains on everything, and
// records the run with data set, model and evaluation as its outputs. A training that fails is
// recorded as failed. Errors: InvalidArgument (no labels, one class, too little history to
// validate), those of the registry.
Result<TrainingOutcome> train(Registry& registry, const EventLog& events,
                              const TrainingMaterial& material, const TrainingRequest& request,
                              const RunContext& context, Progress& progress);

}  // namespace winnow::learn
