#include "ingest/detail/event_index.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/format.h>

#include "base/contract.h"
#include "ingest/detail/event_pack.h"

namespace winnow {
namespace {

// The four steps of before made a table with a row for each event. The log tells all that it held,
// so it goes, and everything is indexed anew.
constexpr std::string_view kGone = "SELECT 1";

const std::string kPacks = fmt::format(R"sql(
  DROP TABLE IF EXISTS events;
  DROP TABLE IF EXISTS event_log_end;
  CREATE TABLE event_log_end (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    segment  INTEGER NOT NULL,
    position INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE event_packs (
    last   INTEGER PRIMARY KEY,  -- the id of its last event, and of its first
    first  INTEGER NOT NULL,
    oldest INTEGER NOT NULL,     -- event times
    newest INTEGER NOT NULL,
    events BLOB NOT NULL         -- detail/event_pack.h
  ) STRICT;
  CREATE TABLE event_labels (
    label_id     INTEGER PRIMARY KEY,
    event        INTEGER NOT NULL UNIQUE,
    label        INTEGER NOT NULL,
    origin       TEXT NOT NULL,
    given        INTEGER NOT NULL,
    after        INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE event_removals (
    event      INTEGER PRIMARY KEY,
    segment    INTEGER NOT NULL,
    removed_at INTEGER NOT NULL,
    removed_by TEXT NOT NULL,
    erased     INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX event_removals_to_erase ON event_removals (segment) WHERE erased = 0;
  {}
)sql",
                                       SortedRuns::kSchema);

// Of an event there may be several: the one that came with the record has no entry of the audit
// log, and each other one its own.
constexpr std::string_view kStatements = R"sql(
  CREATE TABLE labels_by_entry (
    label_id     INTEGER PRIMARY KEY,
    event        INTEGER NOT NULL,
    label        INTEGER NOT NULL,
    origin       TEXT NOT NULL,
    given        INTEGER NOT NULL,
    after        INTEGER NOT NULL,
    entry        INTEGER NOT NULL,  -- of the audit log; -1: it came with the record
    said_until   INTEGER NOT NULL,  -- the last entry that said so
    step         TEXT NOT NULL,
    UNIQUE (event, entry)
  ) STRICT;
  INSERT INTO labels_by_entry
    SELECT label_id, event, label, origin, given, after, -1, -1, '' FROM event_labels;
  DROP TABLE event_labels;
  ALTER TABLE labels_by_entry RENAME TO event_labels;
)sql";

Result<std::uint64_t> read_number(Sqlite& database, std::string_view sql) {
  WINNOW_TRY(auto statement, database.prepare(sql));
  WINNOW_TRY(statement.bind());
  WINNOW_TRY(statement.next());
  std::uint64_t number = 0;
  WINNOW_TRY(statement.read(number));
  return number;
}

}  // namespace

EventIndex::EventIndex(std::unique_ptr<Sqlite> database)
    : database_(std::move(database)),
      digests_(*database_, "events by digest"),
      times_(*database_, "events by time") {}

Result<EventIndex> EventIndex::open(const Path& file, Access access) {
  // What the machine's failure takes from the index, the log gives back at the next opening.
  WINNOW_TRY(Sqlite opened, Sqlite::open(file, access, {.durable_commits = false}));
  auto database = std::make_unique<Sqlite>(std::move(opened));
  // What is deleted here was written again elsewhere: nothing is given up.
  WINNOW_TRY(database->execute("PRAGMA secure_delete = OFF; PRAGMA cache_size = -16384"));  // KiB
  const std::array<std::string_view, 6> steps = {kGone, kGone, kGone, kGone, kPacks, kStatements};
  WINNOW_TRY(database->migrate("events", steps));
  return EventIndex(std::move(database));
}

Result<RecordPosition> EventIndex::end() const {
  WINNOW_TRY(auto statement,
             database_->prepare("SELECT segment, position FROM event_log_end WHERE one = 1"));
  WINNOW_TRY(statement.bind());
  WINNOW_TRY(const bool found, statement.next());
  RecordPosition end;
  if (found) WINNOW_TRY(statement.read(end.segment, end.offset));
  return end;
}

Status EventIndex::add(std::span<const IndexedEntry> entries, RecordPosition end) {
  auto transaction = database_->begin();
  if (!transaction) return transaction.error();
  auto status = add_all(entries, end);
  if (status) status = transaction->commit();
  if (!status) digests_.forget_filters();
  return status;
}

Status EventIndex::add_all(std::span<const IndexedEntry> entries, RecordPosition end) {
  WINNOW_TRY(auto id, last_id());
  std::vector<StoredEvent> events;
  for (const auto& entry : entries) {
    if (!entry.event) continue;
    events.push_back(*entry.event);
    events.back().id = ++id;
  }
  WINNOW_TRY(add_said(entries, events));
  WINNOW_TRY(add_events(std::move(events)));
  return database_->run(
      "INSERT INTO event_log_end (one, segment, position) VALUES (1, ?1, ?2)"
      " ON CONFLICT (one) DO UPDATE SET segment = ?1, position = ?2",
      end.segment, end.offset);
}

// Labels and removals, in their order among the new events.
Status EventIndex::add_said(std::span<const IndexedEntry> entries,
                            std::span<const StoredEvent> events) {
  std::vector<Digest> meant;
  for (const auto& entry : entries) {
    if (entry.label) meant.push_back(entry.label->digest);
    if (entry.statement) meant.push_back(entry.statement->event);
    if (entry.removal) meant.push_back(entry.removal->digest);
  }
  std::unordered_map<Digest, StoredEvent> of_digest;
  if (!meant.empty()) {
    for (const auto& event : events) of_digest.emplace(event.digest, event);
    WINNOW_TRY(const auto known, find_each(meant));
    for (const auto& event : known) {
      if (event) of_digest.emplace(event->digest, *event);
    }
  }
  // One of an entry is there once. The next one's place is behind those that there are.
  WINNOW_TRY(auto label,
             database_->prepare("INSERT OR IGNORE INTO event_labels VALUES"
                                " ((SELECT coalesce(max(label_id), 0) + 1 FROM event_labels),"
                                " ?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)"));
  // What an earlier entry says is overruled already, and what says the same is no other label.
  WINNOW_TRY(auto now, database_->prepare("SELECT label_id, label, step, said_until"
                                          " FROM event_labels WHERE event = ?1"
                                          " ORDER BY entry DESC LIMIT 1"));
  WINNOW_TRY(auto confirm,
             database_->prepare("UPDATE event_labels SET said_until = ?2 WHERE label_id = ?1"));
  constexpr std::int64_t kNoEntry = -1;
  WINNOW_TRY(auto remove, database_->prepare("INSERT OR IGNORE INTO event_removals"
                                             " (event, segment, removed_at, removed_by)"
                                             " VALUES (?1, ?2, ?3, ?4)"));
  WINNOW_TRY(auto arrived, last_id());
  for (const auto& entry : entries) {
    if (entry.event) ++arrived;
    if (entry.event && entry.event->label != Label::None) {
      WINNOW_TRY(label.bind(arrived, static_cast<int>(entry.event->label),
                            entry.event->label_origin, entry.event->received_time, arrived,
                            kNoEntry, ""));
      WINNOW_TRY(label.run());
    }
    if (entry.label) {
      const auto event = of_digest.find(entry.label->digest);
      if (event == of_digest.end()) continue;
      WINNOW_TRY(label.bind(event->second.id, static_cast<int>(entry.label->label),
                            entry.label->origin, entry.label->given, arrived, kNoEntry, ""));
      WINNOW_TRY(label.run());
    }
    if (entry.statement) {
      const auto& said = *entry.statement;
      const auto event = of_digest.find(said.event);
      if (event == of_digest.end()) continue;
      WINNOW_TRY(now.bind(event->second.id));
      WINNOW_TRY(const bool has_label, now.next());
      if (has_label) {
        std::uint64_t label_id = 0;
        int called = 0;
        std::string step;
        std::int64_t until = 0;
        WINNOW_TRY(now.read(label_id, called, step, until));
        if (static_cast<std::int64_t>(said.entry) <= until) continue;
        if (called == static_cast<int>(said.label) && step == said.step) {
          WINNOW_TRY(confirm.bind(label_id, said.entry));
          WINNOW_TRY(confirm.run());
          continue;
        }
      }
      WINNOW_TRY(label.bind(event->second.id, static_cast<int>(said.label), said.origin, said.given,
                            arrived, said.entry, said.step));
      WINNOW_TRY(label.run());
    }
    if (entry.removal) {
      const auto event = of_digest.find(entry.removal->digest);
      if (event == of_digest.end()) continue;
      const auto& removal = entry.removal->removal;
      WINNOW_TRY(remove.bind(event->second.id, event->second.at.segment, removal.at, removal.rule));
      WINNOW_TRY(remove.run());
    }
  }
  return {};
}

// Events of packs at the end that are no larger than what comes behind them, out of these packs: so
// an event that comes alone is written eight times, and then stands with others.
Result<std::vector<StoredEvent>> EventIndex::absorbed_tail(std::size_t events) {
  std::vector<StoredEvent> tail;
  for (;;) {
    WINNOW_TRY(auto select, database_->prepare("SELECT last, first, events FROM event_packs"
                                               " ORDER BY last DESC LIMIT 1"));
    WINNOW_TRY(select.bind());
    WINNOW_TRY(const bool found, select.next());
    if (!found) return tail;
    WINNOW_TRY(const auto pack, read_pack(select));
    const auto size = pack.last() - pack.first() + 1;
    const auto behind = events + tail.size();
    if (size > behind || size + behind > kPackEvents) return tail;
    std::vector<StoredEvent> before;
    for (auto id = pack.first(); id <= pack.last(); ++id) {
      WINNOW_TRY(before.emplace_back(), pack.event(id));
    }
    tail.insert(tail.begin(), before.begin(), before.end());
    WINNOW_TRY(select.run());
    WINNOW_TRY(database_->run("DELETE FROM event_packs WHERE last = ?1", pack.last()));
  }
}

Status EventIndex::add_events(std::vector<StoredEvent> events) {
  if (events.empty()) return {};
  std::vector<NumberPair> by_digest, by_time;
  for (const auto& event : events) {
    const auto id = static_cast<std::int64_t>(event.id);
    by_digest.push_back({key_of(event.digest), id});
    by_time.push_back({event.event_time.micros(), id});
  }
  WINNOW_TRY(digests_.add(std::move(by_digest)));
  WINNOW_TRY(times_.add(std::move(by_time)));
  WINNOW_TRY(const auto tail, absorbed_tail(events.size()));
  events.insert(events.begin(), tail.begin(), tail.end());
  WINNOW_TRY(auto insert,
             database_->prepare("INSERT INTO event_packs VALUES (?1, ?2, ?3, ?4, ?5)"));
  for (std::size_t at = 0; at < events.size(); at += kPackEvents) {
    const auto pack = std::span(events).subspan(at, std::min(kPackEvents, events.size() - at));
    const auto [oldest, newest] = std::ranges::minmax_element(pack, {}, &StoredEvent::event_time);
    WINNOW_TRY(insert.bind(pack.back().id, pack.front().id, oldest->event_time, newest->event_time,
                           SqliteBlob{pack_events(pack)}));
    WINNOW_TRY(insert.run());
  }
  return {};
}

Result<std::uint64_t> EventIndex::last_id() const {
  return read_number(*database_, "SELECT coalesce(max(last), 0) FROM event_packs");
}

Result<std::uint64_t> EventIndex::last_label_id() const {
  return read_number(*database_, "SELECT coalesce(max(label_id), 0) FROM event_labels");
}

Result<std::vector<std::uint64_t>> EventIndex::segments_to_erase(std::uint64_t before) const {
  WINNOW_TRY(auto statement,
             database_->prepare("SELECT DISTINCT segment FROM event_removals WHERE erased = 0"
                                " AND segment < ?1 ORDER BY segment"));
  WINNOW_TRY(statement.bind(before));
  std::vector<std::uint64_t> segments;
  for (;;) {
    WINNOW_TRY(const bool found, statement.next());
    if (!found) return segments;
    WINNOW_TRY(statement.read(segments.emplace_back()));
  }
}

Status EventIndex::note_erased(std::span<const StoredEvent> events) {
  WINNOW_TRY(auto transaction, database_->begin());
  WINNOW_TRY(auto update,
             database_->prepare("UPDATE event_removals SET erased = 1 WHERE event = ?1"));
  for (const auto& event : events) {
    WINNOW_TRY(update.bind(event.id));
    WINNOW_TRY(update.run());
  }
  return transaction.commit();
}

Status EventIndex::sync() { return database_->sync(); }

Status EventIndex::check_integrity() const { return database_->check_integrity(); }

}  // namespace winnow
