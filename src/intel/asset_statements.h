// Assets as statements of an intel snapshot, so that what decides knows them as it knows
// indicators: by digest, by time, without look-ahead. And back.
//
// Each name of an asset is a statement of the source "assets": of a host a domain, of a user a
// mailbox (its accounts too: "ann"), of a network a block. Its labels are "asset", its criticality
// ("critical"), its tags as they are, and the rest with a colon ("owner:IT"), which no tag has.
#pragma once

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
// Whether it holds a list of assets at all: without one nothing is known, which is not "worth
// nothing".
bool knows_assets(const IntelSnapshot& snapshot);
// What the asset of that name or alias is worth at `at`; Unknown: there is none, or nobody said.
// Names are as logs write them: in any case, a user's with a realm before it ("SOC\ann"), a host's
// with its domain behind it. Of an address the smallest network around it of which it is said.
Criticality criticality_at(const IntelSnapshot& snapshot, AssetKind kind, std::string_view name,
                           Timestamp at);

}  // namespace winnow
