// What goes of one kind of rows by a rule, making it go, and putting on record that it went. What
// the kinds are: kinds.h. All of a workspace's rules at one time: run.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/event_log.h"
#include "registry/audit_log.h"
#include "retention/holds.h"

namespace winnow {

// Why something stays although it is old enough: somebody holds it, people still work on it.
enum class Stays : std::uint8_t { No, Held, Open };

enum class RetainedKind : std::uint8_t { Mails, LabelledMails, Cases, Decisions, Quarantine };
std::string_view rule_of(RetainedKind kind);  // "retention.labelled_mails", as settings call it

struct OldRow {
  std::string id;           // as people know it
  Timestamp since;          // its time is counted from then on
  std::uint64_t bytes = 0;  // of what is kept of it, where its store counts them
  Stays stays = Stays::No;
};

// The rows of one kind, as its store knows them. What it is made from outlives it.
struct RetainedRows {
  RetainedKind kind;
  // The next page of those whose time is counted from before that moment, from the first on; empty:
  // that was all.
  std::function<Result<std::vector<OldRow>>(Timestamp before)> next;
};

// Who writes the stores: a command that has the workspace to itself, or a service's threads.
class StoreWriters {
 public:
  virtual ~StoreWriters() = default;

  // Before anything is planned: what was decided is in its case, what people judged is a label, and
  // nothing is on its way into a store that would come back behind a removal.
  virtual Status settle(Progress& progress) = 0;
  // All or nothing, durable; rows that are not there are passed over. Returns how many went.
  virtual Result<std::uint64_t> remove(RetainedKind kind, std::span<const std::string> ids,
                                       const Removal& removal) = 0;
  // From here on nothing is appended to the event log's last file.
  virtual Status begin_segment() = 0;
  // Makes the words of removed cases go from the search.
  virtual Status forget_words() = 0;
};

// What goes by one rule.
struct RetentionPlan {
  RetainedKind kind = {};
  std::string rule;                      // "retention.decisions: 365d"
  Timestamp before;                      // what is older than this moment is old enough
  std::uint64_t bytes = 0;               // of what goes
  std::uint64_t held = 0, open = 0;      // old enough, but they stay
  std::optional<Timestamp> first, last;  // of what goes
  std::vector<std::string> ids;          // as the pages have them, at most kMostRows
  bool more = false;                     // what does not fit goes the next time
  static constexpr std::size_t kMostRows = 100'000;
};

// Changes nothing. Errors: of `rows`.
Result<RetentionPlan> plan_retention(const RetainedRows& rows, std::chrono::days kept_for,
                                     Timestamp now);

struct RetentionDone {
  std::uint64_t audit_entry = 0;
  std::uint64_t rows = 0;
  bool stopped = false;  // by a hold that the plan did not know: plan again
};

// Where it is put on record, and who may forbid it; all of it outlives the call.
struct RetentionStores {
  AuditLog& audit;
  Holds& holds;
  const Clock& clock;
};

// First on record, then removed: nothing of it can be read from then on. A crash leaves some of the
// rows; the next plan has them, under an entry of its own. `known` is what holds.newest() was
// before the plan was made: at the first batch that finds another it stops, and says so on record.
// So what a hold covers is not removed from the moment that Holds::place() returns. Not for an
// empty plan. Errors: of the audit log, the writers and the holds.
Result<RetentionDone> apply_retention(const RetentionPlan& plan, StoreWriters& writers,
                                      const std::optional<std::uint64_t>& known,
                                      const RetentionStores& stores, std::string_view actor,
                                      Progress& progress);

// All but the ids.
Json plan_json(const RetentionPlan& plan);
// Null where the store of its rows counts none.
Json bytes_json(const RetentionPlan& plan);

// SHA-256 over the ids in ascending order, each with a line end: what the entry names, and anybody
// can compute again from the rows that name the entry.
Digest digest_of(std::vector<std::string> ids);

// So many rows are removed at one time: about as much work as a batch of mails.
inline constexpr std::size_t kRemovedAtOnce = 256;

}  // namespace winnow
