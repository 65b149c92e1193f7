#include "pipeline/bundle_loader.h"

#include <fmt/format.h>

namespace winnow {
namespace {

Result<std::string> read(const Registry& registry, const ArtifactRef& ref) {
  auto bytes = registry.read(ref.digest);
  if (bytes) return bytes;
  return bytes.error().with_context(
      fmt::format("reading the {} '{}'", name_of(ref.kind), ref.name));
}

// The bytes of the bundle's one artifact of a kind; empty when it has none and need not.
enum class Need { Required, Optional };
Result<std::optional<std::string>> bytes_of(Registry& registry, const Bundle& bundle,
                                            ArtifactKind kind, Need need) {
  if (need == Need::Optional && bundle.all(kind).empty()) return std::optional<std::string>();
  WINNOW_TRY(const auto ref, bundle.only(kind));
  WINNOW_TRY(auto bytes, read(registry, ref));
  return std::optional(std::move(bytes));
}

}  // namespace

Result<std::shared_ptr<const BundleRuntime>> load_bundle(Registry& registry,
                                                         const ListedBundle& listed) {
  const auto& bundle = listed.bundle;
  const auto domain = domain_named(bundle.domain);
  if (!domain) {
    return Error(Code::InvalidArgument,
                 fmt::format("the bundle decides in '{}', which is no domain", bundle.domain));
  }
  std::vector<std::string> mappings;
  for (const auto& ref : bundle.all(ArtifactKind::Mapping)) {
    WINNOW_TRY(mappings.emplace_back(), read(registry, ref));
  }
  WINNOW_TRY(const auto feature_bytes,
             bytes_of(registry, bundle, ArtifactKind::FeatureSet, Need::Required));
  WINNOW_TRY(const auto policy_bytes,
             bytes_of(registry, bundle, ArtifactKind::Policy, Need::Required));
  WINNOW_TRY(const auto model_bytes,
             bytes_of(registry, bundle, ArtifactKind::Model, Need::Optional));
  WINNOW_TRY(const auto novelty_bytes,
             bytes_of(registry, bundle, ArtifactKind::NoveltyModel, Need::Optional));
  WINNOW_TRY(auto intel_bytes,
             bytes_of(registry, bundle, ArtifactKind::IntelSnapshot, Need::Optional));

  WINNOW_TRY(auto mapping, DomainMapping::from_artifacts(*domain, mappings));
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
  if (novelty_bytes) {
    WINNOW_TRY(auto novelty, NoveltyModel::from_bytes(*novelty_bytes));
    parts.novelty = std::make_shared<const NoveltyModel>(std::move(novelty));
  }
  if (intel_bytes) {
    WINNOW_TRY(auto intel, IntelSnapshot::from_bytes(std::move(*intel_bytes)));
    parts.intel = std::make_shared<const IntelSnapshot>(std::move(intel));
  }
  WINNOW_TRY(auto pipeline, Pipeline::create(std::move(parts)));
  return std::make_shared<const BundleRuntime>(
      BundleRuntime{listed.id, std::move(mapping), std::move(pipeline)});
}

}  // namespace winnow
