// What every run of this folder does: begin with its context, add its outputs, be recorded even
// when it fails.
#pragma once

#include <string>

#include "learn/run_context.h"
#include "learn/training_run.h"
#include "registry/registry.h"

namespace winnow::learn {

Run begin_run(const Registry& registry, std::string kind, std::string domain,
              const RunContext& context);

// A training's beginning: the material is its input, and its id is known.
Result<Run> begin_training(const Registry& registry, std::string_view kind,
                           const TrainingMaterial& material, std::uint64_t seed, Json parameters,
                           const RunContext& context);

// Adds an artifact to the registry and to the run's outputs.
Result<ArtifactRef> add_output(Registry& registry, Run& run, const NewArtifact& artifact);

// A figure that has no meaning here (one class only) is null: canonical JSON has no NaN.
Json figure_json(double value);

// Records the run as failed and gives back its error: an auditor asks what was tried, not only what
// worked.
Error record_failure(Registry& registry, Run run, const Error& error);

}  // namespace winnow::learn
