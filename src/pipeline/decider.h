// From the event log to decisions: each event and each label is folded into the entity states once,
// in the order of the log, and each event is decided at most once by a bundle, whatever crashes in
// between.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/event_log.h"
#include "pipeline/bundle_loader.h"
#include "pipeline/decision_batch.h"
#include "pipeline/decision_store.h"
#include "pipeline/serving_states.h"

namespace winnow {

// One thread at a time. Everything it is given outlives it.
class Decider {
 public:
  static constexpr std::size_t kBatch = 512;  // events, and labels, a commit

  Decider(std::shared_ptr<const BundleRuntime> bundle, const EventLog& events,
          ServingStates& states, DecisionStore& decisions, const Clock& clock);

  // Brings the states up to the end of the log, and decides those of `wanted` that this bundle has
  // not decided yet: a new one before it is folded into the states, one that came earlier with the
  // states as they are now. Returns the decisions on all of `wanted`, in its order, old ones too;
  // those of another domain, those that this bundle's mapping cannot read, or whose bytes were
  // removed, are left out. Durable when it returns. Errors: NotFound (an event that is not in the
  // log), Corrupt, Exhausted (disk full), Unavailable.
  Result<std::vector<DecisionRecord>> decide(std::span<const Digest> wanted, Progress& progress);
  // The same for a caller who has just mapped events of the log, with this bundle's mapping: these
  // are neither read nor mapped again.
  using MappedEvents = std::unordered_map<Digest, ocsf::Event>;
  Result<std::vector<DecisionRecord>> decide(std::span<const Digest> wanted,
                                             const MappedEvents& mapped, Progress& progress);
  // The same for many: each decision is told once it is durable, in no order that is promised, and
  // not kept.
  using Tell = std::function<void(DecisionRecord record)>;
  Status decide_each(std::span<const Digest> wanted, Progress& progress, const Tell& tell);

  // From now on what decide() returns is durable, and the decisions' store has it with the next
  // hand_over(). For who answers between the two. Errors: as decide().
  void hand_over_later() { hands_over_later_ = true; }
  Status hand_over() { return states_->hand_over(*decisions_); }

  // From now on called whenever what is new was decided and is not yet on disk; empty: nothing.
  void on_scored(std::function<void()> scored) { scored_ = std::move(scored); }

 private:
  using Digests = std::unordered_set<Digest>;
  // What came since: arrivals and labels, which of them to decide, which are mapped already.
  struct News {
    LogPlace from;
    std::vector<StoredEvent> arrivals, labelled;
    const Digests* to_decide;
    const MappedEvents* mapped;
  };
  Status decide_each(std::span<const Digest> wanted, const MappedEvents& mapped, Progress& progress,
                     const Tell& tell);
  // Decided already, new in the log, older; what the first two tell of they take out of `open`.
  // `arrived` is the first page of what is new.
  Status tell_decided(Digests& open, std::span<const StoredEvent> arrived, const Tell& tell);
  Status process_news(Digests& open, std::vector<StoredEvent> arrived, const MappedEvents& mapped,
                      Progress& progress, const Tell& tell);
  Status process_earlier(const Digests& open, const MappedEvents& mapped, const Tell& tell);
  Result<ServingStates::Step> fold(const News& news, EntityStates& states);
  // Reads and maps one event; nothing when it is of another domain, the mapping cannot read it, or
  // its bytes are gone.
  Result<std::optional<ocsf::Event>> read(const StoredEvent& stored);
  // Has the batch decide, and gives what its record says besides the decision.
  Result<DecisionRecord> decide(const ocsf::Event& event, const EntityStates& states);
  // Puts the decisions of the batch into their records.
  void finish(std::vector<DecisionRecord>& records);

  // What one step reads from the log, as long as its decisions wait for their reasons.
  class EventsAtHand;

  std::shared_ptr<const BundleRuntime> bundle_;
  DecisionBatch batch_;
  StoredEventReader reader_;
  const EventLog* events_;
  ServingStates* states_;
  DecisionStore* decisions_;
  const Clock* clock_;
  std::function<void()> scored_;
  bool hands_over_later_ = false;
  // What arrived behind this event came since this decider was last through with the log: nobody
  // has decided it.
  std::optional<std::uint64_t> through_;
};

}  // namespace winnow
