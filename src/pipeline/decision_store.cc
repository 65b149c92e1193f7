#include "pipeline/decision_store.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxSubjectBytes = 500;

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

constexpr std::array kSchema = {kDecisions, kIndexesForPages, kLastingPlaces, kRemovals};

constexpr std::string_view kColumns = "decided_at, sender, subject, body, id";

Result<DecisionRecord> read_record(SqliteStatement& statement) {
  DecisionRecord record;
  SqliteBlob body;
  std::string id;
  WINNOW_TRY(statement.read(record.decided_at, record.sender, record.subject, body, id));
  auto decision = Decision::from_bytes(body.bytes);
  if (!decision)
    return decision.error().with_context(fmt::format("reading decision d-{}", id.substr(0, 12)));
  record.decision = std::move(*decision);
  if (record.decision.id().hex() != id) {
    return Error(Code::Corrupt,
                 fmt::format("decision d-{} does not hold what its id says", id.substr(0, 12)));
  }
  return record;
}

// A decision's place among all, newest first: "1772539506000000-3f21...".
struct Place {
  std::int64_t decided_at = std::numeric_limits<std::int64_t>::max();
  std::string id;
};

Result<Place> place_of(std::string_view text) {
  Place place;
  if (text.empty()) return place;
  const auto end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, place.decided_at);
  if (error == std::errc() && rest != end && *rest == '-') {
    place.id = std::string(rest + 1, end);
    if (Digest::from_hex(place.id)) return place;
  }
  return Error(Code::InvalidArgument, "the cursor is none that a page ended with")
      .with_hint("begin again without one");
}

std::string text_of(const DecisionRecord& record) {
  return fmt::format("{}-{}", record.decided_at.micros(), record.decision.id().hex());
}

// Escalations before queue entries before what a second stage left without a score.
constexpr std::string_view kMostUrgent =
    "CASE route WHEN 'escalate' THEN 0 WHEN 'playbook' THEN 1 WHEN 'queue' THEN 2 ELSE 3 END, "
    "probability DESC NULLS LAST, event_time DESC, id";

}  // namespace

Result<DecisionStore> DecisionStore::open(const Path& database, Access access) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, access, {.durable_commits = false}));
  if (access == Access::ReadWrite) {
    WINNOW_TRY(sqlite.migrate("decisions", kSchema));
    return DecisionStore(std::move(sqlite));
  }
  {
    WINNOW_TRY(auto table, sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = 'decisions'"));
    WINNOW_TRY(table.bind());
    WINNOW_TRY(const bool exists, table.next());
    if (!exists) {
      return Error(Code::NotFound, "there are no decisions yet")
          .with_hint("winnow score mail FILE makes some");
    }
  }
  return DecisionStore(std::move(sqlite));
}

Result<std::size_t> DecisionStore::add(std::span<const DecisionRecord> records) {
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
    const std::string subject = to_valid_utf8(utf8_prefix(record.subject, kMaxSubjectBytes));
    WINNOW_TRY(insert.bind(decision.id(), decision.event, decision.bundle, decision.event_time,
                           record.decided_at, name_of(decision.route), name_of(decision.stage),
                           probability, record.sender, subject, SqliteBlob{decision.bytes()}));
    WINNOW_TRY(insert.run());
    added += static_cast<std::size_t>(database_.changes());
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
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format(
                 "SELECT {} FROM decisions WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 2", kColumns)));
  WINNOW_TRY(select.bind(id_prefix));
  WINNOW_TRY(const bool found, select.next());
  if (!found) {
    WINNOW_TRY(const auto removal, removal_of(id_prefix));
    if (removal)
      return Error(Code::NotFound, fmt::format("decision d-{} was {}", id_prefix, removal->text()));
    return Error(Code::NotFound, fmt::format("there is no decision d-{}", id_prefix))
        .with_hint("winnow decisions list shows them");
  }
  WINNOW_TRY(auto record, read_record(select));
  WINNOW_TRY(const bool another, select.next());
  if (another)
    return Error(Code::Conflict, fmt::format("several decisions begin with d-{}", id_prefix))
        .with_hint("give more digits");
  return record;
}

