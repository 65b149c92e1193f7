#include "server/threads/follower.h"

#include <algorithm>

#include "base/log.h"
#include "pipeline/kept_mapping.h"
#include "server/mapping_drift.h"

namespace winnow::server {
namespace {

constexpr std::size_t kRetriedAtOnce = 256;

}  // namespace

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
  if (const auto looked = look_at_mappings(stores.registry); !looked)
    log::warn("the mappings cannot be looked at", {{"error", looked.error().message()}});
  retry_waiting();
}

void log_refused(const UsableMappings& mappings) {
  for (const auto& refused : mappings.refused) {
    log::error(refused.is_held
                   ? "a mapping is refused: what it said before goes on to hold"
                   : "a mapping is refused, and nothing reads its records: they wait in quarantine",
               {{"file", refused.file.filename().string()}, {"error", refused.why}});
  }
}

Status Follower::look_at_mappings(Registry& registry) {
  if (!mappings_) return {};
  const auto broken_before = mappings_->usable().broken();
  WINNOW_TRY(const bool changed, mappings_->look(last_kept_in(registry)));
  if (!changed) return {};
  const auto now = mappings_->usable();
  log_refused(now);
  log::info("logs are read by other mappings", {{"mappings", now.mappings.size()}});
  for (const auto& drift : drift_of(scorer_->champions(), now.mappings, {})) {
    log::warn("decisions know this mapping with the next bundle",
              {{"domain", name_of(drift.domain)},
               {"mapping", drift.mapping},
               {"champion", name_of(drift.state)},
               {"advice", advice_on(drift)}});
  }
  scorer_->set_mappings(now);
  identities_->set_mappings(now);
  if (now.broken() != broken_before) retry_behind_ = 0;
  return {};
}

// A page a look, so that the desk goes on with its work.
void Follower::retry_waiting() {
  if (!mappings_ || !retry_behind_) return;
  const auto retried =
      scorer_->retry({.reason = std::string(kAwaitsMapping)}, *retry_behind_, kRetriedAtOnce);
  if (!retried) {
    log::warn("records that wait for a mapping cannot be tried again now",
              {{"error", retried.error().text()}});
    return;
  }
  retry_behind_ = retried->more ? std::optional(retried->last) : std::nullopt;
  if (retried->counts.released == 0) return;
  log::info("records that waited for a mapping are used",
            {{"released", retried->counts.released}, {"decided", retried->decided}});
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
