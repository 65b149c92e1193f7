#include "server/threads/follower.h"

#include <algorithm>

#include "base/log.h"

namespace winnow::server {

void Follower::look(DeskStores& stores) {
  if (const auto looked = look_at_tokens(stores); !looked)
    log::warn("the tokens cannot be read again", {{"error", looked.error().message()}});
  if (const auto looked = look_at_champion(stores); !looked)
    log::warn("the champion cannot be looked up", {{"error", looked.error().message()}});
}

// Tokens are made and revoked, never changed or removed: their numbers tell whether any was.
Status Follower::look_at_tokens(DeskStores& stores) {
  WINNOW_TRY(const auto known, stores.tokens.list());
  const auto revoked = std::count_if(known.begin(), known.end(),
                                     [](const Token& token) { return token.revoked.has_value(); });
  const std::pair now(known.size(), static_cast<std::size_t>(revoked));
  if (std::exchange(tokens_, now) != now) gate_->set_tokens(known);
  return {};
}

Status Follower::look_at_champion(DeskStores& stores) {
  const auto deployed = stores.deployments.champion(kMailDomain);
  if (!deployed && deployed.error().code() == Code::NotFound) return {};
  if (!deployed) return deployed.error();
  const auto running = scorer_->champion();
  if (running && running->bundle->id == deployed->champion) return {};
  if (unusable_ == deployed->champion) return {};
  auto champion = deployed_champion(stores.registry, stores.deployments);
  if (!champion) {
    unusable_ = deployed->champion;
    return champion.error();
  }
  log::info("another champion decides", {{"bundle", deployed->champion.text()},
                                         {"actor", deployed->actor},
                                         {"reason", deployed->reason}});
  scorer_->set_champion(std::move(*champion));
  return {};
}

}  // namespace winnow::server
