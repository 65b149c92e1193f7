// Assets as statements of an intel snapshot, so that what decides knows them as it knows
// indicators: by digest, by time, without look-ahead. And back.
//
// Each name of an asset is a statement of the source "assets": of a host a domain, of a user a
// mailbox, of a network a block. Its labels are "asset", its criticality ("critical"), its tags as
// they are, and the rest with a colon ("owner:IT"), which no tag has.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "intel/asset.h"
#include "intel/intel_snapshot.h"

namespace winnow {

namespace intel_label {
inline constexpr std::string_view kAsset = "asset";
}  // namespace intel_label
inline constexpr std::string_view kAssetSource =
    "assets";  // of its statements, and its list's name

// The bytes of a snapshot with all that `base` (may be null) says but its assets, and these.
// `digest` is that of the list that they came from. Errors: InvalidArgument (as checked()), as
// SnapshotBuilder::build().
Result<std::string> snapshot_with_assets(const IntelSnapshot* base, std::vector<Asset> assets,
                                         const Digest& digest);

// All of a snapshot, by kind and name. Cost: reads every statement.
std::vector<Asset> assets_of(const IntelSnapshot& snapshot);
// The asset of that name or alias (in normal form) that counts at `at`; of an address the smallest
// network around it.
std::optional<Asset> asset_at(const IntelSnapshot& snapshot, AssetKind kind, std::string_view name,
                              Timestamp at);

}  // namespace winnow
