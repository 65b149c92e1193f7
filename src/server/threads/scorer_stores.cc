#include "server/threads/scorer_stores.h"

#include <algorithm>

#include "base/log.h"

namespace winnow::server {

DomainDecider::DomainDecider(std::shared_ptr<const BundleRuntime> decides, StatesUse by,
                             ServingStates serving, const EventLog& events,
                             DecisionStore& decisions, const Clock& clock)
    : bundle(std::move(decides)),
      use(std::move(by)),
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
  std::unique_ptr<ScorerStores> stores(new ScorerStores(std::move(events), std::move(quarantine),
                                                        std::move(decisions), std::move(labels)));
  stores->events.index_later();
  for (const auto& champion : champions) {
    if (champion) WINNOW_TRY(stores->add(*champion, files, clock));
  }
  return stores;
}

Status ScorerStores::add(const Champion& champion, const ServiceFiles& files, const Clock& clock) {
  const auto& bundle = champion.bundle;
  const auto folder = ServingStates::folder_of(files.states, bundle->mapping.domain());
  WINNOW_TRY(auto use, use_of(folder));
  if (!use || use->bundle != bundle->id) {
    use = {.bundle = bundle->id, .since = clock.now()};
    WINNOW_TRY(note_use(folder, *use));
  }
  WINNOW_TRY(auto states,
             ServingStates::open(folder, bundle->pipeline.features().history_digest()));
  deciders.push_back(std::make_unique<DomainDecider>(bundle, std::move(*use), std::move(states),
                                                     events, decisions, clock));
  return {};
}

Status ScorerStores::take_place(const Champion& champion, const ServiceFiles& files,
                                const Clock& clock) {
  const auto& bundle = champion.bundle;
  const auto domain = bundle->mapping.domain();
  WINNOW_TRY(settle());
  const auto before = std::ranges::find_if(
      deciders, [&](const auto& one) { return one->bundle->mapping.domain() == domain; });
  if (before != deciders.end()) {
    WINNOW_TRY((*before)->states.checkpoint());
    deciders.erase(before);
  }
  WINNOW_TRY(put_in_place(ServingStates::folder_of(files.states, domain),
                          bundle->pipeline.features().history_digest(),
                          {.bundle = bundle->id, .since = clock.now(), .waited = true}, decisions));
  return add(champion, files, clock);
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
