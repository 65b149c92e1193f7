#include "learn/bundle_evaluation.h"

#include <numeric>
#include <set>

#include "learn/detail/event_filter_json.h"
#include "learn/detail/run_material.h"
#include "learn/detail/run_record.h"
#include "learn/history.h"
#include "learn/trainer.h"

namespace winnow::learn {
namespace {

// How many rows of `data` the model was trained on, as far as its run is on record.
Result<std::uint64_t> count_seen(Registry& registry, const DataSet& data,
                                 const ArtifactRef& model) {
  WINNOW_TRY(const auto artifact, registry.artifact(model.digest));
  if (!artifact.run) return std::uint64_t{0};
  WINNOW_TRY(const auto run, registry.run(artifact.run->text()));
  if (!run.data_set) return std::uint64_t{0};
  WINNOW_TRY(const auto bytes, registry.read(*run.data_set));
  WINNOW_TRY(const auto trained_on, DataSet::read(bytes));
  std::set<Digest> known;
  for (std::size_t i = 0; i < trained_on.size(); ++i) known.insert(trained_on.raw(i));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < data.size(); ++i) seen += known.contains(data.raw(i)) ? 1 : 0;
  return seen;
}

std::optional<Digest> intel_of(const Bundle& bundle) {
  const auto all = bundle.all(ArtifactKind::IntelSnapshot);
  return all.empty() ? std::nullopt : std::optional(all.front().digest);
}

}  // namespace

Json BundleEvaluation::json() const {
  Json parts = Json::array();
  for (const auto& slice : slices) parts.push(slice.json());
  return Json::object({{"schema", "winnow.bundle_evaluation/1"},
                       {"figures", figures.json()},
                       {"slices", std::move(parts)},
                       {"seen_in_training", seen_in_training}});
}

Result<BundleEvaluation> measure_bundle(Registry& registry, const EventLog& events,
                                        const Bundle& bundle, const EventFilter& filter,
                                        std::uint32_t curve_points, Progress& progress) {
  WINNOW_TRY(const auto model, bundle.only(ArtifactKind::Model));
  WINNOW_TRY(const auto material, read_material(registry, bundle.domain, bundle.artifacts));
  WINNOW_TRY(const auto model_bytes, registry.read(model.digest));
  WINNOW_TRY(const auto classifier, Classifier::from_bytes(model_bytes));
  WINNOW_TRY(const auto history, replay_history(events, filter, material.mapping, material.features,
                                                material.intel_or_null(), progress));
  const auto& data = history.data;
  std::vector<std::uint32_t> all(data.size());
  std::iota(all.begin(), all.end(), 0U);
  ScoredRows scored;
  scored.rows = without_unwanted(data, all);
  WINNOW_TRY(scored.scores, probabilities_of(classifier, data, scored.rows));

  BundleEvaluation evaluation;
  evaluation.figures = figures_of(data, scored, {.curve_points = curve_points});
  evaluation.slices = slices_of(data, scored, 0.5, {});
  WINNOW_TRY(evaluation.seen_in_training, count_seen(registry, data, model));
  return evaluation;
}

Result<BundleEvaluation> evaluate_bundle(Registry& registry, const EventLog& events,
                                         const ListedBundle& listed, const EventFilter& filter,
                                         const RunContext& context, Progress& progress) {
  const auto& bundle = listed.bundle;
  auto run = begin_run(registry, "evaluate", bundle.domain, context);
  WINNOW_TRY(const auto feature_set, bundle.only(ArtifactKind::FeatureSet));
  run.feature_set = feature_set.digest;
  run.inputs = bundle.artifacts;
  run.intel_snapshot = intel_of(bundle);
  run.parameters = Json::object(
      {{"bundle", listed.id.text()}, {"events", to_json(filter)}, {"curve_points", kCurvePoints}});
  WINNOW_TRY(run.id, id_of(run));

  auto measured = measure_bundle(registry, events, bundle, filter, kCurvePoints, progress);
  if (!measured) return record_failure(registry, std::move(run), measured.error());
  auto& evaluation = *measured;
  run.metrics.set("rows", evaluation.figures.rows)
      .set("average_precision", figure_json(evaluation.figures.average_precision.value))
      .set("recall_at_1_percent_fpr", figure_json(evaluation.figures.recall_at_fpr_1_percent.value))
      .set("seen_in_training", evaluation.seen_in_training);
  WINNOW_TRY(const auto report, to_canonical(evaluation.json()));
  WINNOW_TRY(add_output(registry, run,
                        {ArtifactKind::Evaluation, bundle.domain, report, "application/json", 1,
                         run.id, run.metrics}));
  run.ended = registry.clock().now();
  WINNOW_TRY(registry.record(run));
  evaluation.run = std::move(run);
  return std::move(*measured);
}

}  // namespace winnow::learn
