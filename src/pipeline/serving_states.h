// The entity states that decisions are made with, durable: LMDB, committed in one write with the
// place in the event log that they stand for. After a crash nothing counts twice: what the log
// holds behind that place is folded again. Decisions made on the way are durable with each step.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "features/stored_entity_states.h"
#include "ocsf/domain.h"
#include "pipeline/decision_store.h"
#include "pipeline/kept_events.h"
#include "pipeline/packed_decisions.h"
#include "store/lmdb.h"

namespace winnow {

// How far into the event log: events that arrived, and labels that were given, up to these ids.
struct LogPlace {
  std::uint64_t events = 0;
  std::uint64_t labels = 0;
  friend bool operator==(const LogPlace&, const LogPlace&) = default;
};

// One thread at a time; one process.
class ServingStates {
 public:
  // The states of feature sets with this history (FeatureSet::history_digest()); another history
  // has states of its own, which begin empty and catch up with the event log. Errors: Corrupt,
  // Denied, Exhausted, Unavailable.
  static Result<ServingStates> open(const Path& folder, const Digest& history);

  // Where the states of a domain are below the folder of all.
  static Path folder_of(const Path& states, Domain domain);
  // Those of mail that an earlier version kept in the folder of all itself are put where
  // folder_of() says: before anything is opened. Errors: Denied, Unavailable.
  static Status move_in(const Path& states);

  // Hands over what the outbox in `folder` holds, waits for the store's disk and empties the
  // outbox, so that what is removed from the store does not come back from here; nobody has the
  // folder open. Without a folder there is nothing to do. Errors: Conflict (open in this process),
  // and as open().
  static Status empty_outbox(const Path& folder, DecisionStore& decisions);

  // What the event log holds up to here is part of these states.
  LogPlace observed_through() const { return now_.place; }

  // How many of the events that are part of these states came too late for one of their windows,
  // and how many were dated after their arrival (Observed).
  std::uint64_t late() const { return now_.late; }
  std::uint64_t ahead() const { return now_.ahead; }

  // What one step did: where in the event log it ended, what it decided, and how many of its events
  // were late or ahead.
  struct Step {
    LogPlace observed_through;
    std::vector<DecisionRecord> decided;
    std::uint64_t late = 0, ahead = 0;
    // One of many: its closed decisions are kept as one pack (ADR 13), and what it changed waits
    // for a checkpoint (ADR 14).
    bool is_bulk = false;
    // What from here on waits for a bundle that can read it, and what no longer does: its decisions
    // are among the above, or nobody can read it any more.
    std::vector<KeptEvent> kept = {};
    std::vector<std::uint64_t> settled = {};
  };
  // Runs `work` on the states. Afterwards its decisions are durable, and what it kept; its changes
  // and its place are, in one write with them, or wait in memory for the next checkpoint(), which
  // comes by itself every few thousand events, and with each step that settles what was kept:
  // it is folded in behind what the states are made of now, and that order is not made again from
  // the log. Returns what was decided, in no order that is promised. On an error
  // the states are those of the last checkpoint, and so is observed_through(). Errors: of `work`;
  // Exhausted (disk full), Unavailable.
  Result<std::vector<DecisionRecord>> advance(
      const std::function<Result<Step>(EntityStates& states)>& work);
  // Makes durable what waits, if anything: for who closes the states, or removes events that they
  // are made of. Errors: as advance().
  Status checkpoint();
  // The same, a part of what waits being enough: between two steps, so that none has to write
  // thousands. Seldom enough to take a small part of the time.
  Status checkpoint_at_leisure();
  // Runs `work` on the states as they are. Errors: of `work`; Unavailable.
  Status look(const std::function<Status(const EntityStates& states)>& work) const;

  // What waits for a bundle that can read it. Errors: Corrupt, Unavailable.
  const KeptCounts& kept() const { return kept_.counts(); }
  Result<std::vector<KeptEvent>> kept_behind(std::uint64_t after, std::size_t limit) const {
    return kept_.behind(lmdb_, after, limit);
  }
  Result<std::set<std::uint64_t>> kept_among(std::uint64_t after, std::uint64_t through) const {
    return kept_.among(lmdb_, after, through);
  }
  Result<std::optional<KeptEvent>> find_kept(std::uint64_t id) const {
    return kept_.find(lmdb_, id);
  }

  // Puts what was decided since into `decisions`; after each step, and first thing after opening,
  // for what a crash left behind. It stands here too until the store's disk was waited for, which
  // is done once for many steps; the step behind that forgets it. One that comes twice is harmless.
  Status hand_over(DecisionStore& decisions);

  static constexpr std::size_t kForgetAt = 256;  // decisions, and packs, that stand here too
  // What waits for a checkpoint at most. After a crash so many events are folded again: under a
  // second.
  static constexpr std::uint64_t kWaitingEvents = 16'384;
  static constexpr std::size_t kWaitingStates = 32'768;
  static constexpr std::chrono::seconds kWaiting{60};
  // What is worth a checkpoint at leisure: states, and times of the last one's length since then.
  static constexpr std::size_t kWorthStates = 512;
  static constexpr int kWorthTimes = 8;
  // Of states in memory, beyond what a step changes; the rest is read from disk when it is needed.
  static constexpr std::size_t kCacheBytes = 1UL << 30;

 private:
  ServingStates(Lmdb lmdb, LmdbTable states, LmdbTable places, LmdbTable outbox, KeptEvents kept,
                std::string history)
      : lmdb_(std::move(lmdb)),
        states_(states),
        places_(places),
        outbox_(outbox),
        kept_(std::move(kept)),
        history_(std::move(history)) {}
  Lmdb lmdb_;
  LmdbTable states_;  // of this history
  LmdbTable places_;  // history -> observed_through
  LmdbTable outbox_;  // decision id -> record; "pack" and an id -> pack
  KeptEvents kept_;
  std::string history_;
  mutable StateCache cache_{kCacheBytes};
  // How far the states have come.
  struct Reached {
    LogPlace place;
    std::uint64_t late = 0, ahead = 0;
  };
  bool checkpoint_is_due() const;
  Status write_states(LmdbWriter& writer, const Reached& reached) const;
  void note_checkpoint();
  void fall_back();  // to the last checkpoint
  Reached now_, at_checkpoint_;
  std::chrono::steady_clock::time_point checkpoint_at_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration leisure_took_{};

  // What goes to the decisions' store.
  struct Outgoing {
    std::vector<DecisionRecord> records;
    std::vector<PackedDecisions> packs;
    std::size_t size() const { return records.size() + packs.size(); }
  };
  static Outgoing outgoing_of(Step& step);  // orders what was decided
  static Result<Outgoing> read_outbox(const Lmdb& lmdb, LmdbTable outbox);

  // What the outbox holds and is not handed over; unknown until it is read after opening.
  std::optional<Outgoing> waiting_;
  std::size_t handed_over_ = 0;  // of the rest: how many the store may still lose
  bool forgettable_ = false;     // the store has all that the outbox holds, whatever happens
};

}  // namespace winnow
