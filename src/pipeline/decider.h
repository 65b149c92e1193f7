// From the event log to decisions: each event and each label is folded into the entity states once,
// in the order of the log, and each event is decided at most once by a bundle, whatever crashes in
// between. What is to be decided and cannot be read is kept for a bundle that can (ADR 19).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
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
  // removed, are left out; those it cannot read wait from then on (ServingStates::kept), of
  // whatever mapping, so they must be of its domain. Durable when it returns. Errors: NotFound (an
  // event that is not in the log), Corrupt, Exhausted (disk full), Unavailable.
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

  // Brings the states up to the end of the log, then decides those of the next `most` kept events
  // that this bundle can read, in the order of their arrival: each as if it had come now, and with
  // it the verdict that was given on it. Tells whether there may be more. Each is decided once,
  // whatever crashes in between. Errors: as decide().
  Result<bool> decide_kept(std::size_t most, const Tell& tell);

  // Brings the states a page further along the log, and decides nothing, also of what is kept: for
  // states beside those that decide. False: they are at its end. Errors: as decide().
  Result<bool> fold_some();

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
    std::vector<StoredEvent> arrivals = {}, labelled = {};
    // Of the arrivals, those that are kept, which are to be decided too; of the labels, those on
    // kept events before them, which are folded in with their event.
    std::set<std::uint64_t> kept = {}, judged_later = {};
    const Digests* to_decide;
    const MappedEvents* mapped;
    bool empty() const { return arrivals.empty() && labelled.empty(); }
  };
  Status decide_each(std::span<const Digest> wanted, const MappedEvents& mapped, Progress& progress,
                     const Tell& tell);
  // Decided already, new in the log, older; what the first two tell of they take out of `open`.
  // `arrived` is the first page of what is new.
  Status tell_decided(Digests& open, std::span<const StoredEvent> arrived, const Tell& tell);
  Status process_news(Digests& open, std::vector<StoredEvent> arrived, const MappedEvents& mapped,
                      Progress& progress, const Tell& tell);
  Status process_earlier(const Digests& open, const MappedEvents& mapped, const Tell& tell);
  // Decides late what has a place in the log before that of the states; `found` are some of those.
  Status decide_late(std::span<const StoredEvent> found, const MappedEvents& mapped,
                     const Tell& tell);
  // Decides the events that were kept, and folds in those that the states lack.
  Status settle(std::span<const KeptEvent> kept, const MappedEvents& mapped, const Tell& tell);
  Status take_step(const std::function<Result<ServingStates::Step>(EntityStates& states)>& work,
                   const Tell& tell);
  Status observe_verdict(const ocsf::Event& event, Label label, Timestamp given,
                         EntityStates& states) const;
  Status observe_verdicts_before(const ocsf::Event& event, const StoredEvent& stored,
                                 std::uint64_t through_label, EntityStates& states) const;
  Status look_up_kept(News& news) const;
  // That a step past `news` came further. Errors: Corrupt.
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
  std::uint64_t kept_through_ = 0;  // of what is kept up to here this bundle reads nothing
};

}  // namespace winnow
