#include "learn/novelty_training.h"

#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>

#include "base/yaml.h"
#include "learn/detail/event_filter_json.h"
#include "learn/detail/novelty.h"
#include "learn/detail/run_record.h"
#include "learn/detail/whole_number.h"

namespace winnow::learn {
namespace {

constexpr std::uint32_t kLeastRows = NoveltyTraining::kLeastRows,
                        kMostRows = NoveltyTraining::kMostRows;

Status check(const NoveltyTraining& training) {
  if (training.rows < kLeastRows || training.rows > kMostRows) {
    return Error(Code::InvalidArgument, fmt::format("'rows' is {}, not from {} to {}",
                                                    training.rows, kLeastRows, kMostRows));
  }
  if (!(training.held_out_share >= 0.05 && training.held_out_share <= 0.5)) {
    return Error(Code::InvalidArgument, fmt::format("'held_out_share' is {}, not from 0.05 to 0.5",
                                                    training.held_out_share));
  }
  return {};
}

}  // namespace

Json NoveltyTraining::json() const {
  return Json::object({{"seed", seed},
                       {"trees", forest.trees},
                       {"samples", forest.samples},
                       {"rows", rows},
                       {"held_out_share", held_out_share},
                       {"events", to_json(events)}});
}

Result<NoveltyTraining> NoveltyTraining::from_record(const Json& json) {
  const std::initializer_list<std::string_view> keys = {"seed", "trees",          "samples",
                                                        "rows", "held_out_share", "events"};
  for (const auto& [key, value] : json.members()) {
    if (std::ranges::find(keys, key) != keys.end()) continue;
    Error unknown(Code::InvalidArgument, fmt::format("'novelty' has no key '{}'", key));
    const auto near = nearest(key, keys);
    return near.empty() ? unknown
                        : std::move(unknown).with_hint(fmt::format("did you mean '{}'?", near));
  }
  NoveltyTraining training;
  WINNOW_TRY(const auto seed, json.need_int("seed"));
  training.seed = static_cast<std::uint64_t>(seed);
  WINNOW_TRY(training.forest, IsolationTraining::from_json(json));
  WINNOW_TRY(training.rows, need_count(json, "rows", kMostRows + 1));
  WINNOW_TRY(training.held_out_share, json.need_number("held_out_share"));
  WINNOW_TRY(training.events, filter_of(json["events"]));
  WINNOW_TRY(check(training));
  return training;
}

Result<NoveltyTraining> NoveltyTraining::from_content(const Json& training) {
  if (!training["novelty"].is_object()) {
    return Error(Code::InvalidArgument, "the training says nothing under 'novelty'")
        .with_hint("content/training/network.yaml shows how");
  }
  auto record = training["novelty"];
  return from_record(
      record.set("seed", training["plan"]["seed"]).set("events", training["events"]));
}

Result<NoveltyOutcome> train_novelty(Registry& registry, const EventLog& events,
                                     const TrainingMaterial& material,
                                     const NoveltyTraining& training, const RunContext& context,
                                     Progress& progress) {
  WINNOW_TRY(auto run, begin_training(registry, kNoveltyRun, material, training.seed,
                                      training.json(), context));
  const auto read = read_material(registry, run.domain, run.inputs);
  if (!read) return record_failure(registry, std::move(run), read.error());
  const auto made = make_novelty(events, *read, training, context.threads, progress);
  if (!made) return record_failure(registry, std::move(run), made.error());
  run.metrics = Json::object({{"events", made->events},
                              {"train_rows", made->train_rows},
                              {"held_out_rows", made->held_out_rows}});
  WINNOW_TRY(add_output(registry, run,
                        {ArtifactKind::NoveltyModel, run.domain, made->model.to_bytes(),
                         "application/vnd.winnow.novelty-model", 1, run.id, run.metrics}));
  run.ended = registry.clock().now();
  WINNOW_TRY(registry.record(run));
  const auto ordinary = static_cast<double>(made->model.ordinary().size());
  return NoveltyOutcome{std::move(run), made->events, made->train_rows, made->held_out_rows,
                        ordinary / (ordinary + 1)};
}

}  // namespace winnow::learn
