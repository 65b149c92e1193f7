#include "learn/model_import.h"

#include <fmt/format.h>

#include "learn/detail/foreign_columns.h"
#include "learn/detail/run_record.h"
#include "model/classifier.h"
#include "model/forest_import.h"

namespace winnow::learn {
namespace {

Result<Classifier> classifier_of(std::string_view file, const ColumnMapping& mapping,
                                 const FeatureSet& features, Run& run) {
  WINNOW_TRY(auto forest, read_forest(file));
  if (forest.outputs() != 1 || forest.link != Link::Logistic) {
    return Error(Code::Unsupported,
                 fmt::format("the objective '{}' with {} outputs gives no probability of one class",
                             forest.objective, forest.outputs()))
        .with_hint("import a binary classifier (binary:logistic, binary)");
  }
  WINNOW_TRY(auto taken, take_columns(forest, mapping, features));
  run.metrics.set("trees", std::uint64_t{forest.trees.size()})
      .set("columns", std::uint64_t{forest.features})
      .set("features", std::uint64_t{taken.features.size()});
  run.parameters.set("objective", forest.objective).set("columns", taken.mapping);
  // The forest's own link is kept: logistic, with its scale.
  WINNOW_TRY(auto calibrator, Calibrator::platt(forest.link_scale, 0));
  return Classifier::create({std::move(taken.features), over_columns(forest, taken.columns),
                             std::nullopt, "", 1, 0, std::move(calibrator)});
}

}  // namespace

Result<Run> import_model(Registry& registry, std::string_view file, const ColumnMapping& mapping,
                         const FeatureSet& features, const ArtifactRef& feature_set,
                         const RunContext& context) {
  auto run = begin_run(registry, "model_import", context);
  run.feature_set = feature_set.digest;
  run.inputs = {feature_set};
  run.parameters.set("file_sha256", sha256(file).hex());
  WINNOW_TRY(run.id, id_of(run));
  const auto classifier = classifier_of(file, mapping, features, run);
  if (!classifier) return record_failure(registry, std::move(run), classifier.error());
  const auto bytes = classifier->to_bytes();
  WINNOW_TRY(add_output(registry, run,
                        {ArtifactKind::Model, "mail", bytes, "application/vnd.winnow.classifier", 1,
                         run.id, run.metrics}));
  run.ended = registry.clock().now();
  WINNOW_TRY(registry.record(run));
  return run;
}

}  // namespace winnow::learn
