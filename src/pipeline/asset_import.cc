#include "pipeline/asset_import.h"

#include <memory>

#include "intel/asset_statements.h"

namespace winnow {
namespace {

constexpr std::string_view kName = "mail";  // of every intel snapshot, whatever it is decided on

struct NewestSnapshot {
  Artifact artifact;
  IntelSnapshot snapshot;
};

Result<std::unique_ptr<NewestSnapshot>> newest_snapshot(Registry& registry) {
  WINNOW_TRY(const auto all,
             registry.artifacts({ArtifactKind::IntelSnapshot, std::string(kName), std::nullopt}));
  if (all.empty()) return std::unique_ptr<NewestSnapshot>();
  WINNOW_TRY(auto bytes, registry.read(all.front().digest));
  WINNOW_TRY(auto snapshot, IntelSnapshot::from_bytes(std::move(bytes)));
  return std::make_unique<NewestSnapshot>(NewestSnapshot{all.front(), std::move(snapshot)});
}

}  // namespace

Result<KnownAssets> known_assets(Registry& registry) {
  WINNOW_TRY(const auto newest, newest_snapshot(registry));
  KnownAssets known;
  if (newest) known.assets = assets_of(newest->snapshot);
  if (!known.assets.empty()) known.snapshot = newest->artifact;
  known.digest = sha256(assets_csv(known.assets));
  return known;
}

Result<Artifact> import_assets(Registry& registry, std::vector<Asset> assets,
                               std::string_view actor) {
  WINNOW_TRY(assets, checked(std::move(assets)));
  WINNOW_TRY(const auto newest, newest_snapshot(registry));
  const auto count = std::uint64_t{assets.size()};
  WINNOW_TRY(const auto bytes, snapshot_with_assets(newest ? &newest->snapshot : nullptr, assets,
                                                    sha256(assets_csv(assets))));
  WINNOW_TRY(const auto snapshot, IntelSnapshot::from_bytes(bytes));
  auto metadata =
      Json::object({{"indicators", std::uint64_t{snapshot.indicator_count()}}, {"assets", count}});
  if (newest) metadata.set("changed_from", newest->artifact.digest.hex());
  return registry.add(
      {ArtifactKind::IntelSnapshot, std::string(kName), bytes,
       "application/vnd.winnow.intel-snapshot", 1, std::nullopt, std::move(metadata)},
      actor);
}

}  // namespace winnow
