// The content that a run reads, compiled from its artifacts.
#pragma once

#include <optional>

#include "features/feature_set.h"
#include "ingest/domain_mapping.h"
#include "intel/intel_snapshot.h"
#include "registry/registry.h"

namespace winnow::learn {

struct Material {
  DomainMapping mapping;
  FeatureSet features;
  std::optional<IntelSnapshot> intel;
  const IntelSnapshot* intel_or_null() const { return intel ? &*intel : nullptr; }
};
// Of the artifacts of a run or a bundle: its mappings, feature set and snapshot. Errors:
// InvalidArgument (no such domain), NotFound, Corrupt, Unsupported.
Result<Material> read_material(const Registry& registry, std::string_view domain,
                               std::span<const ArtifactRef> artifacts);

}  // namespace winnow::learn
