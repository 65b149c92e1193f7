// The bundle that decides on mail, and what people ask about it.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "base/timestamp.h"
#include "pipeline/bundle_loader.h"
#include "registry/registry.h"
#include "rollout/deployments.h"

namespace winnow::server {

inline constexpr std::string_view kMailDomain = "mail";

// Immutable, shared by threads.
struct Champion {
  std::shared_ptr<const BundleRuntime> bundle;
  std::optional<Digest> model = {};
  std::optional<RunId> run = {};  // that made it
  Timestamp promoted = {};
};

// As deployed, compiled; null where nothing is. Errors: as Registry::bundle and load_bundle.
Result<std::shared_ptr<const Champion>> deployed_champion(Registry& registry,
                                                          Deployments& deployments);

}  // namespace winnow::server
