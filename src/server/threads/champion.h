// The bundles that decide, one a domain, and what people ask about them.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "base/result.h"
#include "base/timestamp.h"
#include "ocsf/domain.h"
#include "pipeline/bundle_loader.h"
#include "registry/registry.h"
#include "rollout/deployments.h"

namespace winnow::server {

// Immutable, shared by threads.
struct Champion {
  std::shared_ptr<const BundleRuntime> bundle;
  std::optional<Digest> model = {};
  std::optional<RunId> run = {};  // that made it
  Timestamp promoted = {};
};

// By domain; null where nothing is deployed.
using Champions = std::array<std::shared_ptr<const Champion>, kDomains.size()>;
inline std::size_t place_of(Domain domain) { return static_cast<std::size_t>(domain); }
bool has_any(const Champions& champions);

// As deployed, compiled; null where nothing is. Errors: as Registry::bundle and load_bundle.
Result<std::shared_ptr<const Champion>> deployed_champion(Registry& registry,
                                                          Deployments& deployments, Domain domain);
Result<Champions> deployed_champions(Registry& registry, Deployments& deployments);

}  // namespace winnow::server
