#include "server/threads/champion.h"

namespace winnow::server {

Result<std::shared_ptr<const Champion>> deployed_champion(Registry& registry,
                                                          Deployments& deployments) {
  const auto promotion = deployments.champion(kMailDomain);
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

}  // namespace winnow::server
