#include "learn/detail/run_material.h"

#include <fmt/format.h>

namespace winnow::learn {

Result<Material> read_material(const Registry& registry, std::string_view domain_name,
                               std::span<const ArtifactRef> artifacts) {
  const auto domain = domain_named(domain_name);
  if (!domain) {
    return Error(Code::InvalidArgument, fmt::format("there is no domain '{}'", domain_name));
  }
  std::vector<std::string> mappings;
  std::optional<FeatureSet> features;
  std::optional<IntelSnapshot> intel;
  for (const auto& ref : artifacts) {
    if (ref.kind == ArtifactKind::Mapping) {
      WINNOW_TRY(mappings.emplace_back(), registry.read(ref.digest));
    } else if (ref.kind == ArtifactKind::FeatureSet) {
      WINNOW_TRY(const auto bytes, registry.read(ref.digest));
      WINNOW_TRY(features, FeatureSet::from_canonical(bytes));
    } else if (ref.kind == ArtifactKind::IntelSnapshot) {
      WINNOW_TRY(auto bytes, registry.read(ref.digest));
      WINNOW_TRY(intel, IntelSnapshot::from_bytes(std::move(bytes)));
    }
  }
  if (!features) return Error(Code::NotFound, "no feature set is named");
  WINNOW_TRY(auto mapping, DomainMapping::from_artifacts(*domain, mappings));
  return Material{std::move(mapping), *std::move(features), std::move(intel)};
}

}  // namespace winnow::learn
