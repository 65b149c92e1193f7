// How well a model did on labelled events, as far as signed runs of this workspace say: what
// whoever lets it decide must see first.
#pragma once

#include <optional>

#include "base/result.h"
#include "registry/registry.h"

namespace winnow {

struct ModelFigures {
  RunId run;                     // that measured it
  std::uint64_t rows = 0;        // labelled events
  double average_precision = 0;  // on them
  std::optional<double>
      baseline;  // of the plain baseline on the same events, where it was measured
};

// By the newest evaluation of a bundle with `model`, else by the training that made it; empty where
// neither is on record. Reads up to 1000 runs. Errors: those of Registry::runs().
Result<std::optional<ModelFigures>> figures_of_model(Registry& registry, const ArtifactRef& model);

// What these figures say against letting the model decide, `champion`'s beside them; empty where
// nothing does. Different events may lie behind the two: it names both runs.
std::optional<std::string> doubt_about(const std::optional<ModelFigures>& model,
                                       const std::optional<ModelFigures>& champion);

// One line for people: "average precision 0.832 (run r-..., 1200 labelled events)".
std::string text_of(const ModelFigures& figures);

}  // namespace winnow
