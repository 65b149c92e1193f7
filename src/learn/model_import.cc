#include "learn/model_import.h"

#include <fmt/format.h>

#include "base/yaml.h"
#include "learn/detail/run_record.h"
#include "model/classifier.h"
#include "model/forest_import.h"

namespace winnow::learn {
namespace {

Status check_names(const std::vector<std::string>& names, const FeatureSet& features) {
  std::vector<std::string> known;
  for (const auto& feature : features.features()) known.push_back(feature.name);
  for (const auto& name : names) {
    if (features.index_of(name)) continue;
    auto unknown =
        Error(Code::InvalidArgument,
              fmt::format("the model's column '{}' is no feature of '{}'", name, features.name()));
    const auto near = nearest(name, known);
    return near.empty() ? unknown
                        : std::move(unknown).with_hint(fmt::format("did you mean '{}'?", near));
  }
  return {};
}

Result<Classifier> classifier_of(std::string_view file, const std::vector<std::string>& names,
                                 const FeatureSet& features, Run& run) {
  WINNOW_TRY(auto forest, read_forest(file));
  if (forest.outputs() != 1 || forest.link != Link::Logistic) {
    return Error(Code::Unsupported,
                 fmt::format("the objective '{}' with {} outputs gives no probability of one class",
                             forest.objective, forest.outputs()))
        .with_hint("import a binary classifier (binary:logistic, binary)");
  }
  auto columns = names.empty() ? forest.feature_names : names;
  if (columns.size() != forest.features) {
    return Error(Code::InvalidArgument,
                 fmt::format("the model has {} columns, {} of them are named", forest.features,
                             columns.size()))
        .with_hint("give --features FILE with one feature name a line");
  }
  WINNOW_TRY(check_names(columns, features));
  run.metrics.set("trees", std::uint64_t{forest.trees.size()})
      .set("features", std::uint64_t{forest.features});
  run.parameters.set("objective", forest.objective);
  // The forest's own link is kept: logistic, with its scale.
  WINNOW_TRY(auto calibrator, Calibrator::platt(forest.link_scale, 0));
  return Classifier::create(
      {std::move(columns), std::move(forest), std::nullopt, "", 1, 0, std::move(calibrator)});
}

}  // namespace

Result<Run> import_model(Registry& registry, std::string_view file,
                         const std::vector<std::string>& names, const FeatureSet& features,
                         const ArtifactRef& feature_set, const RunContext& context) {
  auto run = begin_run(registry, "model_import", context);
  run.feature_set = feature_set.digest;
  run.inputs = {feature_set};
  run.parameters.set("file_sha256", sha256(file).hex());
  WINNOW_TRY(run.id, id_of(run));
  const auto classifier = classifier_of(file, names, features, run);
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
