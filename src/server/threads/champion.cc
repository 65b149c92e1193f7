#include "server/threads/champion.h"

#include <algorithm>

#include "base/log.h"
#include "pipeline/serving_states.h"
#include "pipeline/states_beside.h"

namespace winnow::server {

namespace {

Result<std::shared_ptr<const Champion>> champion_of(Registry& registry, const BundleId& bundle,
                                                    Timestamp since) {
  WINNOW_TRY(const auto listed, registry.bundle(bundle.text()));
  Champion champion;
  champion.promoted = since;
  WINNOW_TRY(champion.bundle, load_bundle(registry, listed));
  if (const auto model = listed.bundle.only(ArtifactKind::Model)) {
    WINNOW_TRY(const auto artifact, registry.artifact(model->digest));
    champion.model = model->digest;
    champion.run = artifact.run;
  }
  return std::make_shared<const Champion>(std::move(champion));
}

}  // namespace

Result<std::shared_ptr<const Champion>> deployed_champion(Registry& registry,
                                                          Deployments& deployments, Domain domain) {
  const auto promotion = deployments.champion(name_of(domain));
  if (!promotion && promotion.error().code() == Code::NotFound)
    return std::shared_ptr<const Champion>();
  if (!promotion) return promotion.error();
  return champion_of(registry, promotion->champion, promotion->at);
}

Result<Champions> deciding_champions(Registry& registry, const Champions& deployed,
                                     const Path& states) {
  auto deciding = deployed;
  for (const auto domain : kDomains) {
    auto& champion = deciding[place_of(domain)];
    if (!champion) continue;
    WINNOW_TRY(const auto use, use_of(ServingStates::folder_of(states, domain)));
    if (!use || use->bundle == champion->bundle->id) continue;
    auto former = champion_of(registry, use->bundle, use->since);
    if (former) {
      champion = std::move(*former);
    } else {
      log::warn("who decided before cannot be loaded",
                {{"domain", name_of(domain)}, {"error", former.error().text()}});
    }
  }
  return deciding;
}

bool has_any(const Champions& champions) {
  return std::ranges::any_of(champions, [](const auto& champion) { return champion != nullptr; });
}

Result<Champions> deployed_champions(Registry& registry, Deployments& deployments) {
  Champions champions;
  for (const auto domain : kDomains) {
    WINNOW_TRY(champions[place_of(domain)], deployed_champion(registry, deployments, domain));
  }
  return champions;
}

}  // namespace winnow::server
