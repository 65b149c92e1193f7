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
// Who decides at a start: those of `deployed`, but where one waits for its states, by a thread that
// the end of the service stopped, who decided before it (ADR 20). Nobody has `states` open. Errors:
// of use_of(). One that cannot be loaded is told in the log, and the deployed one catches up first.
Result<Champions> deciding_champions(Registry& registry, const Champions& deployed,
                                     const Path& states);

}  // namespace winnow::server
