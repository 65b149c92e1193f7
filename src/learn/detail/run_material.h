// The content that a run reads, compiled from its artifacts.
#pragma once

#include <optional>

#include "features/feature_set.h"
#include "ingest/record_mapping.h"
#include "intel/intel_snapshot.h"
#include "registry/registry.h"

namespace winnow::learn {

struct Material {
  RecordMapping mapping;
  FeatureSet features;
  std::optional<IntelSnapshot> intel;
  const IntelSnapshot* intel_or_null() const { return intel ? &*intel : nullptr; }
};
// Errors: NotFound, Corrupt, Unsupported.
Result<Material> read_material(const Registry& registry, const Digest& mapping,
                               const Digest& feature_set, const std::optional<Digest>& intel);

}  // namespace winnow::learn
