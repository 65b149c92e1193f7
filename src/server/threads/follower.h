// What other processes change in the workspace holds here soon: tokens that `winnow tokens` makes
// or revokes, a bundle that `winnow deployments` promotes, mappings of content/. And the other way:
// that a bundle which waited for its states decides now goes on record.
#pragma once

#include <array>
#include <optional>
#include <utility>

#include "ingest/mapping/mapping_folder.h"
#include "server/access/gate.h"
#include "server/threads/desk.h"
#include "server/threads/identity_follower.h"
#include "server/threads/scorer.h"

namespace winnow::server {

// On the desk's thread. Gate, scorer and identity follower outlive it.
class Follower {
 public:
  // `mappings` holds what the scorer and the identity follower were given.
  Follower(Gate& gate, Scorer& scorer, IdentityFollower& identities,
           std::optional<MappingFolder> mappings)
      : gate_(&gate), scorer_(&scorer), identities_(&identities), mappings_(std::move(mappings)) {}

  // Passes on what is new. What cannot be read is logged, and tried again the next time; a bundle
  // or mapping that does not compile is logged once, and the one before it goes on to hold. Records
  // that wait for a mapping to be mended are tried again at first, and once another is broken.
  void look(DeskStores& stores);

 private:
  Status look_at_tokens(DeskStores& stores);
  Status look_at_champion(DeskStores& stores, Domain domain);
  Status look_at_effect(DeskStores& stores, Domain domain);
  Status look_at_mappings(Registry& registry);
  void retry_waiting();

  Gate* gate_;
  Scorer* scorer_;
  IdentityFollower* identities_;
  std::optional<MappingFolder> mappings_;
  // Behind which record of the quarantine; nothing: all were tried.
  std::optional<std::uint64_t> retry_behind_ = 0;
  std::pair<std::size_t, std::size_t> tokens_;  // how many, how many of them revoked
  std::array<std::optional<BundleId>, kDomains.size()> unusable_;
  std::array<std::optional<StatesUse>, kDomains.size()> on_record_;
};

// Tells the operator of mappings that do not compile.
void log_refused(const UsableMappings& mappings);

}  // namespace winnow::server
