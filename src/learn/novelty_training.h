// A model of what is ordinary, learned from history without labels, as a run on record.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "learn/isolation_trainer.h"
#include "learn/run_context.h"
#include "learn/training_run.h"
#include "registry/registry.h"

namespace winnow::learn {

inline constexpr std::string_view kNoveltyRun = "train_novelty";  // the kind of its run

struct NoveltyTraining {
  static constexpr std::uint32_t kLeastRows = 100, kMostRows = 1'000'000;

  std::uint64_t seed = 1;
  IsolationTraining forest = {};
  std::uint32_t rows = 100'000;  // of history, drawn at random
  double held_out_share = 0.3;  // the newest of these rows, which say what is ordinary; 0.05 to 0.5
  EventFilter events = {};

  Json json() const;
  // Of content/training/DOMAIN.yaml: what stands under `novelty`, with the plan's seed and the same
  // events. Errors: InvalidArgument, naming the key.
  static Result<NoveltyTraining> from_content(const Json& training);
  // As a run's parameters say it, json() of then. Errors: as above.
  static Result<NoveltyTraining> from_record(const Json& json);
};

struct NoveltyOutcome {
  Run run;
  std::uint64_t events = 0;  // of history
  std::uint64_t train_rows = 0, held_out_rows = 0;
  double most = 0;  // novelty that the model can tell of any event
};

// Replays history, trains an isolation forest on the older part of what is drawn from it, measures
// what is usual on the newer part, and records the run with the novelty model as its output. Events
// that were found malicious are history, but not ordinary; of what nobody judged most is ordinary,
// and what is not is outnumbered. A training that fails is recorded as failed. Errors:
// InvalidArgument (fewer than 100 ordinary events), those of the registry.
Result<NoveltyOutcome> train_novelty(Registry& registry, const EventLog& events,
                                     const TrainingMaterial& material,
                                     const NoveltyTraining& training, const RunContext& context,
                                     Progress& progress);

}  // namespace winnow::learn
