#include "pipeline/decision_store.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "pipeline/detail/closed_decisions.h"
#include "pipeline/detail/decision_rows.h"

namespace winnow {
namespace {

// Rows stand in the order in which they came: ids are hashes, and bodies kept in their order would
// touch a page each.
constexpr std::string_view kDecisions = R"sql(
CREATE TABLE decisions (
  id          TEXT NOT NULL UNIQUE,
  event       TEXT NOT NULL,
  bundle      TEXT NOT NULL,
  event_time  INTEGER NOT NULL,
  decided_at  INTEGER NOT NULL,
  route       TEXT NOT NULL,
  stage       TEXT NOT NULL,
  probability REAL,              -- NULL without a score
  sender      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  body        BLOB NOT NULL      -- Decision::bytes()
) STRICT;
CREATE INDEX decisions_by_event ON decisions (event);
CREATE INDEX decisions_by_time ON decisions (decided_at);
)sql";

// For pages of one route or one sender.
constexpr std::string_view kIndexesForPages = R"sql(
DROP INDEX decisions_by_time;
CREATE INDEX decisions_by_time ON decisions (decided_at, id);
CREATE INDEX decisions_by_route ON decisions (route, decided_at, id);
CREATE INDEX decisions_by_sender ON decisions (sender, decided_at, id);
CREATE INDEX decisions_by_domain ON
  decisions (substr(sender, instr(sender, '@') + 1), decided_at, id);
)sql";

// A place that survives VACUUM, so that others can remember how far they have read; AUTOINCREMENT
// gives none twice.
constexpr std::string_view kLastingPlaces = R"sql(
ALTER TABLE decisions RENAME TO decisions_before;
CREATE TABLE decisions (
  place       INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  event       TEXT NOT NULL,
  bundle      TEXT NOT NULL,
  event_time  INTEGER NOT NULL,
  decided_at  INTEGER NOT NULL,
  route       TEXT NOT NULL,
  stage       TEXT NOT NULL,
  probability REAL,              -- NULL without a score
  sender      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  body        BLOB NOT NULL      -- Decision::bytes()
) STRICT;
INSERT INTO decisions SELECT rowid, * FROM decisions_before;
DROP TABLE decisions_before;
CREATE INDEX decisions_by_event ON decisions (event);
CREATE INDEX decisions_by_time ON decisions (decided_at, id);
CREATE INDEX decisions_by_route ON decisions (route, decided_at, id);
CREATE INDEX decisions_by_sender ON decisions (sender, decided_at, id);
CREATE INDEX decisions_by_domain ON
  decisions (substr(sender, instr(sender, '@') + 1), decided_at, id);
)sql";

// That a decision was there, and why it went.
constexpr std::string_view kRemovals = R"sql(
CREATE TABLE decision_removals (
  number     INTEGER PRIMARY KEY,
  removed_at INTEGER NOT NULL,
  rule       TEXT NOT NULL,
  UNIQUE (removed_at, rule)
) STRICT;
CREATE TABLE removed_decisions (
  id      TEXT PRIMARY KEY,
  removal INTEGER NOT NULL REFERENCES decision_removals (number)
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array kSchema = {kDecisions,
                                kIndexesForPages,
                                kLastingPlaces,
                                kRemovals,
                                ClosedDecisions::kSchema,
                                KeyRuns::kSchema,
                                ClosedDecisions::kLatestEvents};

Result<bool> has_table(Sqlite& database, std::string_view name) {
  WINNOW_TRY(auto table, database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?1"));
  WINNOW_TRY(table.bind(name));
  return table.next();
}

}  // namespace

Result<DecisionStore> DecisionStore::open(const Path& database, Access access) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, access, {.durable_commits = false}));
  if (access == Access::ReadWrite) {
    WINNOW_TRY(sqlite.migrate("decisions", kSchema));
    return DecisionStore(std::move(sqlite), true);
  }
  WINNOW_TRY(const bool exists, has_table(sqlite, "decisions"));
  if (!exists) {
    return Error(Code::NotFound, "there are no decisions yet")
        .with_hint("winnow score mail FILE makes some");
  }
  WINNOW_TRY(const bool has_packs, has_table(sqlite, "closed_keys"));
  return DecisionStore(std::move(sqlite), has_packs);
}

Result<std::size_t> DecisionStore::add(std::span<const DecisionRecord> records) {
  return add(records, {});
}

Result<std::size_t> DecisionStore::add(std::span<const DecisionRecord> records,
                                       std::span<const PackedDecisions> packs) {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(
      auto insert,
      database_.prepare(
          "INSERT OR IGNORE INTO decisions (id, event, bundle, event_time, decided_at, route, "
          "stage, probability, sender, subject, body) "
          "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"));
  std::size_t added = 0;
  for (const auto& record : records) {
    const auto& decision = record.decision;
    const auto probability =
        std::isnan(decision.probability) ? std::nullopt : std::optional(decision.probability);
    WINNOW_TRY(insert.bind(decision.id(), decision.event, decision.bundle, decision.event_time,
                           record.decided_at, name_of(decision.route), name_of(decision.stage),
                           probability, record.sender, record.kept_subject(),
                           SqliteBlob{decision.bytes()}));
    WINNOW_TRY(insert.run());
    added += static_cast<std::size_t>(database_.changes());
  }
  ClosedDecisions closed(database_);
  for (const auto& packed : packs) {
    WINNOW_TRY(const auto of_pack, closed.add(packed));
    added += of_pack;
  }
  WINNOW_TRY(transaction.commit());
  return added;
}

