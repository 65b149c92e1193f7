#include "learn/reproduction.h"

#include <algorithm>

#include <fmt/format.h>

#include "learn/bundle_evaluation.h"
#include "learn/detail/event_filter_json.h"
#include "learn/detail/novelty.h"
#include "learn/detail/training.h"

namespace winnow::learn {
namespace {

// Each output that was recorded, beside the digest of what came out now: `bytes_of` its kind.
template <typename BytesOf>
Reproduction beside(const Run& run, const BytesOf& bytes_of) {
  Reproduction again{run.id, {}};
  for (const auto& recorded : run.outputs)
    again.outputs.push_back({recorded, sha256(bytes_of(recorded.kind))});
  return again;
}

Result<Reproduction> train_again(Registry& registry, const EventLog& events, const Run& run,
                                 unsigned threads, Progress& progress) {
  WINNOW_TRY(const auto material, read_material(registry, run.domain, run.inputs));
  WINNOW_TRY(const auto request, TrainingRequest::from_record(run.parameters));
  WINNOW_TRY(const auto made, make_training(events, material, request, threads, progress));
  return beside(run, [&](ArtifactKind kind) -> const std::string& {
    return kind == ArtifactKind::DataSet ? made.data_set
           : kind == ArtifactKind::Model ? made.model
                                         : made.evaluation;
  });
}

Result<Reproduction> learn_novelty_again(Registry& registry, const EventLog& events, const Run& run,
                                         unsigned threads, Progress& progress) {
  WINNOW_TRY(const auto material, read_material(registry, run.domain, run.inputs));
  WINNOW_TRY(const auto training, NoveltyTraining::from_record(run.parameters));
  WINNOW_TRY(const auto made, make_novelty(events, material, training, threads, progress));
  return beside(run, [&](ArtifactKind) { return made.model.to_bytes(); });
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
  return beside(run, [&](ArtifactKind) -> const std::string& { return bytes; });
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
