// What other processes change in the workspace holds here soon: tokens that `winnow tokens` makes
// or revokes, a bundle that `winnow deployments` promotes.
#pragma once

#include <optional>
#include <utility>

#include "server/access/gate.h"
#include "server/threads/desk.h"
#include "server/threads/scorer.h"

namespace winnow::server {

// On the desk's thread. Gate and scorer outlive it.
class Follower {
 public:
  Follower(Gate& gate, Scorer& scorer) : gate_(&gate), scorer_(&scorer) {}

  // Passes on what is new. What cannot be read is logged, and tried again the next time; a bundle
  // that does not compile is logged once, and the one before it goes on deciding.
  void look(DeskStores& stores);

 private:
  Status look_at_tokens(DeskStores& stores);
  Status look_at_champion(DeskStores& stores);

  Gate* gate_;
  Scorer* scorer_;
  std::pair<std::size_t, std::size_t> tokens_;  // how many, how many of them revoked
  std::optional<BundleId> unusable_;
};

}  // namespace winnow::server
