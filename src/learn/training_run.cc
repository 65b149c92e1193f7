#include "learn/training_run.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <set>

#include <fmt/format.h>

#include "base/yaml.h"
#include "learn/detail/run_record.h"
#include "learn/history.h"
#include "learn/trainer.h"

namespace winnow::learn {
namespace {

constexpr std::string_view kDataSetType = "application/vnd.winnow.data-set";
constexpr std::string_view kModelType = "application/vnd.winnow.classifier";
constexpr std::int64_t kDayMicros = 86'400'000'000;

// The bytes of everything a training makes, and what it found on the way.
struct Made {
  std::string data_set, model, evaluation;
  EvaluationReport report;
  Json metrics = Json::object();
};

struct Material {
  RecordMapping mapping;
  FeatureSet features;
  std::optional<IntelSnapshot> intel;
  const IntelSnapshot* intel_or_null() const { return intel ? &*intel : nullptr; }
};

Result<Material> read_material(const Registry& registry, const Digest& mapping,
                               const Digest& feature_set, const std::optional<Digest>& intel) {
  WINNOW_TRY(const auto mapping_bytes, registry.read(mapping));
  WINNOW_TRY(const auto yaml, Yaml::parse(mapping_bytes, "mapping"));
  WINNOW_TRY(auto options, MailOptions::compile(yaml));
  WINNOW_TRY(const auto feature_bytes, registry.read(feature_set));
  WINNOW_TRY(auto features, FeatureSet::from_canonical(feature_bytes));
  Material material{RecordMapping(std::move(options)), std::move(features), std::nullopt};
  if (intel) {
    WINNOW_TRY(auto bytes, registry.read(*intel));
    WINNOW_TRY(auto snapshot, IntelSnapshot::from_bytes(std::move(bytes)));
    material.intel = std::move(snapshot);
  }
  return material;
}

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

// A figure that has no meaning here (one class only) is null: canonical JSON has no NaN.
Json figure(double value) { return std::isfinite(value) ? Json(value) : Json(); }

// Pure: the same events, material and request give the same bytes.
Result<Made> make(const EventLog& events, const Material& material, const TrainingRequest& request,
                  unsigned threads, Progress& progress) {
  WINNOW_TRY(const auto history,
             replay_history(events, request.events, material.mapping, material.features,
                            material.intel_or_null(), progress));
  const auto& data = history.data;
  WINNOW_TRY(auto splits, expanding_windows(data, request.windows));
  std::erase_if(splits, [&](const Split& split) { return !has_both_classes(data, split); });
  if (splits.empty()) {
    return Error(Code::InvalidArgument,
                 "at no time is there enough labelled mail of both classes to validate on what "
                 "came after")
        .with_hint(
            fmt::format("each side of a split in time needs {} malicious and {} benign mails",
                        kLeastOfAClass, kLeastOfAClass));
  }
  auto options = request.evaluation;
  options.threads = options.probes.threads = threads;
  WINNOW_TRY(auto report, evaluate(data, splits, request.plan, options, progress));
  std::vector<std::uint32_t> all(data.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  WINNOW_TRY(const auto trained, train_classifier(data, all, request.plan, threads, progress));
  Made made;
  made.data_set = data.bytes();
  made.model = trained.classifier.to_bytes();
  WINNOW_TRY(made.evaluation, to_canonical(report.json()));
  made.metrics.set("rows", std::uint64_t{data.size()})
      .set("average_precision", figure(report.model.average_precision.value))
      .set("baseline_average_precision", figure(report.baseline.average_precision.value))
      .set("recall_at_1_percent_fpr", figure(report.model.recall_at_fpr_1_percent.value))
      .set("brier", figure(report.model.brier))
      .set("unreadable_events", history.unreadable);
  made.report = std::move(report);
  return made;
}

template <typename T>
Json or_null(const std::optional<T>& value, auto text) {
  return value ? Json(text(*value)) : Json();
}

Json to_json(const EventFilter& filter) {
  return Json::object(
      {{"from", or_null(filter.from, [](Timestamp t) { return t.text(); })},
       {"before", or_null(filter.before, [](Timestamp t) { return t.text(); })},
       {"source", or_null(filter.source, [](const std::string& s) { return s; })},
       {"through_id", filter.through_id ? Json(*filter.through_id) : Json()},
       {"through_label", filter.through_label ? Json(*filter.through_label) : Json()}});
}

Result<EventFilter> filter_of(const Json& json) {
  EventFilter filter;
  if (json["from"].is_string()) {
    WINNOW_TRY(filter.from, Timestamp::parse(json["from"].as_string()));
  }
  if (json["before"].is_string()) {
    WINNOW_TRY(filter.before, Timestamp::parse(json["before"].as_string()));
  }
  if (json["source"].is_string()) filter.source = json["source"].as_string();
  if (json["through_id"].is_int())
    filter.through_id = static_cast<std::uint64_t>(json["through_id"].as_int());
  if (json["through_label"].is_int())
    filter.through_label = static_cast<std::uint64_t>(json["through_label"].as_int());
  return filter;
}

Status only(const Json& json, std::string_view where,
            std::initializer_list<std::string_view> keys) {
  if (!json.is_null() && !json.is_object())
    return Error(Code::InvalidArgument, fmt::format("{} is not a map", where));
  for (const auto& [key, value] : json.members()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    Error unknown(Code::InvalidArgument, fmt::format("{} has no key '{}'", where, key));
    const auto near = nearest(key, keys);
    return near.empty() ? unknown
                        : std::move(unknown).with_hint(fmt::format("did you mean '{}'?", near));
  }
  return {};
}

// A number from `low` to `high`; `fallback` where there is none.
Result<double> number_in(const Json& json, std::string_view key, double fallback, double low,
                         double high) {
  if (json[key].is_null()) return fallback;
  WINNOW_TRY(const double value, json.need_number(key));
  if (!(value >= low && value <= high)) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is {}, not from {} to {}", key, value, low, high));
  }
  return value;
}

}  // namespace

Json TrainingRequest::json() const {
  return Json::object(
      {{"plan", plan.json()},
       {"validation",
        Json::object({{"folds", windows.folds},
                      {"first_train_share", windows.first_train_share},
                      {"embargo_days", static_cast<double>(windows.embargo.count()) / kDayMicros},
                      {"bootstrap_draws", evaluation.figures.draws}})},
       {"capacity", Json::object({{"alerts_per_day", evaluation.capacity.alerts_per_day},
                                  {"events_per_day", evaluation.capacity.events_per_day},
                                  {"prevalence", evaluation.capacity.prevalence}})},
       {"costs", Json::object({{"missed", evaluation.costs.missed},
                               {"false_alarm", evaluation.costs.false_alarm},
                               {"review", evaluation.costs.review}})},
       {"events", to_json(events)}});
}

Result<TrainingRequest> TrainingRequest::from_json(const Json& json) {
  WINNOW_TRY(
      only(json, "a training", {"training", "plan", "validation", "capacity", "costs", "events"}));
  TrainingRequest request;
  WINNOW_TRY(request.plan, TrainingPlan::from_json(json["plan"]));
  auto& evaluation = request.evaluation;
  evaluation.figures.seed = evaluation.probes.seed = request.plan.seed;

  const auto& validation = json["validation"];
  WINNOW_TRY(only(validation, "'validation'",
                  {"folds", "first_train_share", "embargo_days", "bootstrap_draws"}));
  WINNOW_TRY(const double folds, number_in(validation, "folds", request.windows.folds, 1, 100));
  request.windows.folds = static_cast<std::uint32_t>(folds);
  WINNOW_TRY(
      request.windows.first_train_share,
      number_in(validation, "first_train_share", request.windows.first_train_share, 0.01, 0.99));
  WINNOW_TRY(const double embargo_days, number_in(validation, "embargo_days", 0, 0, 3650));
  request.windows.embargo = Duration(static_cast<std::int64_t>(embargo_days * kDayMicros));
  WINNOW_TRY(const double draws,
             number_in(validation, "bootstrap_draws", evaluation.figures.draws, 0, 10'000));
  evaluation.figures.draws = static_cast<std::uint32_t>(draws);

  const auto& load = json["capacity"];
  auto& capacity = evaluation.capacity;
  WINNOW_TRY(only(load, "'capacity'", {"alerts_per_day", "events_per_day", "prevalence"}));
  WINNOW_TRY(capacity.alerts_per_day,
             number_in(load, "alerts_per_day", capacity.alerts_per_day, 0, 1e9));
  WINNOW_TRY(capacity.events_per_day,
             number_in(load, "events_per_day", capacity.events_per_day, 0, 1e12));
  WINNOW_TRY(capacity.prevalence, number_in(load, "prevalence", capacity.prevalence, 0, 1));
  evaluation.figures.alerts_per_day = capacity.alerts_per_day;

  auto& costs = evaluation.costs;
  WINNOW_TRY(only(json["costs"], "'costs'", {"missed", "false_alarm", "review"}));
  WINNOW_TRY(costs.missed, number_in(json["costs"], "missed", costs.missed, 0, 1e9));
  WINNOW_TRY(costs.false_alarm, number_in(json["costs"], "false_alarm", costs.false_alarm, 0, 1e9));
  WINNOW_TRY(costs.review, number_in(json["costs"], "review", costs.review, 0, 1e9));
  WINNOW_TRY(only(json["events"], "'events'",
                  {"from", "before", "source", "through_id", "through_label"}));
  WINNOW_TRY(request.events, filter_of(json["events"]));
  return request;
}

Result<TrainingOutcome> train_mail(Registry& registry, const EventLog& events,
                                   const MailMaterial& material, const TrainingRequest& request,
                                   const RunContext& context, Progress& progress) {
  auto run = begin_run(registry, "train", context);
  run.seed = request.plan.seed;
  run.parameters = request.json();
  run.feature_set = material.feature_set.digest;
  run.inputs = {material.mapping, material.feature_set};
  if (material.intel) {
    run.intel_snapshot = material.intel->digest;
    run.inputs.push_back(*material.intel);
  }
  WINNOW_TRY(run.id, id_of(run));
  const auto read = read_material(registry, material.mapping.digest, material.feature_set.digest,
                                  run.intel_snapshot);
  if (!read) return record_failure(registry, std::move(run), read.error());
  auto made = make(events, *read, request, context.threads, progress);
  if (!made) return record_failure(registry, std::move(run), made.error());

  const std::string name = "mail";
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
  return TrainingOutcome{std::move(run), std::move(made->report)};
}

Json BundleEvaluation::json() const {
  Json parts = Json::array();
  for (const auto& slice : slices) parts.push(slice.json());
  return Json::object({{"schema", "winnow.bundle_evaluation/1"},
                       {"figures", figures.json()},
                       {"slices", std::move(parts)},
                       {"seen_in_training", seen_in_training}});
}

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

}  // namespace

Result<BundleEvaluation> evaluate_bundle(Registry& registry, const EventLog& events,
                                         const ListedBundle& listed, const EventFilter& filter,
                                         const RunContext& context, Progress& progress) {
  const auto& bundle = listed.bundle;
  WINNOW_TRY(const auto mapping, bundle.only(ArtifactKind::Mapping));
  WINNOW_TRY(const auto feature_set, bundle.only(ArtifactKind::FeatureSet));
  WINNOW_TRY(const auto model, bundle.only(ArtifactKind::Model));
  const auto intel = bundle.all(ArtifactKind::IntelSnapshot);
  auto run = begin_run(registry, "evaluate", context);
  run.feature_set = feature_set.digest;
  run.inputs = bundle.artifacts;
  if (!intel.empty()) run.intel_snapshot = intel.front().digest;
  run.parameters = Json::object({{"bundle", listed.id.text()}, {"events", to_json(filter)}});
  WINNOW_TRY(run.id, id_of(run));

  WINNOW_TRY(const auto material,
             read_material(registry, mapping.digest, feature_set.digest, run.intel_snapshot));
  WINNOW_TRY(const auto model_bytes, registry.read(model.digest));
  WINNOW_TRY(const auto classifier, Classifier::from_bytes(model_bytes));
  auto history = replay_history(events, filter, material.mapping, material.features,
                                material.intel_or_null(), progress);
  if (!history) return record_failure(registry, std::move(run), history.error());
  const auto& data = history->data;
  std::vector<std::uint32_t> all(data.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  ScoredRows scored;
  scored.rows = without_unwanted(data, all);
  WINNOW_TRY(scored.scores, probabilities_of(classifier, data, scored.rows));

  BundleEvaluation evaluation;
  evaluation.figures = figures_of(data, scored, {});
  evaluation.slices = slices_of(data, scored, 0.5, {});
  WINNOW_TRY(evaluation.seen_in_training, count_seen(registry, data, model));
  run.metrics.set("rows", evaluation.figures.rows)
      .set("average_precision", figure(evaluation.figures.average_precision.value))
      .set("recall_at_1_percent_fpr", figure(evaluation.figures.recall_at_fpr_1_percent.value))
      .set("seen_in_training", evaluation.seen_in_training);
  WINNOW_TRY(const auto report, to_canonical(evaluation.json()));
  WINNOW_TRY(add_output(
      registry, run,
      {ArtifactKind::Evaluation, "mail", report, "application/json", 1, run.id, run.metrics}));
  run.ended = registry.clock().now();
  WINNOW_TRY(registry.record(run));
  evaluation.run = std::move(run);
  return evaluation;
}

bool Reproduction::equal() const {
  return std::all_of(outputs.begin(), outputs.end(),
                     [](const ReproducedOutput& o) { return o.equal(); });
}

Result<Reproduction> reproduce(Registry& registry, const EventLog& events, const Run& run,
                               unsigned threads, Progress& progress) {
  if (run.kind != "train" || run.status != RunStatus::Succeeded) {
    return Error(Code::Unsupported,
                 fmt::format("run {} is no training that succeeded", run.id.text()));
  }
  const auto mapping =
      std::find_if(run.inputs.begin(), run.inputs.end(),
                   [](const ArtifactRef& ref) { return ref.kind == ArtifactKind::Mapping; });
  if (mapping == run.inputs.end() || !run.feature_set) {
    return Error(Code::NotFound,
                 fmt::format("run {} does not name its mapping and feature set", run.id.text()));
  }
  WINNOW_TRY(const auto material,
             read_material(registry, mapping->digest, *run.feature_set, run.intel_snapshot));
  WINNOW_TRY(const auto request, TrainingRequest::from_json(run.parameters));
  WINNOW_TRY(const auto made, make(events, material, request, threads, progress));
  Reproduction reproduction{run.id, {}};
  for (const auto& recorded : run.outputs) {
    const auto& bytes = recorded.kind == ArtifactKind::DataSet ? made.data_set
                        : recorded.kind == ArtifactKind::Model ? made.model
                                                               : made.evaluation;
    reproduction.outputs.push_back({recorded, sha256(bytes)});
  }
  return reproduction;
}

}  // namespace winnow::learn
