#include "server/threads/champion.h"

#include <algorithm>

namespace winnow::server {

Result<std::shared_ptr<const Champion>> deployed_champion(Registry& registry,
                                                          Deployments& deployments, Domain domain) {
  const auto promotion = deployments.champion(name_of(domain));
  if (!promotion && promotion.error().code() == Code::NotFound)
    return std::shared_ptr<const Champion>();
  if (!promotion) return promotion.error();
  WINNOW_TRY(const auto listed, registry.bundle(promotion->champion.text()));
  Champion champion;
  champion.promoted = promotion->at;
  WINNOW_TRY(champion.bundle, load_bundle(registry, listed));
  if (const auto model = listed.bundle.only(ArtifactKind::Model)) {
    WINNOW_TRY(const auto artifact, registry.artifact(model->digest));
    champion.model = model->digest;
    champion.run = artifact.run;
  }
  return std::make_shared<const Champion>(std::move(champion));
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
