// A model trained elsewhere becomes an artifact, on record as a run.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "features/feature_set.h"
#include "learn/run_context.h"
#include "ocsf/domain.h"
#include "registry/registry.h"

namespace winnow::learn {

// Which feature each column of a foreign model takes. What it does not say takes the feature of its
// own name.
struct ColumnMapping {
  // What a column takes that no feature stands for: it is missing in every row.
  static constexpr std::string_view kMissing = "missing";

  std::vector<std::pair<std::string, std::string>> by_name;  // column, feature
  std::vector<std::string> by_position;                      // the feature of each column

  // From a map `COLUMN: FEATURE`, or from a list of features in the order of the columns. Errors:
  // InvalidArgument, with file and line.
  static Result<ColumnMapping> compile(const Yaml& yaml);
};

// Whose file it is; Any is told by how the file begins.
enum class ModelFormat { Any, Xgboost, Lightgbm, Onnx };
std::string_view name_of(ModelFormat format);                // "xgboost", ...; "winnow" for Any
Result<ModelFormat> model_format_of(std::string_view name);  // Errors: InvalidArgument

// What the metadata of an imported model calls it under "model".
inline constexpr std::string_view kForestModel = "forest", kLinearModel = "linear model",
                                  kIsolationModel = "isolation forest";

// The name of isolation forests in the registry: they tell novelty, and a bundle decides with
// others.
inline constexpr std::string_view kNoveltyName = "novelty";

// Reads a model (model/forest_import.h, model/onnx_import.h), gives each of its columns its
// feature, and records the classifier or the isolation forest. Columns without names in the file
// are f0, f1,
// ... as XGBoost calls them. The scores are the model's own; nothing is calibrated anew.
// Errors: InvalidArgument (not such a file; columns that find no feature, all of them, with the
// nearest names; an isolation forest with columns that are missing or share a feature), Unsupported
// (an objective that is no probability, several outputs), Exhausted.
Result<Run> import_model(Registry& registry, std::string_view file, ModelFormat format,
                         const ColumnMapping& mapping, Domain domain, const FeatureSet& features,
                         const ArtifactRef& feature_set, const RunContext& context);

}  // namespace winnow::learn
