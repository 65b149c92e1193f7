#include "learn/model_import.h"

#include <algorithm>

#include <fmt/format.h>

#include "learn/detail/foreign_columns.h"
#include "learn/detail/foreign_model.h"
#include "learn/detail/run_record.h"
#include "model/classifier.h"

namespace winnow::learn {
namespace {

// What an import makes: the artifact, and what there is to say of it.
struct Imported {
  std::string_view model;  // what it is
  std::string name;        // empty: that of the domain
  std::string media_type, bytes;
};

Error no_probability(std::string_view what, std::size_t outputs) {
  return Error(Code::Unsupported,
               fmt::format("the objective '{}' with {} outputs gives no probability of one class",
                           what, outputs))
      .with_hint("import a binary classifier (binary:logistic, binary, predict_proba)");
}

// Whether the sum of the leaves is a probability already, whichever leaves a row falls into, as
// that of an averaged forest is. Leaves round, so their sum may be a trifle off.
bool sums_to_probability(const Forest& forest) {
  constexpr double kRounding = 1e-3;
  if (forest.link != Link::Identity || forest.trees.empty()) return false;
  double least = static_cast<double>(forest.base_scores[0]), most = least;
  for (const auto& tree : forest.trees) {
    const auto [low, high] = std::minmax_element(tree.leaf_values.begin(), tree.leaf_values.end());
    least += static_cast<double>(std::min(*low * tree.weight, *high * tree.weight));
    most += static_cast<double>(std::max(*low * tree.weight, *high * tree.weight));
  }
  return least >= -kRounding && most <= 1 + kRounding;
}

// The model's own link is kept: logistic, with its scale, or none where margins are probabilities.
Result<Calibrator> calibrator_of(const Forest& forest) {
  if (forest.outputs() == 1 && forest.link == Link::Logistic)
    return Calibrator::platt(forest.link_scale, 0);
  if (forest.outputs() == 1 && sums_to_probability(forest))
    return Calibrator::piecewise({{0, 0}, {1, 1}});
  return no_probability(forest.objective, forest.outputs());
}

Result<Imported> artifact_of(std::string_view model, ClassifierParts parts) {
  WINNOW_TRY(const auto classifier, Classifier::create(std::move(parts)));
  return Imported{model, "", "application/vnd.winnow.classifier", classifier.to_bytes()};
}

Result<Imported> import_as(const Forest& forest, TakenColumns taken, Run& run) {
  run.metrics.set("trees", std::uint64_t{forest.trees.size()});
  run.parameters.set("objective", forest.objective);
  ClassifierParts parts;
  WINNOW_TRY(parts.calibrator, calibrator_of(forest));
  parts.forest = over_columns(forest, taken.columns);
  parts.features = std::move(taken.features);
  return artifact_of(kForestModel, std::move(parts));
}

Result<Imported> import_as(const LinkedLinear& model, TakenColumns taken, Run& run) {
  run.metrics.set("terms", std::uint64_t{model.linear.terms.size()});
  if (model.link != Link::Logistic) return no_probability(name_of(model.link), 1);
  ClassifierParts parts;
  parts.forest.base_scores = {0};
  parts.forest.features = static_cast<std::uint32_t>(taken.features.size());
  parts.linear = over_columns(model.linear, taken.columns);
  parts.features = std::move(taken.features);
  return artifact_of(kLinearModel, std::move(parts));
}

Result<Imported> import_as(const IsolationTrees& trees, const TakenColumns& taken, Run& run) {
  run.metrics.set("trees", std::uint64_t{trees.trees.size()});
  WINNOW_TRY(auto over, over_columns(trees, taken));
  WINNOW_TRY(const auto forest, IsolationForest::create(std::move(over)));
  return Imported{kIsolationModel, std::string(kNoveltyName),
                  "application/vnd.winnow.isolation-forest", forest.to_bytes()};
}

Result<Imported> imported(std::string_view file, ModelFormat format, const ColumnMapping& mapping,
                          const FeatureSet& features, Run& run) {
  WINNOW_TRY(const auto foreign, read_foreign_model(file, format));
  run.parameters.set("format", name_of(foreign.format));
  WINNOW_TRY(auto taken, take_columns(foreign.columns, mapping, features));
  run.metrics.set("columns", std::uint64_t{foreign.columns.size()})
      .set("features", std::uint64_t{taken.features.size()});
  run.parameters.set("columns", taken.mapping);
  return std::visit([&](const auto& model) { return import_as(model, std::move(taken), run); },
                    foreign.model);
}

}  // namespace

Result<Run> import_model(Registry& registry, std::string_view file, ModelFormat format,
                         const ColumnMapping& mapping, Domain domain, const FeatureSet& features,
                         const ArtifactRef& feature_set, const RunContext& context) {
  auto run = begin_run(registry, "model_import", std::string(name_of(domain)), context);
  run.feature_set = feature_set.digest;
  run.inputs = {feature_set};
  run.parameters.set("file_sha256", sha256(file).hex());
  WINNOW_TRY(run.id, id_of(run));
  const auto made = imported(file, format, mapping, features, run);
  if (!made) return record_failure(registry, std::move(run), made.error());
  run.parameters.set("model", made->model);
  auto metadata = run.metrics;
  metadata.set("model", made->model);
  WINNOW_TRY(add_output(registry, run,
                        {ArtifactKind::Model, made->name.empty() ? run.domain : made->name,
                         made->bytes, made->media_type, 1, run.id, std::move(metadata)}));
  run.ended = registry.clock().now();
  WINNOW_TRY(registry.record(run));
  return run;
}

}  // namespace winnow::learn
