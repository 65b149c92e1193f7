#include "cases/case_entity.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cases/bounded_text.h"
#include "pipeline/known_intelligence.h"

namespace winnow::cases {
namespace {

using ocsf::EntityKind;

// In the order of what tells people most of an event.
constexpr std::array kKinds = {EntityKind::Host, EntityKind::User,   EntityKind::CloudPrincipal,
                               EntityKind::Ip,   EntityKind::Domain, EntityKind::FileHash};
constexpr std::array<std::string_view, 5> kCriticalities = {"", "low", "medium", "high",
                                                            "critical"};

std::uint8_t criticality_of(const KnownIntelligence& intel, EntityKind kind, std::string_view key) {
  switch (kind) {
    case EntityKind::Host:
      return intel.criticality(ObservableKind::Domain, key);
    case EntityKind::User:
    case EntityKind::CloudPrincipal:
      return intel.criticality(ObservableKind::Address, key);
    case EntityKind::Ip:
      return intel.criticality(ObservableKind::Ip, key);
    default:
      return 0;
  }
}

bool is_same(const CaseEntity& one, const CaseEntity& other) {
  return one.kind == other.kind && one.key == other.key;
}

}  // namespace

std::string_view criticality_name(std::uint8_t criticality) {
  return criticality < kCriticalities.size() ? kCriticalities[criticality] : std::string_view();
}

Result<std::uint8_t> criticality_named(std::string_view name) {
  const auto* const found = std::ranges::find(kCriticalities, name);
  if (name.empty() || found == kCriticalities.end()) {
    return Error(Code::InvalidArgument, fmt::format("'{}' is no criticality", bounded(name, 40)))
        .with_hint("one of low, medium, high, critical");
  }
  return static_cast<std::uint8_t>(found - kCriticalities.begin());
}

std::vector<CaseEntity> entities_of(const ocsf::Event& event, const IntelSnapshot* intel) {
  const KnownIntelligence known(intel, 0, event.time());
  std::vector<CaseEntity> entities;
  for (const auto kind : kKinds) {
    for (const auto& entity : event.entities()) {
      if (entities.size() == kMaxEntitiesOfFinding) return entities;
      if (entity.kind != kind || entity.key.empty() || entity.key.size() > kMaxEntityBytes)
        continue;
      CaseEntity found{kind, std::string(entity.key), criticality_of(known, kind, entity.key)};
      const bool is_known = std::ranges::any_of(
          entities, [&](const CaseEntity& other) { return is_same(other, found); });
      if (!is_known) entities.push_back(std::move(found));
    }
  }
  return entities;
}

void keep_entities(std::vector<CaseEntity>& kept, std::span<const CaseEntity> more) {
  for (const auto& entity : more) {
    const auto known =
        std::ranges::find_if(kept, [&](const CaseEntity& other) { return is_same(other, entity); });
    if (known == kept.end()) {
      kept.push_back(entity);
    } else {
      known->criticality = std::max(known->criticality, entity.criticality);
    }
  }
  std::ranges::stable_sort(kept, std::ranges::greater(), &CaseEntity::criticality);
  if (kept.size() > kShownEntities) kept.resize(kShownEntities);
}

Json entities_json(std::span<const CaseEntity> entities) {
  Json json = Json::array();
  for (const auto& entity : entities) {
    json.push(Json::object({{"kind", name_of(entity.kind)},
                            {"key", entity.key},
                            {"criticality", criticality_name(entity.criticality)}}));
  }
  return json;
}

Result<std::vector<CaseEntity>> entities_in(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) return Error(Code::Corrupt, "a case's entities are no JSON");
  std::vector<CaseEntity> entities;
  for (const auto& item : parsed->items()) {
    const auto kind = std::ranges::find(kKinds, item["kind"].as_string(),
                                        [](EntityKind one) { return name_of(one); });
    if (kind == kKinds.end()) return Error(Code::Corrupt, "a case has an entity of no kind");
    const auto criticality = criticality_named(item["criticality"].as_string());
    entities.push_back(
        {*kind, item["key"].as_string(), criticality ? *criticality : std::uint8_t{0}});
  }
  return entities;
}

}  // namespace winnow::cases
