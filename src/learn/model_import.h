// A model trained elsewhere becomes an artifact, on record as a run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/feature_set.h"
#include "learn/training_run.h"

namespace winnow::learn {

// Reads a forest (model/forest_import.h), checks that each of its columns is a feature of
// `features`, and records the classifier. Column names are `names`, or those in the file when that
// is empty. The scores are the forest's own; nothing is calibrated anew. Errors: InvalidArgument
// (not such a file; a column that is no feature, with the nearest name), Unsupported (an objective
// that is no probability, several outputs), Exhausted.
Result<Run> import_model(Registry& registry, std::string_view file,
                         const std::vector<std::string>& names, const FeatureSet& features,
                         const ArtifactRef& feature_set, const RunContext& context);

}  // namespace winnow::learn
