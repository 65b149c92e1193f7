#include "pipeline/bundle_loader.h"

#include <fmt/format.h>

namespace winnow {
namespace {

// The bytes of the bundle's one artifact of a kind; empty when it has none and need not.
enum class Need { Required, Optional };
Result<std::optional<std::string>> bytes_of(Registry& registry, const Bundle& bundle,
                                            ArtifactKind kind, Need need) {
  if (need == Need::Optional && bundle.all(kind).empty()) return std::optional<std::string>();
  WINNOW_TRY(const auto ref, bundle.only(kind));
  auto bytes = registry.read(ref.digest);
  if (!bytes)
    return bytes.error().with_context(fmt::format("reading the {} '{}'", name_of(kind), ref.name));
  return std::optional(std::move(*bytes));
}

}  // namespace

Result<std::shared_ptr<const BundleRuntime>> load_bundle(Registry& registry,
                                                         const ListedBundle& listed) {
  const auto& bundle = listed.bundle;
  WINNOW_TRY(const auto mapping_bytes,
             bytes_of(registry, bundle, ArtifactKind::Mapping, Need::Required));
  WINNOW_TRY(const auto feature_bytes,
             bytes_of(registry, bundle, ArtifactKind::FeatureSet, Need::Required));
  WINNOW_TRY(const auto policy_bytes,
             bytes_of(registry, bundle, ArtifactKind::Policy, Need::Required));
  WINNOW_TRY(const auto model_bytes,
             bytes_of(registry, bundle, ArtifactKind::Model, Need::Optional));
  WINNOW_TRY(auto intel_bytes,
             bytes_of(registry, bundle, ArtifactKind::IntelSnapshot, Need::Optional));

  WINNOW_TRY(const auto mapping_yaml, Yaml::parse(*mapping_bytes, "mapping"));
  WINNOW_TRY(auto options, MailOptions::compile(mapping_yaml));
  WINNOW_TRY(auto features, FeatureSet::from_canonical(*feature_bytes));
  std::vector<std::string> names;
  for (const auto& feature : features.features()) names.push_back(feature.name);
  WINNOW_TRY(const auto policy_yaml, Yaml::parse(*policy_bytes, "policy"));
  WINNOW_TRY(auto policy, Policy::compile(policy_yaml, names));

  PipelineParts parts{digest_of(listed.id), std::move(features), nullptr, nullptr,
                      std::move(policy)};
  if (model_bytes) {
    WINNOW_TRY(auto model, Classifier::from_bytes(*model_bytes));
    parts.model = std::make_shared<const Classifier>(std::move(model));
  }
  if (intel_bytes) {
    WINNOW_TRY(auto intel, IntelSnapshot::from_bytes(std::move(*intel_bytes)));
    parts.intel = std::make_shared<const IntelSnapshot>(std::move(intel));
  }
  WINNOW_TRY(auto pipeline, Pipeline::create(std::move(parts)));
  return std::make_shared<const BundleRuntime>(
      BundleRuntime{listed.id, RecordMapping(std::move(options)), std::move(pipeline)});
}

}  // namespace winnow
