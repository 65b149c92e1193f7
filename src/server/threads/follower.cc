#include "server/threads/follower.h"

#include <algorithm>

#include "base/log.h"
#include "server/mapping_drift.h"

namespace winnow::server {

void Follower::look(DeskStores& stores) {
  if (const auto looked = look_at_tokens(stores); !looked)
    log::warn("the tokens cannot be read again", {{"error", looked.error().message()}});
  for (const auto domain : kDomains) {
    if (const auto looked = look_at_champion(stores, domain); !looked) {
      log::warn("the champion cannot be looked up",
                {{"domain", name_of(domain)}, {"error", looked.error().message()}});
    }
  }
  for (const auto domain : kDomains) {
    if (const auto noted = look_at_effect(stores, domain); !noted) {
      log::warn("since when a bundle decides cannot be put on record",
                {{"domain", name_of(domain)}, {"error", noted.error().message()}});
    }
  }
  if (const auto looked = look_at_mappings(); !looked)
    log::warn("the mappings cannot be looked at", {{"error", looked.error().message()}});
}

void log_refused(const MappingFolder& mappings) {
  for (const auto& [file, why] : mappings.refused())
    log::error("a mapping is refused: what it said before goes on to hold",
               {{"file", file.filename().string()}, {"error", why}});
}

Status Follower::look_at_mappings() {
  if (!mappings_) return {};
  WINNOW_TRY(const bool changed, mappings_->look());
  if (!changed) return {};
  log_refused(*mappings_);
  auto mappings = mappings_->mappings();
  log::info("logs are read by other mappings", {{"mappings", mappings.size()}});
  for (const auto& drift : drift_of(scorer_->champions(), mappings, {})) {
    log::warn("decisions know this mapping with the next bundle",
              {{"domain", name_of(drift.domain)},
               {"mapping", drift.mapping},
               {"champion", name_of(drift.state)},
               {"advice", advice_on(drift)}});
  }
  scorer_->set_mappings(std::move(mappings));
  return {};
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

Status Follower::look_at_champion(DeskStores& stores, Domain domain) {
  const auto deployed = stores.deployments.champion(name_of(domain));
  if (!deployed && deployed.error().code() == Code::NotFound) return {};
  if (!deployed) return deployed.error();
  const auto known = scorer_->promoted(domain);
  if (known && known->bundle->id == deployed->champion) return {};
  auto& unusable = unusable_[place_of(domain)];
  if (unusable == deployed->champion) return {};
  auto champion = deployed_champion(stores.registry, stores.deployments, domain);
  if (!champion) {
    unusable = deployed->champion;
    return champion.error();
  }
  log::info("another bundle was promoted", {{"domain", name_of(domain)},
                                            {"bundle", deployed->champion.text()},
                                            {"actor", deployed->actor},
                                            {"reason", deployed->reason}});
  scorer_->set_champion(std::move(*champion));
  return {};
}

// The states know it from the moment on; a service that ended before it was on record finds it
// there.
Status Follower::look_at_effect(DeskStores& stores, Domain domain) {
  const auto use = scorer_->use(domain);
  auto& on_record = on_record_[place_of(domain)];
  if (!use || !use->waited || use == on_record) return {};
  WINNOW_TRY(stores.deployments.note_effect(name_of(domain), use->bundle, use->since));
  on_record = use;
  return {};
}

}  // namespace winnow::server
