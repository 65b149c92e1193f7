// What the scorer decides with and keeps what it decided in: opened together, closed together.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "cases/case_labels.h"
#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "pipeline/decider.h"
#include "pipeline/states_beside.h"
#include "server/threads/champion.h"
#include "server/threads/service_files.h"

namespace winnow::server {

// What decides one domain.
struct DomainDecider {
  std::shared_ptr<const BundleRuntime> bundle;
  StatesUse use;
  ServingStates states;
  Decider decider;
  bool may_read_kept = true;       // of what is kept, something was not tried yet
  std::uint64_t decided_kept = 0;  // of it

  DomainDecider(std::shared_ptr<const BundleRuntime> decides, StatesUse by, ServingStates serving,
                const EventLog& events, DecisionStore& decisions, const Clock& clock);
};

// One thread. After an error of any of them nobody knows what the disk holds: they are closed, and
// opening finds out.
struct ScorerStores {
  // With a decider for each champion. Errors: of opening.
  static Result<std::unique_ptr<ScorerStores>> open(const Champions& champions,
                                                    const ServiceFiles& files, const Clock& clock);
  // The states that were filled beside those of its domain take their place, and this champion
  // decides with them. Errors: of putting them in place, of opening.
  Status take_place(const Champion& champion, const ServiceFiles& files, const Clock& clock);

  EventLog events;
  Quarantine quarantine;
  DecisionStore decisions;
  cases::CaseLabels labels;
  std::vector<std::unique_ptr<DomainDecider>> deciders;

  bool may_read_kept() const;  // some decider
  // What was stored and decided is durable already. Behind this, who reads finds it: events are in
  // the log's index, decisions in SQL.
  Status settle();
  // As ServingStates::checkpoint() of each, and checkpoint_at_leisure().
  Status checkpoint();
  Status checkpoint_at_leisure();
  // Settles and checkpoints before they are closed. What cannot be kept is told in the log and made
  // again at opening, which takes a moment and nothing else.
  void leave();

 private:
  ScorerStores(EventLog log, Quarantine aside, DecisionStore decided, cases::CaseLabels judged)
      : events(std::move(log)),
        quarantine(std::move(aside)),
        decisions(std::move(decided)),
        labels(std::move(judged)) {}
  Status add(const Champion& champion, const ServiceFiles& files, const Clock& clock);
};

}  // namespace winnow::server
