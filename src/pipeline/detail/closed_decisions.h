// Closed decisions as packs in SQL: a row a pack. What is asked about them here is what
// DecisionStore is asked, of this part.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/decision_store.h"
#include "pipeline/detail/key_runs.h"
#include "pipeline/packed_decisions.h"
#include "store/sqlite.h"

namespace winnow {

// A decision with its id, which costs a digest over all that it read.
struct IdentifiedDecision {
  Digest id;
  DecisionRecord record;
};
// Whether `a` comes before `b`.
using DecisionOrder = std::function<bool(const IdentifiedDecision& a, const IdentifiedDecision& b)>;

bool passes(const DecisionFilter& filter, const DecisionRecord& record);
bool is_newer(const IdentifiedDecision& a, const IdentifiedDecision& b);  // by time, then id
bool is_more_urgent(const IdentifiedDecision& a, const IdentifiedDecision& b);

// Borrows the database, whose thread it is on. Errors of all: Corrupt, Unavailable.
class ClosedDecisions {
 public:
  static constexpr std::string_view kSchema = R"sql(
CREATE TABLE closed_decisions (
  pack          INTEGER PRIMARY KEY AUTOINCREMENT,
  first         TEXT NOT NULL UNIQUE,  -- the id of the first decision that it was made with
  bundle        TEXT NOT NULL,
  earliest      INTEGER NOT NULL,      -- by decided_at
  latest        INTEGER NOT NULL,
  decisions     INTEGER NOT NULL,
  most_probable REAL NOT NULL,         -- -1 without a score
  latest_event  INTEGER NOT NULL,      -- by the events' own times
  senders       TEXT NOT NULL,         -- each once, between line ends
  body          BLOB NOT NULL          -- PackedDecisions::body
) STRICT;
CREATE INDEX closed_decisions_by_time ON closed_decisions (latest);
)sql";
  // For the tables of before `latest_event` was told: their packs may hold any.
  static constexpr std::string_view kLatestEvents = R"sql(
ALTER TABLE closed_decisions RENAME TO closed_decisions_before;
DROP INDEX closed_decisions_by_time;
CREATE TABLE closed_decisions (
  pack          INTEGER PRIMARY KEY AUTOINCREMENT,
  first         TEXT NOT NULL UNIQUE,
  bundle        TEXT NOT NULL,
  earliest      INTEGER NOT NULL,
  latest        INTEGER NOT NULL,
  decisions     INTEGER NOT NULL,
  most_probable REAL NOT NULL,
  latest_event  INTEGER NOT NULL,
  senders       TEXT NOT NULL,
  body          BLOB NOT NULL
) STRICT;
INSERT INTO closed_decisions SELECT pack, first, bundle, earliest, latest, decisions, most_probable,
  9223372036854775807, senders, body FROM closed_decisions_before;
DROP TABLE closed_decisions_before;
CREATE INDEX closed_decisions_by_time ON closed_decisions (latest);
)sql";

  explicit ClosedDecisions(Sqlite& database) : database_(&database), keys_(database) {}

  // Within the caller's transaction; one that is there already is left as it is. Returns how many
  // decisions are new.
  Result<std::size_t> add(const PackedDecisions& packed);

  // Those whose id begins so, at most `most`.
  Result<std::vector<IdentifiedDecision>> with_prefix(std::string_view hex, std::size_t most);
  Result<std::vector<IdentifiedDecision>> of_event(const Digest& event);

  // The first `limit` in `order` of those that pass the filter and `also`; urgency or time decides
  // the order, and so which packs need not be read.
  enum class By : std::uint8_t { Time, Urgency };
  Result<std::vector<IdentifiedDecision>> best(
      const DecisionFilter& filter, By by, const DecisionOrder& order,
      const std::function<bool(const IdentifiedDecision&)>& also, std::size_t limit);
  // The oldest `limit` behind `after`, decided before `before`.
  Result<std::vector<OldDecision>> oldest(Timestamp before, const std::optional<OldDecision>& after,
                                          std::size_t limit);

  // Within the caller's transaction. Returns those that were there.
  Result<std::vector<Digest>> remove(std::span<const Digest> ids);

 private:
  Result<std::vector<DecisionRecord>> of_pack(std::uint64_t pack);
  Status rewrite(std::uint64_t pack, std::vector<DecisionRecord> left);

  Sqlite* database_;
  KeyRuns keys_;
};

}  // namespace winnow
