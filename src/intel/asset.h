// What hosts, users and networks are worth, and to whom they belong.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace winnow {

enum class AssetKind : std::uint8_t { User, Host, Network };
inline constexpr std::size_t kAssetKinds = 3;
std::string_view name_of(AssetKind kind);             // "user", "host", "network"
Result<AssetKind> kind_named(std::string_view name);  // Errors: InvalidArgument, the nearest name

// How bad it would be to lose it.
enum class Criticality : std::uint8_t { Unknown, Low, Medium, High, Critical };
std::string_view name_of(Criticality criticality);  // "", "low", "medium", "high", "critical"
Result<Criticality> criticality_named(std::string_view name);  // Errors: as kind_named()

struct Asset {
  AssetKind kind = AssetKind::Host;
  std::string name;  // a user's mail address, a host's name, an address or block: in normal form
  Criticality criticality = Criticality::Unknown;
  std::string owner = {}, department = {};  // for people
  std::string purpose = {};                 // "domain controller"
  std::vector<std::string> tags = {};       // "privileged": sorted, once each
  // Other names of the same, in normal form, sorted, once each; of a user accounts too ("ann").
  std::vector<std::string> aliases = {};
  std::optional<Timestamp> since = {}, until = {};  // when it counts; a leaver's last day
  friend bool operator==(const Asset&, const Asset&) = default;
};
inline constexpr std::size_t kMostAssets = 20'000;

// As programs see it; and back. Errors: InvalidArgument, naming the member.
Json to_json(const Asset& asset);
Result<Asset> asset_of(const Json& json);

// In normal form: names, sorted lists. Errors: InvalidArgument (a name that is none; a text that is
// too long; ends before it begins).
Result<Asset> checked(Asset asset);

// Assets as CSV (RFC 4180, UTF-8): a line of column names, then one asset a line. Columns: kind and
// name; criticality, owner, department, purpose, tags, aliases (separated by blanks), since, until
// where they are wanted. All or nothing. `file` is its name for errors. Errors: InvalidArgument
// ("FILE:LINE: ..." and the nearest valid name).
Result<std::vector<Asset>> read_assets(std::string_view csv, std::string_view file);
// The same the other way round, with all columns.
std::string assets_csv(std::span<const Asset> assets);

// In the order of kind and name. Errors: InvalidArgument (two have a name in common, more than
// kMostAssets; as checked()).
Result<std::vector<Asset>> checked(std::vector<Asset> assets);

}  // namespace winnow
