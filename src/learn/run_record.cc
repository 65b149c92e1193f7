#include "learn/detail/run_record.h"

#include <cmath>

#include <fmt/format.h>
#include <sys/utsname.h>

#include "base/cpu.h"

namespace winnow::learn {
namespace {

Json environment() {
  utsname system{};
  ::uname(&system);
  return Json::object(
      {{"os", fmt::format("{} {} {}", system.sysname, system.release, system.machine)},
       {"cpu_level", name_of(cpu_level())},
       {"compiler", __VERSION__}});
}

}  // namespace

Run begin_run(const Registry& registry, std::string kind, std::string domain,
              const RunContext& context) {
  Run run;
  run.kind = std::move(kind);
  run.domain = std::move(domain);
  run.actor = context.actor;
  run.code = context.code;
  run.build_id = context.build_id;
  run.environment = environment();
  run.started = registry.clock().now();
  return run;
}

Result<Run> begin_training(const Registry& registry, std::string_view kind,
                           const TrainingMaterial& material, std::uint64_t seed, Json parameters,
                           const RunContext& context) {
  auto run = begin_run(registry, std::string(kind), std::string(name_of(material.domain)), context);
  run.seed = seed;
  run.parameters = std::move(parameters);
  run.feature_set = material.feature_set.digest;
  run.inputs = material.mappings;
  run.inputs.push_back(material.feature_set);
  if (material.intel) {
    run.intel_snapshot = material.intel->digest;
    run.inputs.push_back(*material.intel);
  }
  WINNOW_TRY(run.id, id_of(run));
  return run;
}

Result<ArtifactRef> add_output(Registry& registry, Run& run, const NewArtifact& artifact) {
  WINNOW_TRY(const auto added, registry.add(artifact, run.actor));
  run.outputs.push_back(added.ref());
  return added.ref();
}

Json figure_json(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Error record_failure(Registry& registry, Run run, const Error& error) {
  run.status = RunStatus::Failed;
  run.failure = error.message();
  run.ended = registry.clock().now();
  const auto recorded = registry.record(std::move(run));
  return recorded ? error : error.with_context("(and the failure could not be recorded)");
}

}  // namespace winnow::learn
