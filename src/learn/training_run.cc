#include "learn/training_run.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "learn/detail/run_record.h"
#include "learn/detail/training.h"
#include "learn/history.h"
#include "learn/trainer.h"

namespace winnow::learn {
namespace {

constexpr std::string_view kDataSetType = "application/vnd.winnow.data-set";
constexpr std::string_view kModelType = "application/vnd.winnow.classifier";

// Fewer than these teach nothing and measure nothing.
constexpr std::size_t kLeastOfAClass = 20;

bool has_both_classes(const DataSet& data, const Split& split) {
  for (const auto* side : {&split.train, &split.test}) {
    for (const auto label : {Label::Malicious, Label::Benign}) {
      const auto of_class = std::count_if(
          side->begin(), side->end(), [&](std::uint32_t row) { return data.label(row) == label; });
      if (of_class < static_cast<std::ptrdiff_t>(kLeastOfAClass)) return false;
    }
  }
  return true;
}

std::vector<std::string> always_missing_of(const DataSet& data) {
  const auto& columns = data.shape().columns;
  std::vector<bool> is_there(columns.size());
  for (std::size_t row = 0; row < data.size(); ++row) {
    const auto values = data.values(row);
    for (std::size_t i = 0; i < columns.size(); ++i)
      is_there[i] = is_there[i] || !std::isnan(values[i]);
  }
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_there[i]) missing.push_back(columns[i].name);
  }
  return missing;
}

}  // namespace

Result<MadeByTraining> make_training(const EventLog& events, const Material& material,
                                     const TrainingRequest& request, unsigned threads,
                                     Progress& progress) {
  WINNOW_TRY(const auto history,
             replay_history(events, request.events, material.mapping, material.features,
                            material.intel_or_null(), progress));
  const auto& data = history.data;
  WINNOW_TRY(auto splits, expanding_windows(data, request.windows));
  std::erase_if(splits, [&](const Split& split) { return !has_both_classes(data, split); });
  if (splits.empty()) {
    return Error(Code::InvalidArgument,
                 "at no time are there enough labelled events of both classes to validate on what "
                 "came after")
        .with_hint(
            fmt::format("each side of a split in time needs {} malicious and {} benign events",
                        kLeastOfAClass, kLeastOfAClass));
  }
  auto options = request.evaluation;
  options.threads = options.probes.threads = threads;
  WINNOW_TRY(auto report, evaluate(data, splits, request.plan, options, progress));
  std::vector<std::uint32_t> all(data.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  WINNOW_TRY(const auto trained, train_classifier(data, all, request.plan, threads, progress));
  MadeByTraining made;
  made.data_set = data.bytes();
  made.model = trained.classifier.to_bytes();
  WINNOW_TRY(made.evaluation, to_canonical(report.json()));
  made.metrics.set("rows", trained.on.given)
      .set("trained_rows", trained.on.rows)
      .set("trained_malicious", trained.on.malicious)
      .set("average_precision", figure_json(report.model.average_precision.value))
      .set("baseline_average_precision", figure_json(report.baseline.average_precision.value))
      .set("recall_at_1_percent_fpr", figure_json(report.model.recall_at_fpr_1_percent.value))
      .set("brier", figure_json(report.model.brier))
      .set("unreadable_events", history.unreadable);
  made.report = std::move(report);
  made.always_missing = always_missing_of(data);
  return made;
}

Result<TrainingOutcome> train(Registry& registry, const EventLog& events,
                              const TrainingMaterial& material, const TrainingRequest& request,
                              const RunContext& context, Progress& progress) {
  WINNOW_TRY(auto run, begin_training(registry, "train", material, request.plan.seed,
                                      request.json(), context));
  const auto& name = run.domain;
  const auto read = read_material(registry, name, run.inputs);
  if (!read) return record_failure(registry, std::move(run), read.error());
  auto made = make_training(events, *read, request, context.threads, progress);
  if (!made) return record_failure(registry, std::move(run), made.error());

  const auto rows = made->metrics["rows"];
  WINNOW_TRY(const auto data_set,
             add_output(registry, run,
                        {ArtifactKind::DataSet, name, made->data_set, std::string(kDataSetType), 1,
                         run.id, Json::object({{"rows", rows}})}));
  run.data_set = data_set.digest;
  WINNOW_TRY(add_output(
      registry, run,
      {ArtifactKind::Model, name, made->model, std::string(kModelType), 1, run.id, made->metrics}));
  WINNOW_TRY(add_output(registry, run,
                        {ArtifactKind::Evaluation, name, made->evaluation, "application/json", 1,
                         run.id, made->metrics}));
  run.metrics = made->metrics;
  run.ended = registry.clock().now();
  WINNOW_TRY(registry.record(run));
  return TrainingOutcome{std::move(run), std::move(made->report), std::move(made->always_missing)};
}

}  // namespace winnow::learn
