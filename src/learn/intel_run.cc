#include "learn/intel_run.h"

#include "intel/asset_statements.h"
#include "learn/detail/run_record.h"
#include "pipeline/asset_import.h"

namespace winnow::learn {
namespace {

// The assets of the snapshot before are those of the new one: lists from elsewhere say nothing of
// them.
Result<std::string> with_assets_known_before(Registry& registry, std::string bytes) {
  WINNOW_TRY(const auto known, known_assets(registry));
  if (known.assets.empty()) return bytes;
  WINNOW_TRY(const auto snapshot, IntelSnapshot::from_bytes(std::move(bytes)));
  return snapshot_with_assets(&snapshot, known.assets, known.digest);
}

}  // namespace

Result<IntelRun> import_intel_run(Registry& registry, const IntelSpec& spec, const Path& folder,
                                  const RunContext& context) {
  auto run = begin_run(registry, "intel_import", "mail", context);
  run.parameters = spec.json();
  WINNOW_TRY(run.id, id_of(run));
  auto imported = import_intel(spec, folder);
  if (!imported) return record_failure(registry, std::move(run), imported.error());
  if (auto bytes = with_assets_known_before(registry, std::move(imported->bytes)); bytes) {
    imported->bytes = std::move(*bytes);
  } else {
    return record_failure(registry, std::move(run), bytes.error());
  }
  // Which bytes each list had stands in the snapshot itself (IntelSnapshot::lists).
  WINNOW_TRY(const auto snapshot, IntelSnapshot::from_bytes(imported->bytes));
  std::uint64_t refused = 0;
  for (const auto& [name, report] : imported->reports) refused += report.refused;
  run.metrics.set("indicators", std::uint64_t{snapshot.indicator_count()})
      .set("brands", std::uint64_t{snapshot.brands().size()})
      .set("refused", refused);
  WINNOW_TRY(const auto output,
             add_output(registry, run,
                        {ArtifactKind::IntelSnapshot, "mail", imported->bytes,
                         "application/vnd.winnow.intel-snapshot", 1, run.id, run.metrics}));
  run.intel_snapshot = output.digest;
  run.ended = registry.clock().now();
  WINNOW_TRY(registry.record(run));
  return IntelRun{std::move(run), std::move(imported->reports)};
}

}  // namespace winnow::learn
