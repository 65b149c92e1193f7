// Decisions as they were made, for queries, explanations and replay: SQL, one row a decision; those
// that close an event of a domain of which there are many stand together in packs (ADR 13).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/event_log.h"
#include "pipeline/decision_record.h"
#include "pipeline/packed_decisions.h"
#include "store/sqlite.h"

namespace winnow {

struct DecisionFilter {
  std::optional<Route> route = {};
  std::optional<Timestamp> since = {}, until = {};  // by decided_at: since <= t < until
  std::string sender = {};                          // a mailbox or a domain; empty: any
  std::optional<Digest> bundle = {};
  enum class Order { NewestFirst, MostUrgentFirst } order = Order::MostUrgentFirst;
  std::uint64_t limit = 50;
};

// A page of decisions, newest first, and where the next one begins.
struct DecisionPage {
  std::vector<DecisionRecord> records;
  std::string next;  // what page() takes as `after`; empty: there is no more
};

// A decision's place in the order in which they came, from 1. Places ascend and are never given
// again.
struct DecisionArrival {
  std::uint64_t place = 0;
  Route route = Route::Close;
  std::string sender;
  std::optional<DecisionRecord> record;  // of those that arrivals() was asked for in full
};

// A decision that is old, by which it can be found again.
struct OldDecision {
  Digest id, event;
  Timestamp decided_at;
};

// Within the caller's transaction, for what goes together: the rows go, their ids stay with when
// and why. Those that are not there are passed over. Returns how many went. `database` has the
// tables of decisions. Errors: Exhausted, Unavailable.
Result<std::uint64_t> remove_decisions(Sqlite& database, std::span<const Digest> ids,
                                       const Removal& removal);

// One thread at a time; several may each open their own.
class DecisionStore {
 public:
  // Errors: NotFound (ReadOnly, and nothing was ever decided), Corrupt, Denied, Unavailable.
  static Result<DecisionStore> open(const Path& database, Access access);

  // All or nothing; a decision that is there already is left as it is. Returns how many were new.
  // They outlive the process when it returns, the machine's failure with sync(). About 10 us each
  // in batches of hundreds.
  Result<std::size_t> add(std::span<const DecisionRecord> records);
  // The same with decisions that stand together, of which no place in the order of arrival is told
  // (arrivals()). A pack that was there already is left as it is. A few us for each of its
  // decisions.
  Result<std::size_t> add(std::span<const DecisionRecord> records,
                          std::span<const PackedDecisions> packs);
  Status sync();  // waits for the disk

  // By id ("d-3f21...", or any unique prefix of it). Errors: InvalidArgument (no hexadecimal
  // digits), NotFound (also: it was removed; the message says when and by which rule), Conflict
  // (ambiguous), Corrupt.
  Result<DecisionRecord> get(std::string_view id_prefix);
  // What `bundle` decided on an event first, if anything.
  Result<std::optional<DecisionRecord>> find(const Digest& event, const Digest& bundle);
  // What was decided on an event last, by whichever bundle.
  Result<std::optional<DecisionRecord>> latest_on(const Digest& event);
  Result<std::vector<DecisionRecord>> list(const DecisionFilter& filter);
  // What passes `filter`, newest first whatever its order, at most filter.limit, behind the page
  // whose `next` is `after` (empty: from the newest). Pages neither repeat nor miss what was there
  // when the first was read. Errors: InvalidArgument (`after` is no such text), Corrupt.
  Result<DecisionPage> page(const DecisionFilter& filter, std::string_view after);

  // The order in which decisions came: at most `limit` of them behind the place `after` (0: from
  // the first) up to `through`, with the whole record of those worth telling (any route but close).
  // Errors: Corrupt.
  Result<std::vector<DecisionArrival>> arrivals(std::uint64_t after, std::uint64_t through,
                                                std::size_t limit);

  // Of those that closed their event: the next `limit` decided before `before`, oldest first,
  // behind `after` (nothing: from the oldest). Those worth telling belong to cases.
  Result<std::vector<OldDecision>> closed_before(Timestamp before,
                                                 const std::optional<OldDecision>& after,
                                                 std::size_t limit);
  // As remove_decisions(), in a transaction of its own, durable when it returns.
  Result<std::uint64_t> remove(std::span<const Digest> ids, const Removal& removal);

 private:
  DecisionStore(Sqlite database, bool has_packs)
      : database_(std::move(database)), has_packs_(has_packs) {}
  Result<std::optional<Removal>> removal_of(std::string_view id_prefix);
  Sqlite database_;
  bool has_packs_;  // not those of an older Winnow, opened to be read
};

}  // namespace winnow
