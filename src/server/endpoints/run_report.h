// A run as it is told: its record, the evaluation that it made, and what became of its outputs.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "registry/registry.h"

namespace winnow::server {

// For a list: who, when, what came out, and the few figures that say how good, with intervals and
// beside the plain baseline's; null where the run evaluated nothing. Errors: Corrupt, Unavailable.
Result<Json> run_summary(Registry& registry, const Run& run);

// The whole record, the evaluation as the run stored it (or null), and the bundles that hold what
// it made. Errors: as above.
Result<Json> run_detail(Registry& registry, const Run& run);

// {before, after, changes: [{field, before, after}]}.
Json run_difference(const Run& before, const Run& after);

}  // namespace winnow::server
