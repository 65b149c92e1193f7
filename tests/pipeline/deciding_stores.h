// What decides over an event log, with its states and decisions in one folder: a test that drops it
// without a checkpoint has a crash.
#pragma once

#include <memory>

#include "pipeline/decider.h"

namespace winnow::testing {

struct DecidingStores {
  ServingStates states;
  DecisionStore decisions;
  Decider decider;

  // `folder` is there already; `events` and `clock` outlive it.
  DecidingStores(const std::shared_ptr<const BundleRuntime>& bundle, const EventLog& events,
                 const Path& folder, const Clock& clock)
      : states(ServingStates::open(folder / "states", bundle->pipeline.features().history_digest())
                   .value()),
        decisions(DecisionStore::open(folder / "d.db", Access::ReadWrite).value()),
        decider(bundle, events, states, decisions, clock) {}
};

}  // namespace winnow::testing