Status DecisionStore::sync() { return database_.sync(); }

Result<DecisionRecord> DecisionStore::get(std::string_view id_prefix) {
  if (id_prefix.starts_with("d-")) id_prefix.remove_prefix(2);
  const bool hexadecimal =
      id_prefix.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (id_prefix.empty() || id_prefix.size() > 64 || !hexadecimal) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is no decision id", id_prefix.substr(0, 80)))
        .with_hint("winnow decisions list shows ids like d-3f21c0ffee00");
  }
  std::vector<IdentifiedDecision> found;
  WINNOW_TRY(auto select, database_.prepare(fmt::format(
                              "SELECT {} FROM decisions WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 2",
                              kDecisionColumns)));
  WINNOW_TRY(select.bind(id_prefix));
  WINNOW_TRY(read_decisions(select, found));
  if (has_packs_ && found.size() < 2) {
    WINNOW_TRY(auto closed, ClosedDecisions(database_).with_prefix(id_prefix, 2));
    std::ranges::move(closed, std::back_inserter(found));
  }
  if (found.empty()) {
    WINNOW_TRY(const auto removal, removal_of(id_prefix));
    if (removal)
      return Error(Code::NotFound, fmt::format("decision d-{} was {}", id_prefix, removal->text()));
    return Error(Code::NotFound, fmt::format("there is no decision d-{}", id_prefix))
        .with_hint("winnow decisions list shows them");
  }
  if (found.size() > 1)
    return Error(Code::Conflict, fmt::format("several decisions begin with d-{}", id_prefix))
        .with_hint("give more digits");
  return std::move(found.front().record);
}

Result<std::optional<DecisionRecord>> DecisionStore::find(const Digest& event,
                                                          const Digest& bundle) {
  std::vector<IdentifiedDecision> found;
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format("SELECT {} FROM decisions WHERE event = ?1 AND bundle = "
                                           "?2 ORDER BY decided_at, id LIMIT 1",
                                           kDecisionColumns)));
  WINNOW_TRY(select.bind(event, bundle));
  WINNOW_TRY(read_decisions(select, found));
  if (has_packs_) {
    WINNOW_TRY(auto closed, ClosedDecisions(database_).of_event(event));
    std::erase_if(closed, [&](const auto& one) { return one.record.decision.bundle != bundle; });
    std::ranges::move(closed, std::back_inserter(found));
  }
  if (found.empty()) return std::optional<DecisionRecord>();
  const auto first =
      std::ranges::min_element(found, [](const auto& a, const auto& b) { return is_newer(b, a); });
  return std::optional(std::move(first->record));
}

Result<std::optional<DecisionRecord>> DecisionStore::latest_on(const Digest& event) {
  std::vector<IdentifiedDecision> found;
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format("SELECT {} FROM decisions WHERE event = ?1"
                                           " ORDER BY decided_at DESC, id DESC LIMIT 1",
                                           kDecisionColumns)));
  WINNOW_TRY(select.bind(event));
  WINNOW_TRY(read_decisions(select, found));
  if (has_packs_) {
    WINNOW_TRY(auto closed, ClosedDecisions(database_).of_event(event));
    std::ranges::move(closed, std::back_inserter(found));
  }
  const auto latest = std::ranges::min_element(found, is_newer);
  if (latest == found.end()) return std::optional<DecisionRecord>();
  return std::optional(std::move(latest->record));
}

Result<std::vector<DecisionArrival>> DecisionStore::arrivals(std::uint64_t after,
                                                             std::uint64_t through,
                                                             std::size_t limit) {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT place, route, sender FROM decisions WHERE place > ?1 AND "
                               "place <= ?2 ORDER BY place LIMIT ?3"));
  WINNOW_TRY(select.bind(after, through, limit));
  WINNOW_TRY(auto whole, database_.prepare(fmt::format("SELECT {} FROM decisions WHERE place = ?1",
                                                       kDecisionColumns)));
  std::vector<DecisionArrival> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    DecisionArrival arrival;
    std::string route;
    WINNOW_TRY(select.read(arrival.place, route, arrival.sender));
    WINNOW_TRY(arrival.route, route_named(route));
    if (arrival.route != Route::Close) {
      WINNOW_TRY(whole.bind(arrival.place));
      std::vector<IdentifiedDecision> there;
      WINNOW_TRY(read_decisions(whole, there));
      if (!there.empty()) arrival.record = std::move(there.front().record);
    }
    found.push_back(std::move(arrival));
  }
}

}  // namespace winnow
