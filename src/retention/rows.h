// What of decisions, cases and the quarantine goes when its time is over, and making it go. Mails
// have a log of their own (retention.h).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "pipeline/decision_store.h"
#include "retention/apply.h"
#include "retention/hold_check.h"
#include "retention/retention.h"

namespace winnow {

struct OldRow {
  std::string id;   // as people know it
  Timestamp since;  // its time is counted from then on
};

// One kind of rows, as its store knows them. What it is made from outlives it.
struct RowKind {
  std::string rule;  // "retention.decisions"
  // The next page of those whose time is counted from before that moment, from the first on; empty:
  // that was all.
  std::function<Result<std::vector<OldRow>>(Timestamp before)> next;
  std::function<Result<Stays>(const OldRow& row)> why_it_stays;
  // All or nothing, durable; those that are not there are passed over.
  std::function<Result<std::uint64_t>(std::span<const std::string> ids, const Removal& removal)>
      remove;
};

struct RowPlan {
  std::string rule;  // "retention.decisions: 365d"
  Timestamp before;
  std::uint64_t held = 0, open = 0;  // old enough, but they stay
  std::optional<Timestamp> first, last;
  std::vector<std::string> ids;  // at most kMostRows
  bool more = false;             // what does not fit goes the next time
  static constexpr std::size_t kMostRows = 100'000;
};

// Errors: of `kind`.
Result<RowPlan> plan_rows(const RowKind& kind, std::chrono::days kept_for, Timestamp now);

// As apply_retention(), and with the same promise about holds.
struct RowStores {
  AuditLog& audit;
  Holds& holds;
  const Clock& clock;
};
Result<RetentionDone> apply_rows(const RowPlan& plan, const RowKind& kind,
                                 const std::optional<std::uint64_t>& known, const RowStores& stores,
                                 std::string_view actor, Progress& progress);

// SHA-256 over the ids in ascending order, each with a line end: what the entry names.
Digest digest_of(std::vector<std::string> ids);

// Decisions that closed a mail; those about findings go with their case.
RowKind decision_rows(DecisionStore& decisions, const HoldCheck& holds);
RowKind quarantine_rows(Quarantine& quarantine, const HoldCheck& holds);

// Makes what was deleted go from the files of a database: the zeros over it stand in the log of
// changes until then. Errors: Conflict (somebody reads what was before), Exhausted, Unavailable.
Status erase_deleted(const Path& database);

}  // namespace winnow
