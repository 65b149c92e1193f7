#include "intel/asset_statements.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/utf8.h"
#include "intel/snapshot_builder.h"

namespace winnow {
namespace {

constexpr std::string_view kOwner = "owner:", kDepartment = "department:", kPurpose = "purpose:";
constexpr std::string_view kAlias = "alias:";  // on the name's own statement
constexpr std::string_view kOf = "of:";        // on an alias's statement: whose it is
constexpr std::array<IndicatorKind, kAssetKinds> kKinds = {
    IndicatorKind::Mailbox, IndicatorKind::Domain, IndicatorKind::Ip};

IndicatorKind indicator_kind(AssetKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
AssetKind asset_kind(IndicatorKind kind) {
  return static_cast<AssetKind>(std::ranges::find(kKinds, kind) - kKinds.begin());
}

void add_text(std::set<std::string>& labels, std::string_view prefix, std::string_view text) {
  if (!text.empty()) labels.insert(std::string(prefix) + std::string(text));
}

std::vector<Indicator> statements_of(const Asset& asset) {
  std::set<std::string> labels(asset.tags.begin(), asset.tags.end());
  labels.insert(std::string(intel_label::kAsset));
  add_text(labels, "", name_of(asset.criticality));
  add_text(labels, kOwner, asset.owner);
  add_text(labels, kDepartment, asset.department);
  add_text(labels, kPurpose, asset.purpose);
  Indicator statement{.kind = indicator_kind(asset.kind),
                      .value = {},
                      .source = std::string(kAssetSource),
                      .labels = {},
                      .first_seen = asset.since,
                      .last_seen = {},
                      .expires = asset.until};
  std::vector<Indicator> statements;
  const auto state = [&](const std::string& value, const std::set<std::string>& said) {
    statement.value = value;
    statement.labels.assign(said.begin(), said.end());
    statements.push_back(statement);
  };
  auto own = labels;
  for (const auto& alias : asset.aliases) own.insert(std::string(kAlias) + alias);
  state(asset.name, own);
  labels.insert(std::string(kOf) + asset.name);
  for (const auto& alias : asset.aliases) state(alias, labels);
  return statements;
}

bool is_asset(const IntelSnapshot::Entry& entry) { return entry.source() == kAssetSource; }

std::optional<Criticality> criticality_labelled(std::string_view label) {
  for (const auto criticality :
       {Criticality::Low, Criticality::Medium, Criticality::High, Criticality::Critical}) {
    if (label == name_of(criticality)) return criticality;
  }
  return std::nullopt;
}

// Nothing for the statement of an alias.
std::optional<Asset> asset_in(const IntelSnapshot::Entry& entry) {
  Asset asset{.kind = asset_kind(entry.kind()), .name = entry.value()};
  for (std::size_t i = 0; i < entry.label_count(); ++i) {
    const auto label = entry.label(i);
    const auto rest = [label](std::string_view prefix) {
      return label.starts_with(prefix) ? std::optional(std::string(label.substr(prefix.size())))
                                       : std::nullopt;
    };
    if (rest(kOf)) return std::nullopt;
    if (auto owner = rest(kOwner)) {
      asset.owner = std::move(*owner);
    } else if (auto department = rest(kDepartment)) {
      asset.department = std::move(*department);
    } else if (auto purpose = rest(kPurpose)) {
      asset.purpose = std::move(*purpose);
    } else if (auto alias = rest(kAlias)) {
      asset.aliases.push_back(std::move(*alias));
    } else if (const auto criticality = criticality_labelled(label)) {
      asset.criticality = *criticality;
    } else if (label != intel_label::kAsset) {
      asset.tags.emplace_back(label);
    }
  }
  asset.since = entry.first_seen();
  asset.until = entry.expires();
  return asset;
}

Criticality said_in(const IntelSnapshot::Entry& entry) {
  for (std::size_t i = 0; i < entry.label_count(); ++i) {
    if (const auto criticality = criticality_labelled(entry.label(i))) return *criticality;
  }
  return Criticality::Unknown;
}

// Of the statement that fits best of those about this name: of an address networks match from the
// smallest outwards.
Criticality criticality_of(const IntelSnapshot& snapshot, AssetKind kind, std::string_view name,
                           Timestamp at) {
  const Observable observable{indicator_kind(kind), name};
  std::vector<IntelMatch> matches;
  snapshot.match({&observable, 1}, at, matches);
  for (const auto& match : matches) {
    const auto entry = snapshot.entry(match.entry);
    if (!is_asset(entry)) continue;
    if (const auto said = said_in(entry); said != Criticality::Unknown) return said;
  }
  return Criticality::Unknown;
}

// What is left of a name when its owner's surroundings are taken away: "ann" of "soc\ann", "dc1" of
// "dc1.soc.example"; empty when nothing was there to take away.
std::string_view bare(AssetKind kind, std::string_view name) {
  if (kind == AssetKind::User) {
    const auto realm = name.find_last_of("\\/");
    return realm == std::string_view::npos ? std::string_view() : name.substr(realm + 1);
  }
  const auto dot = name.find('.');
  return kind == AssetKind::Network || dot == std::string_view::npos ? std::string_view()
                                                                     : name.substr(0, dot);
}

}  // namespace

Result<std::string> snapshot_with_assets(const IntelSnapshot* base, std::vector<Asset> assets,
                                         const Digest& digest) {
  WINNOW_TRY(assets, checked(std::move(assets)));
  SnapshotBuilder builder;
  for (std::uint32_t i = 0; base != nullptr && i < base->entry_count(); ++i) {
    const auto entry = base->entry(i);
    if (!is_asset(entry)) builder.add(entry.indicator());
  }
  if (base != nullptr) {
    for (const auto& brand : base->brands()) builder.add(brand);
    for (const auto& list : base->lists()) {
      if (list.name != kAssetSource) builder.add(list);
    }
  }
  std::uint64_t statements = 0;
  for (const auto& asset : assets) {
    for (const auto& statement : statements_of(asset)) {
      builder.add(statement);
      ++statements;
    }
  }
  builder.add(IntelList{std::string(kAssetSource),
                        "assets",
                        {std::string(intel_label::kAsset)},
                        digest,
                        statements,
                        0});
  return std::move(builder).build();
}

std::vector<Asset> assets_of(const IntelSnapshot& snapshot) {
  std::vector<Asset> assets;
  for (std::uint32_t i = 0; i < snapshot.entry_count(); ++i) {
    const auto entry = snapshot.entry(i);
    if (!is_asset(entry)) continue;
    if (auto asset = asset_in(entry)) assets.push_back(std::move(*asset));
  }
  std::ranges::sort(assets, {}, [](const Asset& asset) {
    return std::pair(asset.kind, std::string_view(asset.name));
  });
  return assets;
}

bool knows_assets(const IntelSnapshot& snapshot) {
  return std::ranges::any_of(snapshot.lists(),
                             [](const IntelList& list) { return list.name == kAssetSource; });
}

Criticality criticality_at(const IntelSnapshot& snapshot, AssetKind kind, std::string_view name,
                           Timestamp at) {
  const auto key = ascii_lower(name);
  const auto said = criticality_of(snapshot, kind, key, at);
  const auto rest = bare(kind, key);
  return said != Criticality::Unknown || rest.empty() ? said
                                                      : criticality_of(snapshot, kind, rest, at);
}

}  // namespace winnow
