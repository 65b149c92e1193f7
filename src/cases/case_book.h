// The front door for writing: findings become cases, and people change them. Two logs are the
// truth, the decisions in the order in which they came and the audit log; what stands in SQL is
// their projection, which can be thrown away and made again (ADR 7).
//
//   case_reader.h   queue, cases, history, similar ones, suppressions: reading
//   case_change.h   what people can do   suppression.h  what nobody needs to be told of
//   case_policy.h   severity, urgency, clocks           mail_view.h  a mail, safe to look at
//   case_labels.h   verdicts on their way into the history of senders
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "cases/case_change.h"
#include "cases/case_policy.h"
#include "cases/finding.h"
#include "ingest/event_log.h"
#include "pipeline/decision_store.h"
#include "registry/registry.h"
#include "store/sqlite.h"

namespace winnow::cases {

// What became of one change: the case as it is then, or why not.
struct ChangeOutcome {
  std::string id;
  Result<Case> changed;
  bool stale = false;  // refused: it was meant for another version
};

// One thread at a time. Of several that work on one database at the same time each takes in what
// the others have not; the one that people change cases with should be alone, or the order in which
// findings and changes came is theirs by a hair. `registry` and `events` outlive it.
class CaseBook {
 public:
  // Opens what is kept in `database`. Does not catch up. Errors: Corrupt, Denied, Unavailable,
  // Unsupported (newer format).
  static Result<CaseBook> open(Registry& registry, const EventLog& events, const Path& database,
                               const CasePolicy& policy);
  CaseBook(CaseBook&&) noexcept;
  ~CaseBook();

  // Takes in what was decided and changed since, and what the clock says: at most `most` decisions,
  // in transactions so small that whoever writes decisions into the same file hardly waits. Returns
  // how many decisions it read; fewer than `most`: it is up to date. A crash anywhere repeats and
  // forgets nothing. Errors: Corrupt, Exhausted (disk full), Unavailable; the same call again does
  // what is left to do.
  Result<std::size_t> catch_up(std::size_t most);

  // Changes cases, each by itself, in one batch of the audit log: on record first, then done.
  // A case may stand in it once. Outcomes stand in the order of `changes`; their errors are those
  // of checked() and NotFound. Errors of all: InvalidArgument (no actor; a case twice), Exhausted,
  // Unavailable: then nothing was changed, or all will be when this or the next CaseBook catches
  // up.
  Result<std::vector<ChangeOutcome>> change(std::span<const CaseChange> changes,
                                            std::string_view actor, Reach reach);

  // Errors: of checked(); NotFound (the case of a campaign), Exhausted, Unavailable.
  Result<Suppression> suppress(const NewSuppression& suppression, std::string_view actor,
                               Reach reach);
  // Errors: NotFound, Conflict (is revoked), Exhausted, Unavailable.
  Result<Suppression> revoke(std::string_view suppression_id, std::string_view actor);

  // Removes cases whose time is over, each with its findings' decisions, its notes and all that
  // search and grouping know of it, in one transaction, durable when it returns. Those that are not
  // there, or not resolved, are passed over; their ids stay, with when and why. Returns how many
  // went. What people did with them still stands in the audit log. Errors: Exhausted, Unavailable.
  Result<std::uint64_t> remove(std::span<const std::string> ids, const Removal& removal);
  // After removals: makes the words of what was removed go from the search. Cost: writes its index
  // anew. Errors: Exhausted, Unavailable.
  Status forget_words();

  // Throws the projection away; catch_up() makes it again. Errors: Exhausted, Unavailable.
  Status forget();

 private:
  struct State;
  explicit CaseBook(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

inline constexpr std::size_t kMaxBulk = 500;

}  // namespace winnow::cases
