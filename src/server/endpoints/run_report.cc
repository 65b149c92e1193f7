#include "server/endpoints/run_report.h"

#include <algorithm>
#include <optional>

namespace winnow::server {
namespace {

constexpr std::uint64_t kMaxEvaluationBytes = 16UL << 20, kMaxPolicyBytes = 4UL << 20;

const ArtifactRef* output_of(const Run& run, ArtifactKind kind) {
  const auto found = std::ranges::find(run.outputs, kind, &ArtifactRef::kind);
  return found == run.outputs.end() ? nullptr : &*found;
}

// Null for a run that made none.
Result<Json> evaluation_of(Registry& registry, const Run& run) {
  const auto* const output = output_of(run, ArtifactKind::Evaluation);
  if (output == nullptr) return Json();
  WINNOW_TRY(const auto text, registry.read(output->digest, kMaxEvaluationBytes));
  return parse_json(text);
}

// Of one side: what a list has room for.
Json key_figures(const Json& figures) {
  if (!figures.is_object()) return {};
  Json key = Json::object();
  for (const auto* name : {"rows", "malicious", "average_precision", "recall_at_fpr_0_1_percent",
                           "recall_at_fpr_1_percent"})
    key.set(name, figures[name]);
  return key;
}

// A training's evaluation has a model and a baseline, a bundle's only figures.
Json figures_of(const Json& evaluation) {
  if (!evaluation.is_object()) return {};
  const auto& model = evaluation["model"].is_object() ? evaluation["model"] : evaluation["figures"];
  return Json::object(
      {{"model", key_figures(model)}, {"baseline", key_figures(evaluation["baseline"])}});
}

Result<Json> bundles_with(Registry& registry, const Run& run) {
  Json found = Json::array();
  WINNOW_TRY(const auto all, registry.bundles(run.domain));
  for (const auto& listed : all) {
    const bool holds = std::ranges::any_of(listed.bundle.artifacts, [&](const ArtifactRef& ref) {
      return std::ranges::find(run.outputs, ref.digest, &ArtifactRef::digest) != run.outputs.end();
    });
    if (holds)
      found.push(Json::object({{"id", listed.id.text()}, {"created", listed.created.text()}}));
  }
  return found;
}

// The thresholds by which what the run made decides: of the policy that an evaluation's bundle had,
// else of the newest bundle that holds its model. Null without either.
Result<Json> policy_of(Registry& registry, const Run& run) {
  const auto is_policy = [](const ArtifactRef& ref) { return ref.kind == ArtifactKind::Policy; };
  auto bundle = run.parameters["bundle"].as_string();
  auto policy = std::ranges::find_if(run.inputs, is_policy);
  std::optional<ArtifactRef> found;
  if (policy != run.inputs.end()) found = *policy;
  const auto* const model = output_of(run, ArtifactKind::Model);
  if (!found && model != nullptr) {
    WINNOW_TRY(const auto all, registry.bundles(run.domain));
    for (const auto& listed : all) {
      const auto& artifacts = listed.bundle.artifacts;
      if (std::ranges::find(artifacts, model->digest, &ArtifactRef::digest) == artifacts.end())
        continue;
      policy = std::ranges::find_if(artifacts, is_policy);
      if (policy == artifacts.end()) continue;
      found = *policy;
      bundle = listed.id.text();
      break;
    }
  }
  if (!found) return Json();
  WINNOW_TRY(const auto text, registry.read(found->digest, kMaxPolicyBytes));
  WINNOW_TRY(const auto written, parse_json(text));
  return Json::object(
      {{"bundle", bundle}, {"routes", written["routes"]}, {"abstain", written["abstain"]}});
}

}  // namespace

Result<Json> run_summary(Registry& registry, const Run& run) {
  WINNOW_TRY(const auto evaluation, evaluation_of(registry, run));
  const auto* const model = output_of(run, ArtifactKind::Model);
  return Json::object({{"id", run.id.text()},
                       {"kind", run.kind},
                       {"domain", run.domain},
                       {"actor", run.actor},
                       {"started", run.started.text()},
                       {"ended", run.ended.text()},
                       {"status", name_of(run.status)},
                       {"failure", run.failure},
                       {"commit", run.code.commit},
                       {"model", model == nullptr ? Json() : Json(model->digest.hex())},
                       {"metrics", run.metrics},
                       {"figures", figures_of(evaluation)}});
}

Result<Json> run_detail(Registry& registry, const Run& run) {
  auto json = to_json(run);
  WINNOW_TRY(auto evaluation, evaluation_of(registry, run));
  WINNOW_TRY(auto bundles, bundles_with(registry, run));
  WINNOW_TRY(auto policy, policy_of(registry, run));
  json.set("evaluation", std::move(evaluation))
      .set("bundles", std::move(bundles))
      .set("policy", std::move(policy));
  return json;
}

Json run_difference(const Run& before, const Run& after) {
  Json changes = Json::array();
  for (const auto& change : diff(before, after)) {
    changes.push(Json::object(
        {{"field", change.field}, {"before", change.before}, {"after", change.after}}));
  }
  return Json::object(
      {{"before", before.id.text()}, {"after", after.id.text()}, {"changes", std::move(changes)}});
}

}  // namespace winnow::server
