#include "learn/reproduction.h"

#include <algorithm>

#include <fmt/format.h>

#include "learn/bundle_evaluation.h"
#include "learn/detail/event_filter_json.h"
#include "learn/detail/novelty.h"
#include "learn/detail/training.h"

namespace winnow::learn {
namespace {

Result<Reproduction> train_again(Registry& registry, const EventLog& events, const Run& run,
                                 unsigned threads, Progress& progress) {
  WINNOW_TRY(const auto material, read_material(registry, run.domain, run.inputs));
  WINNOW_TRY(const auto request, TrainingRequest::from_record(run.parameters));
  WINNOW_TRY(const auto made, make_training(events, material, request, threads, progress));
  Reproduction again{run.id, {}};
  for (const auto& recorded : run.outputs) {
    const auto& bytes = recorded.kind == ArtifactKind::DataSet ? made.data_set
                        : recorded.kind == ArtifactKind::Model ? made.model
                                                               : made.evaluation;
    again.outputs.push_back({recorded, sha256(bytes)});
  }
  return again;
}

Result<Reproduction> learn_novelty_again(Registry& registry, const EventLog& events, const Run& run,
                                         unsigned threads, Progress& progress) {
  WINNOW_TRY(const auto material, read_material(registry, run.domain, run.inputs));
  WINNOW_TRY(const auto training, NoveltyTraining::from_record(run.parameters));
  WINNOW_TRY(const auto made, make_novelty(events, material, training, threads, progress));
  Reproduction again{run.id, {}};
  for (const auto& recorded : run.outputs)
    again.outputs.push_back({recorded, sha256(made.model.to_bytes())});
  return again;
}

Result<Reproduction> evaluate_again(Registry& registry, const EventLog& events, const Run& run,
                                    Progress& progress) {
  WINNOW_TRY(const auto filter, filter_of(run.parameters["events"]));
  const Bundle bundle{run.domain, run.inputs};
  // Absent in records from before curves were told.
  const auto curve_points = static_cast<std::uint32_t>(run.parameters["curve_points"].as_int());
  WINNOW_TRY(const auto evaluation,
             measure_bundle(registry, events, bundle, filter, curve_points, progress));
  WINNOW_TRY(const auto bytes, to_canonical(evaluation.json()));
  Reproduction again{run.id, {}};
  for (const auto& recorded : run.outputs) again.outputs.push_back({recorded, sha256(bytes)});
  return again;
}

}  // namespace

bool Reproduction::equal() const {
  return std::all_of(outputs.begin(), outputs.end(),
                     [](const ReproducedOutput& o) { return o.equal(); });
}

Result<Reproduction> reproduce(Registry& registry, const EventLog& events, const Run& run,
                               unsigned threads, Progress& progress) {
  if (run.status == RunStatus::Succeeded) {
    if (run.kind == kNoveltyRun)
      return learn_novelty_again(registry, events, run, threads, progress);
    if (run.kind == "train") return train_again(registry, events, run, threads, progress);
    if (run.kind == "evaluate") return evaluate_again(registry, events, run, progress);
  }
  return Error(Code::Unsupported,
               fmt::format("run {} is no training or evaluation that succeeded", run.id.text()));
}

}  // namespace winnow::learn
