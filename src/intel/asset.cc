#include "intel/asset.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "base/yaml.h"
#include "intel/indicator.h"
#include "names/domain.h"

namespace winnow {
namespace {

constexpr std::array<std::string_view, kAssetKinds> kKinds = {"user", "host", "network"};
constexpr std::array<std::string_view, 5> kCriticalities = {"", "low", "medium", "high",
                                                            "critical"};
constexpr std::size_t kLongestText = 200;
constexpr std::size_t kMostWords = 32;

Error unknown(std::string_view what, std::string_view name, std::string_view near) {
  auto error = Error(Code::InvalidArgument, fmt::format("'{}' is no {}", name.substr(0, 80), what));
  return near.empty() ? error : std::move(error).with_hint(fmt::format("did you mean '{}'?", near));
}

Status check_text(std::string_view what, std::string_view text) {
  if (text.size() > kLongestText)
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' has {} bytes, more than {}", what, text.size(), kLongestText));
  const bool has_control =
      std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (has_control || !is_valid_utf8(text))
    return Error(Code::InvalidArgument, fmt::format("'{}' is not a line of text", what));
  return {};
}

Result<std::string> name_in_normal_form(AssetKind kind, std::string_view name) {
  constexpr std::array<IndicatorKind, kAssetKinds> kOf = {IndicatorKind::Mailbox,
                                                          IndicatorKind::Domain, IndicatorKind::Ip};
  auto normal = normal_indicator(kOf[static_cast<std::size_t>(kind)], name);
  if (normal) return normal;
  constexpr std::array<std::string_view, kAssetKinds> kHints = {
      "a user is named by a mail address; accounts are aliases: ann@soc.example",
      "a host is named as in the domain name system: ws-0042, dc1.soc.example",
      "a network is an address or a block: 10.0.0.0/24"};
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is not the name of a {}", name.substr(0, 80), name_of(kind)))
      .with_hint(std::string(kHints[static_cast<std::size_t>(kind)]));
}

// A user's account may be called otherwise than a mail address.
Result<std::string> alias_in_normal_form(AssetKind kind, std::string_view alias) {
  if (kind != AssetKind::User || alias.find('@') != std::string_view::npos)
    return name_in_normal_form(kind, alias);
  const bool is_word = !alias.empty() && alias.size() <= kLongestText && is_valid_utf8(alias) &&
                       std::ranges::none_of(alias, [](char c) {
                         return static_cast<unsigned char>(c) <= ' ' || c == ':';
                       });
  if (is_word) return ascii_lower(alias);
  return Error(Code::InvalidArgument, fmt::format("'{}' is no account", alias.substr(0, 80)));
}

void sort_once_each(std::vector<std::string>& texts) {
  std::ranges::sort(texts);
  const auto again = std::ranges::unique(texts);
  texts.erase(again.begin(), again.end());
}

// Words that say something else where an asset is a statement among others.
constexpr std::array<std::string_view, 16> kReserved = {
    "asset", "low",    "medium",  "high",     "critical",   "phishing",  "malware", "c2",
    "spam",  "benign", "popular", "freemail", "disposable", "shortener", "hosting", "brand"};

bool is_tag(std::string_view text) {
  if (std::ranges::find(kReserved, text) != kReserved.end()) return false;
  return !text.empty() && text.size() <= 60 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Result<std::vector<std::string>> texts_in(const Json& json, std::string_view member) {
  std::vector<std::string> texts;
  if (json[member].is_null()) return texts;
  WINNOW_TRY(const auto* const list, json.need_array(member));
  for (const auto& item : list->items()) {
    if (!item.is_string())
      return Error(Code::InvalidArgument, fmt::format("'{}' lists texts", member));
    texts.push_back(item.as_string());
  }
  return texts;
}

Result<std::string> text_in(const Json& json, std::string_view member) {
  if (json[member].is_null()) return std::string();
  return json.need_string(member);
}

Result<std::optional<Timestamp>> time_in(const Json& json, std::string_view member) {
  WINNOW_TRY(const auto text, text_in(json, member));
  if (text.empty()) return std::optional<Timestamp>();
  WINNOW_TRY(const auto time, Timestamp::parse(text));
  return std::optional(time);
}

Json json_of(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const auto& text : texts) json.push(text);
  return json;
}

Json json_of(const std::optional<Timestamp>& time) { return time ? Json(time->text()) : Json(); }

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

}  // namespace

std::string_view name_of(AssetKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

Result<AssetKind> kind_named(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name);
  if (found != kKinds.end()) return static_cast<AssetKind>(found - kKinds.begin());
  return unknown("kind of asset", name, nearest(name, {"user", "host", "network"}));
}

std::string_view name_of(Criticality criticality) {
  return kCriticalities[static_cast<std::size_t>(criticality)];
}

Result<Criticality> criticality_named(std::string_view name) {
  const auto found = std::ranges::find(kCriticalities, name);
  if (found != kCriticalities.end())
    return static_cast<Criticality>(found - kCriticalities.begin());
  return unknown("criticality", name, nearest(name, {"low", "medium", "high", "critical"}));
}

Result<Asset> checked(Asset asset) {
  WINNOW_TRY(asset.name, name_in_normal_form(asset.kind, asset.name));
  WINNOW_TRY(check_text("owner", asset.owner));
  WINNOW_TRY(check_text("department", asset.department));
  WINNOW_TRY(check_text("purpose", asset.purpose));
  if (asset.tags.size() > kMostWords || asset.aliases.size() > kMostWords)
    return Error(Code::InvalidArgument,
                 fmt::format("an asset has at most {} tags and aliases", kMostWords));
  for (const auto& tag : asset.tags) {
    if (!is_tag(tag))
      return Error(Code::InvalidArgument, fmt::format("'{}' is no tag", tag.substr(0, 80)))
          .with_hint(
              "small letters, digits, '-' and '_'; no criticality, and no label of indicators");
  }
  for (auto& alias : asset.aliases) {
    WINNOW_TRY(alias, alias_in_normal_form(asset.kind, alias));
  }
  std::erase(asset.aliases, asset.name);
  sort_once_each(asset.tags);
  sort_once_each(asset.aliases);
  if (asset.since && asset.until && *asset.until <= *asset.since)
    return Error(Code::InvalidArgument, fmt::format("'{}' ends before it begins", asset.name));
  return asset;
}

Json to_json(const Asset& asset) {
  return Json::object({{"kind", name_of(asset.kind)},
                       {"name", asset.name},
                       {"criticality", text_or_null(name_of(asset.criticality))},
                       {"owner", text_or_null(asset.owner)},
                       {"department", text_or_null(asset.department)},
                       {"purpose", text_or_null(asset.purpose)},
                       {"tags", json_of(asset.tags)},
                       {"aliases", json_of(asset.aliases)},
                       {"since", json_of(asset.since)},
                       {"until", json_of(asset.until)}});
}

Result<Asset> asset_of(const Json& json) {
  Asset asset;
  for (const auto& [member, value] : json.members()) {
    static const std::vector<std::string> kMembers = {
        "kind", "name",    "criticality", "owner", "department",
        "tags", "purpose", "aliases",     "since", "until"};
    if (std::ranges::find(kMembers, member) == kMembers.end())
      return unknown("member of an asset", member, nearest(member, kMembers));
  }
  WINNOW_TRY(const auto kind, json.need_string("kind"));
  WINNOW_TRY(asset.kind, kind_named(kind));
  WINNOW_TRY(asset.name, json.need_string("name"));
  WINNOW_TRY(const auto criticality, text_in(json, "criticality"));
  WINNOW_TRY(asset.criticality, criticality_named(criticality));
  WINNOW_TRY(asset.owner, text_in(json, "owner"));
  WINNOW_TRY(asset.department, text_in(json, "department"));
  WINNOW_TRY(asset.purpose, text_in(json, "purpose"));
  WINNOW_TRY(asset.tags, texts_in(json, "tags"));
  WINNOW_TRY(asset.aliases, texts_in(json, "aliases"));
  WINNOW_TRY(asset.since, time_in(json, "since"));
  WINNOW_TRY(asset.until, time_in(json, "until"));
  return checked(std::move(asset));
}

Result<std::vector<Asset>> checked(std::vector<Asset> assets) {
  if (assets.size() > kMostAssets)
    return Error(Code::InvalidArgument,
                 fmt::format("{} assets, more than {}", assets.size(), kMostAssets));
  for (auto& asset : assets) {
    WINNOW_TRY(asset, checked(std::move(asset)));
  }
  std::ranges::sort(assets, {}, [](const Asset& asset) {
    return std::pair(asset.kind, std::string_view(asset.name));
  });
  std::set<std::pair<AssetKind, std::string_view>> seen;
  for (const auto& asset : assets) {
    bool is_new = seen.emplace(asset.kind, asset.name).second;
    for (const auto& alias : asset.aliases)
      is_new = seen.emplace(asset.kind, alias).second && is_new;
    if (!is_new)
      return Error(Code::InvalidArgument,
                   fmt::format("the {} '{}', or one of its aliases, is another asset's name too",
                               name_of(asset.kind), asset.name));
  }
  return assets;
}

}  // namespace winnow
