#include "server/threads/scorer_stores.h"

#include <algorithm>

#include "base/log.h"

namespace winnow::server {

DomainDecider::DomainDecider(std::shared_ptr<const BundleRuntime> decides, ServingStates serving,
                             const EventLog& events, DecisionStore& decisions, const Clock& clock)
    : bundle(std::move(decides)),
      states(std::move(serving)),
      decider(bundle, events, states, decisions, clock) {
  decider.hand_over_later();
}

Result<std::unique_ptr<ScorerStores>> ScorerStores::open(const Champions& champions,
                                                         const ServiceFiles& files,
                                                         const Clock& clock) {
  WINNOW_TRY(auto events, EventLog::open(files.events, Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(files.quarantine, Access::ReadWrite));
  WINNOW_TRY(auto decisions, DecisionStore::open(files.database, Access::ReadWrite));
  WINNOW_TRY(auto labels, cases::CaseLabels::open(files.database));
  auto stores = std::make_unique<ScorerStores>(ScorerStores{
      std::move(events), std::move(quarantine), std::move(decisions), std::move(labels), {}});
  stores->events.index_later();
  for (const auto domain : kDomains) {
    const auto& champion = champions[place_of(domain)];
    if (!champion) continue;
    WINNOW_TRY(auto states,
               ServingStates::open(ServingStates::folder_of(files.states, domain),
                                   champion->bundle->pipeline.features().history_digest()));
    stores->deciders.push_back(std::make_unique<DomainDecider>(
        champion->bundle, std::move(states), stores->events, stores->decisions, clock));
  }
  return stores;
}

bool ScorerStores::may_read_kept() const {
  return std::ranges::any_of(deciders, [](const auto& domain) { return domain->may_read_kept; });
}

Status ScorerStores::settle() {
  WINNOW_TRY(events.index());
  for (const auto& domain : deciders) WINNOW_TRY(domain->decider.hand_over());
  return {};
}

Status ScorerStores::checkpoint() {
  for (const auto& domain : deciders) WINNOW_TRY(domain->states.checkpoint());
  return {};
}

Status ScorerStores::checkpoint_at_leisure() {
  for (const auto& domain : deciders) WINNOW_TRY(domain->states.checkpoint_at_leisure());
  return {};
}

void ScorerStores::leave() {
  if (const auto settled = settle(); !settled)
    log::warn("what was decided is handed over at the next opening",
              {{"error", settled.error().text()}});
  for (const auto& domain : deciders) {
    if (const auto kept = domain->states.checkpoint(); !kept)
      log::warn("the states cannot be kept", {{"error", kept.error().text()}});
  }
}

}  // namespace winnow::server
