#include "pipeline/known_intelligence.h"

#include <algorithm>
#include <array>

#include "intel/asset_statements.h"

namespace winnow {
namespace {

IndicatorKind indicator_kind(ObservableKind kind) {
  switch (kind) {
    case ObservableKind::Domain:
      return IndicatorKind::Domain;
    case ObservableKind::Url:
      return IndicatorKind::Url;
    case ObservableKind::Address:
      return IndicatorKind::Mailbox;
    case ObservableKind::Ip:
      return IndicatorKind::Ip;
    case ObservableKind::FileHash:
      return IndicatorKind::File;
  }
  return IndicatorKind::Domain;
}

std::optional<AssetKind> asset_kind(ObservableKind kind) {
  if (kind == ObservableKind::Domain) return AssetKind::Host;
  if (kind == ObservableKind::Address) return AssetKind::User;
  if (kind == ObservableKind::Ip) return AssetKind::Network;
  return std::nullopt;
}

// Labels that say what something is, and not that it is bad.
constexpr std::array kNeutral = {intel_label::kBenign,    intel_label::kPopular,
                                 intel_label::kFreemail,  intel_label::kDisposable,
                                 intel_label::kShortener, intel_label::kHosting,
                                 intel_label::kBrand};

bool speaks_against(const IntelSnapshot::Entry& entry) {
  bool is_neutral = entry.label_count() > 0;
  for (std::size_t i = 0; i < entry.label_count(); ++i) {
    const auto label = entry.label(i);
    if (label == intel_label::kAsset) return false;
    is_neutral = is_neutral && std::ranges::find(kNeutral, label) != kNeutral.end();
  }
  return !is_neutral;
}

}  // namespace

std::uint32_t KnownIntelligence::count_ranked(const IntelSnapshot* snapshot) {
  std::uint32_t largest = 0;
  for (std::uint32_t i = 0; snapshot != nullptr && i < snapshot->entry_count(); ++i) {
    largest = std::max(largest, snapshot->entry(i).rank());
  }
  return largest;
}

std::optional<std::uint32_t> KnownIntelligence::popularity_rank(std::string_view site) const {
  const auto rank = snapshot_ != nullptr ? snapshot_->popularity_rank(site, at_) : 0;
  return rank > 0 ? std::optional(rank) : std::nullopt;
}

bool KnownIntelligence::has_indicators() const {
  return snapshot_ != nullptr && snapshot_->indicator_count() > 0;
}

bool KnownIntelligence::is_listed(ObservableKind kind, std::string_view value,
                                  std::string_view label) const {
  if (snapshot_ == nullptr) return false;
  const Observable observable{indicator_kind(kind), value};
  if (!label.empty()) return snapshot_->is(label, observable, at_);
  std::vector<IntelMatch> matches;
  snapshot_->match({&observable, 1}, at_, matches);
  return std::ranges::any_of(matches, [&](const IntelMatch& match) {
    return speaks_against(snapshot_->entry(match.entry));
  });
}

bool KnownIntelligence::has_assets() const {
  return snapshot_ != nullptr && knows_assets(*snapshot_);
}

std::uint8_t KnownIntelligence::criticality(ObservableKind kind, std::string_view name) const {
  const auto asset = asset_kind(kind);
  if (snapshot_ == nullptr || !asset) return 0;
  return static_cast<std::uint8_t>(criticality_at(*snapshot_, *asset, name, at_));
}

}  // namespace winnow
