#include "rollout/model_figures.h"

#include <algorithm>

#include <fmt/format.h>

namespace winnow {
namespace {

std::optional<ModelFigures> figures_of(const Run& run) {
  const auto& precision = run.metrics["average_precision"];
  if (run.status != RunStatus::Succeeded || !precision.is_number()) return std::nullopt;
  const auto& baseline = run.metrics["baseline_average_precision"];
  return ModelFigures{run.id, static_cast<std::uint64_t>(run.metrics["rows"].as_int()),
                      precision.as_double(),
                      baseline.is_number() ? std::optional(baseline.as_double()) : std::nullopt};
}

bool names(const std::vector<ArtifactRef>& artifacts, const ArtifactRef& wanted) {
  return std::ranges::any_of(artifacts,
                             [&](const auto& ref) { return ref.digest == wanted.digest; });
}

}  // namespace

Result<std::optional<ModelFigures>> figures_of_model(Registry& registry, const ArtifactRef& model) {
  RunFilter evaluated;
  evaluated.kind = "evaluate";
  WINNOW_TRY(const auto evaluations, registry.runs(evaluated));  // newest first
  for (const auto& run : evaluations) {
    if (!names(run.inputs, model)) continue;
    if (auto figures = figures_of(run)) return figures;
  }
  WINNOW_TRY(const auto artifact, registry.artifact(model.digest));
  if (!artifact.run) return std::optional<ModelFigures>();
  WINNOW_TRY(const auto run, registry.run(artifact.run->text()));
  return figures_of(run);
}

std::optional<std::string> doubt_about(const std::optional<ModelFigures>& model,
                                       const std::optional<ModelFigures>& champion) {
  if (!model) return "it was never measured on labelled events: run winnow evaluate first";
  if (model->baseline && model->average_precision < *model->baseline) {
    return fmt::format("{}, the plain baseline's was {:.3f}", text_of(*model), *model->baseline);
  }
  if (champion && model->average_precision < champion->average_precision) {
    return fmt::format("{}; the champion has {}", text_of(*model), text_of(*champion));
  }
  return std::nullopt;
}

std::string text_of(const ModelFigures& figures) {
  return fmt::format("average precision {:.3f} (run {}, {} labelled events)",
                     figures.average_precision, figures.run.text(), figures.rows);
}

}  // namespace winnow
