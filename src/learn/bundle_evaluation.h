// How the model of a bundle does on labelled events, as a run.
#pragma once

#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "learn/figures.h"
#include "learn/run_context.h"
#include "registry/registry.h"

namespace winnow::learn {

struct BundleEvaluation {
  Run run;
  Figures figures;
  std::vector<SliceFigures> slices;
  std::uint64_t seen_in_training = 0;  // rows that the model was trained on: they flatter it

  Json json() const;  // the artifact that the run makes
};

// Records the run, also one that fails. Errors: InvalidArgument (the bundle has no model), those of
// the registry and of the log.
Result<BundleEvaluation> evaluate_bundle(Registry& registry, const EventLog& events,
                                         const ListedBundle& bundle, const EventFilter& filter,
                                         const RunContext& context, Progress& progress);

// The same without a record: pure, given what the registry holds. `curve_points` as in
// FigureOptions.
Result<BundleEvaluation> measure_bundle(Registry& registry, const EventLog& events,
                                        const Bundle& bundle, const EventFilter& filter,
                                        std::uint32_t curve_points, Progress& progress);

}  // namespace winnow::learn
