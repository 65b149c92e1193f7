// From the event log to decisions: each event and each label is folded into the entity states once,
// in the order of the log, and each event is decided at most once by a bundle, whatever crashes in
// between.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/event_log.h"
#include "pipeline/bundle_loader.h"
#include "pipeline/decision_store.h"
#include "pipeline/serving_states.h"

namespace winnow {

// One thread at a time. Everything it is given outlives it.
class Decider {
 public:
  static constexpr std::size_t kBatch = 256;  // events, and labels, a commit

  Decider(std::shared_ptr<const BundleRuntime> bundle, const EventLog& events,
          ServingStates& states, DecisionStore& decisions, const Clock& clock);

  // Brings the states up to the end of the log, and decides those of `wanted` that this bundle has
  // not decided yet: a new one before it is folded into the states, one that came earlier with the
  // states as they are now. Returns the decisions on all of `wanted`, in its order, old ones too;
  // those whose mail this bundle's mapping cannot read are left out. Durable when it returns.
  // Errors: NotFound (an event that is not in the log), Corrupt, Exhausted (disk full),
  // Unavailable.
  Result<std::vector<DecisionRecord>> decide(std::span<const Digest> wanted, Progress& progress);

 private:
  Status process_news(std::span<const Digest> wanted, Progress& progress);
  Status process_earlier(std::span<const Digest> wanted);
  Result<ServingStates::Step> fold(LogPlace from, std::span<const StoredEvent> arrivals,
                                   std::span<const StoredEvent> labelled,
                                   const std::set<Digest>& to_decide, EntityStates& states) const;
  // Reads, maps and decides one event; nothing when the mapping cannot read it.
  Result<std::optional<ocsf::Event>> read(const StoredEvent& stored) const;
  Result<DecisionRecord> decide(const ocsf::Event& event, const EntityStates& states) const;

  std::shared_ptr<const BundleRuntime> bundle_;
  const EventLog* events_;
  ServingStates* states_;
  DecisionStore* decisions_;
  const Clock* clock_;
};

}  // namespace winnow
