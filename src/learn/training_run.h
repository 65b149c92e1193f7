// Training and evaluation as runs: from content and labelled events to artifacts on record, so that
// anyone can later say what made a model, and make it again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "learn/evaluation.h"
#include "learn/training_plan.h"
#include "registry/registry.h"

namespace winnow::learn {

// What shapes a training besides data and content: content/training/mail.yaml.
struct TrainingRequest {
  TrainingPlan plan;
  ExpandingWindows windows;  // of the validation in time order
  EvaluationOptions evaluation;
  EventFilter events;  // which of the log

  Json json() const;
  // Errors: InvalidArgument, naming the key.
  static Result<TrainingRequest> from_json(const Json& json);
};

// The content a run reads, as artifacts in the registry.
struct MailMaterial {
  ArtifactRef mapping, feature_set;
  std::optional<ArtifactRef> intel;
};

// Who runs it, with what.
struct RunContext {
  std::string actor;
  std::string build_id;
  CodeState code;
  unsigned threads = 1;
};

struct TrainingOutcome {
  Run run;
  EvaluationReport report;
};

// Replays history, validates in time order with the leak probes first, trains on everything, and
// records the run with data set, model and evaluation as its outputs. A training that fails is
// recorded as failed. Errors: InvalidArgument (no labels, one class, too little history to
// validate), those of the registry.
Result<TrainingOutcome> train_mail(Registry& registry, const EventLog& events,
                                   const MailMaterial& material, const TrainingRequest& request,
                                   const RunContext& context, Progress& progress);

// How the model of a bundle does on labelled events.
struct BundleEvaluation {
  Run run;
  Figures figures;
  std::vector<SliceFigures> slices;
  std::uint64_t seen_in_training = 0;  // rows that the model was trained on: they flatter it
  Json json() const;
};
Result<BundleEvaluation> evaluate_bundle(Registry& registry, const EventLog& events,
                                         const ListedBundle& bundle, const EventFilter& filter,
                                         const RunContext& context, Progress& progress);

// One output of a run, made again.
struct ReproducedOutput {
  ArtifactRef recorded;
  Digest made;
  bool equal() const { return recorded.digest == made; }
};
struct Reproduction {
  RunId run;
  std::vector<ReproducedOutput> outputs;
  bool equal() const;
};
// Runs a training again from its recorded inputs and compares its outputs byte by byte. Changes
// nothing. Errors: Unsupported (no training run), NotFound (an input is missing), Corrupt.
Result<Reproduction> reproduce(Registry& registry, const EventLog& events, const Run& run,
                               unsigned threads, Progress& progress);

}  // namespace winnow::learn
