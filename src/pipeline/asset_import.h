// Bringing a list of assets, and reading the newest: part of the newest intel snapshot, so that
// bundles that are built from then on decide with it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intel/asset.h"
#include "registry/registry.h"

namespace winnow {

struct KnownAssets {
  std::vector<Asset> assets;              // by kind and name
  Digest digest;                          // of their CSV, as assets_csv() writes it
  std::optional<Artifact> snapshot = {};  // they are part of; nothing: nobody brought any
};

// Of the newest snapshot. Cost: reads all of it. Errors: Corrupt, Unavailable.
Result<KnownAssets> known_assets(Registry& registry);

// All assets are these from now on: makes a snapshot of the newest one with them, on record. The
// same assets again are no other snapshot. Errors: InvalidArgument, of the registry.
Result<Artifact> import_assets(Registry& registry, std::vector<Asset> assets,
                               std::string_view actor);

}  // namespace winnow