Result<std::optional<DecisionRecord>> DecisionStore::find(const Digest& event,
                                                          const Digest& bundle) {
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format("SELECT {} FROM decisions WHERE event = ?1 AND bundle = "
                                           "?2 ORDER BY decided_at, id LIMIT 1",
                                           kColumns)));
  WINNOW_TRY(select.bind(event, bundle));
  WINNOW_TRY(const bool found, select.next());
  if (!found) return std::optional<DecisionRecord>();
  WINNOW_TRY(auto record, read_record(select));
  return std::optional(std::move(record));
}

Result<std::vector<DecisionRecord>> DecisionStore::list(const DecisionFilter& filter) {
  const auto order = filter.order == DecisionFilter::Order::NewestFirst
                         ? std::string_view("decided_at DESC, id")
                         : kMostUrgent;
  WINNOW_TRY(auto select, database_.prepare(fmt::format(
                              "SELECT {} FROM decisions WHERE (?1 IS NULL OR route = ?1) AND (?2 "
                              "IS NULL OR decided_at >= ?2) "
                              "AND (?3 IS NULL OR decided_at < ?3) AND (?4 = '' OR sender = ?4 OR "
                              "substr(sender, instr(sender, '@') + 1) = ?4) "
                              "AND (?5 IS NULL OR bundle = ?5) ORDER BY {} LIMIT ?6",
                              kColumns, order)));
  const auto route =
      filter.route ? std::optional<std::string>(name_of(*filter.route)) : std::nullopt;
  WINNOW_TRY(
      select.bind(route, filter.since, filter.until, filter.sender, filter.bundle, filter.limit));
  std::vector<DecisionRecord> records;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return records;
    WINNOW_TRY(records.emplace_back(), read_record(select));
  }
}

Result<DecisionPage> DecisionStore::page(const DecisionFilter& filter, std::string_view after) {
  WINNOW_TRY(const auto place, place_of(after));
  // Only the conditions that there are, so that SQLite finds the index that fits.
  std::string where = "(decided_at, id) < (?6, ?7)";
  if (filter.route) where += " AND route = ?1";
  if (filter.since) where += " AND decided_at >= ?2";
  if (filter.until) where += " AND decided_at < ?3";
  if (filter.sender.find('@') != std::string::npos) {
    where += " AND sender = ?4";
  } else if (!filter.sender.empty()) {
    where += " AND substr(sender, instr(sender, '@') + 1) = ?4";
  }
  if (filter.bundle) where += " AND bundle = ?5";
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format("SELECT {} FROM decisions WHERE {} ORDER BY "
                                           "decided_at DESC, id DESC LIMIT ?8",
                                           kColumns, where)));
  const auto route =
      filter.route ? std::optional<std::string>(name_of(*filter.route)) : std::nullopt;
  WINNOW_TRY(select.bind(route, filter.since, filter.until, filter.sender, filter.bundle,
                         place.decided_at, place.id, filter.limit + 1));
  DecisionPage page;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return page;
    if (page.records.size() == filter.limit) {
      page.next = page.records.empty() ? "" : text_of(page.records.back());
      return page;
    }
    WINNOW_TRY(page.records.emplace_back(), read_record(select));
  }
}

Result<std::vector<DecisionArrival>> DecisionStore::arrivals(std::uint64_t after,
                                                             std::uint64_t through,
                                                             std::size_t limit) {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT place, route, sender FROM decisions WHERE place > ?1 AND "
                               "place <= ?2 ORDER BY place LIMIT ?3"));
  WINNOW_TRY(select.bind(after, through, limit));
  WINNOW_TRY(auto whole,
             database_.prepare(fmt::format("SELECT {} FROM decisions WHERE place = ?1", kColumns)));
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
      WINNOW_TRY(const bool there, whole.next());
      if (there) {
        WINNOW_TRY(arrival.record, read_record(whole));
      }
    }
    found.push_back(std::move(arrival));
  }
}

}  // namespace winnow
