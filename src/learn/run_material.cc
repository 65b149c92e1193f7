#include "learn/detail/run_material.h"

#include "base/yaml.h"

namespace winnow::learn {

Result<Material> read_material(const Registry& registry, const Digest& mapping,
                               const Digest& feature_set, const std::optional<Digest>& intel) {
  WINNOW_TRY(const auto mapping_bytes, registry.read(mapping));
  WINNOW_TRY(const auto yaml, Yaml::parse(mapping_bytes, "mapping"));
  WINNOW_TRY(auto options, MailOptions::compile(yaml));
  WINNOW_TRY(const auto feature_bytes, registry.read(feature_set));
  WINNOW_TRY(auto features, FeatureSet::from_canonical(feature_bytes));
  Material material{RecordMapping(std::move(options)), std::move(features), std::nullopt};
  if (intel) {
    WINNOW_TRY(auto bytes, registry.read(*intel));
    WINNOW_TRY(auto snapshot, IntelSnapshot::from_bytes(std::move(bytes)));
    material.intel = std::move(snapshot);
  }
  return material;
}

}  // namespace winnow::learn
