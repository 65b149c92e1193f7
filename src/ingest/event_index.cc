#include "ingest/detail/event_index.h"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "base/json.h"

namespace winnow {
namespace {

constexpr std::array<std::string_view, 4> kSteps = {R"sql(
  CREATE TABLE events (
    id            INTEGER PRIMARY KEY,
    digest        TEXT NOT NULL UNIQUE,
    event_time    INTEGER NOT NULL,
    received_time INTEGER NOT NULL,
    form          INTEGER NOT NULL,
    source        TEXT NOT NULL,
    label         INTEGER NOT NULL,
    label_origin  TEXT NOT NULL,
    raw_bytes     INTEGER NOT NULL,
    segment       INTEGER NOT NULL,
    position      INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX events_by_time ON events (event_time, id);
  CREATE TABLE event_log_end (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    segment  INTEGER NOT NULL,
    position INTEGER NOT NULL
  ) STRICT;
)sql",
                                                    // When labels were given; the log tells it, so
                                                    // everything is indexed anew.
                                                    R"sql(
  DELETE FROM events;
  DELETE FROM event_log_end;
  ALTER TABLE events ADD COLUMN label_id INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE events ADD COLUMN label_given INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE events ADD COLUMN label_after INTEGER NOT NULL DEFAULT 0;
  CREATE UNIQUE INDEX events_by_label ON events (label_id) WHERE label_id > 0;
)sql",
                                                    // Which bytes are to go, and which are gone.
                                                    R"sql(
  ALTER TABLE events ADD COLUMN removed_at INTEGER;
  ALTER TABLE events ADD COLUMN removed_by TEXT;
  ALTER TABLE events ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX events_to_erase ON events (segment) WHERE removed_at IS NOT NULL AND erased = 0;
)sql",
                                                    // Records of other logs than mail.
                                                    R"sql(
  ALTER TABLE events ADD COLUMN mapping TEXT NOT NULL DEFAULT '';
)sql"};

constexpr std::string_view kColumns =
    "id, digest, event_time, received_time, form, source, label, label_origin, raw_bytes,"
    " segment, position, label_id, label_given, label_after, removed_at, removed_by, mapping";

// A filter's eight parameters are ?1 to ?8; an absent one lets everything pass.
constexpr std::string_view kPasses =
    "event_time >= ?1 AND event_time < ?2 AND (?3 IS NULL OR source = ?3)"
    " AND (?4 IS NULL OR CASE WHEN label_id <= coalesce(?6, label_id) THEN label ELSE 0 END = ?4)"
    " AND (?5 IS NULL OR id <= ?5) AND (?7 IS NULL OR (removed_at IS NOT NULL) = ?7)"
    " AND (?8 IS NULL OR mapping IN (SELECT value FROM json_each(?8)))";

// The next label's place among all: behind the labels and the events that there are. The index on
// label_id makes it a look-up.
constexpr std::string_view kGiveLabel =
    "UPDATE events SET label = ?2, label_origin = ?3, label_given = ?4,"
    " label_id = (SELECT coalesce(max(label_id), 0) + 1 FROM events WHERE label_id > 0),"
    " label_after = (SELECT max(id) FROM events) WHERE digest = ?1 AND label_id = 0";

std::int64_t from_of(const EventFilter& filter) {
  return filter.from ? filter.from->micros() : std::numeric_limits<std::int64_t>::min();
}
std::int64_t before_of(const EventFilter& filter) {
  return filter.before ? filter.before->micros() : std::numeric_limits<std::int64_t>::max();
}
std::optional<int> label_of(const EventFilter& filter) {
  return filter.label ? std::optional(static_cast<int>(*filter.label)) : std::nullopt;
}

std::optional<bool> removed_of(const EventFilter& filter) {
  if (filter.of == EventFilter::Of::Both) return std::nullopt;
  return filter.of == EventFilter::Of::Removed;
}

std::optional<std::string> mappings_of(const EventFilter& filter) {
  if (!filter.mappings) return std::nullopt;
  Json names = Json::array();
  for (const auto& name : *filter.mappings) names.push(name);
  return to_text(names);
}

Status insert_event(SqliteStatement& insert, const StoredEvent& event) {
  WINNOW_TRY(insert.bind(event.digest, event.event_time, event.received_time,
                         static_cast<int>(event.form), event.source, event.raw_bytes,
                         event.at.segment, event.at.offset, event.mapping));
  return insert.run();
}

Status give_label(SqliteStatement& update, const LabelEntry& entry) {
  WINNOW_TRY(update.bind(entry.digest, static_cast<int>(entry.label), entry.origin, entry.given));
  return update.run();
}

}  // namespace

Result<EventIndex> EventIndex::open(const Path& file, Access access) {
  // What the machine's failure takes from the index, the log gives back at the next opening.
  WINNOW_TRY(Sqlite database, Sqlite::open(file, access, {.durable_commits = false}));
  WINNOW_TRY(database.migrate("events", kSteps));
  // The pages that a batch touches, one or two for each of its digests, which lie anywhere, are
  // read once for its look-ups and its commit.
  WINNOW_TRY(database.run("PRAGMA cache_size = -16384"));  // KiB
  return EventIndex(std::move(database));
}

Result<RecordPosition> EventIndex::end() const {
  WINNOW_TRY(auto statement,
             database_.prepare("SELECT segment, position FROM event_log_end WHERE one = 1"));
  WINNOW_TRY(statement.bind());
  WINNOW_TRY(const bool found, statement.next());
  RecordPosition end;
  if (found) WINNOW_TRY(statement.read(end.segment, end.offset));
  return end;
}

Status EventIndex::add(std::span<const IndexedEntry> entries, RecordPosition end) {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(auto insert,
             database_.prepare(
                 "INSERT OR IGNORE INTO events (digest, event_time, received_time, form, source,"
                 " label, label_origin, raw_bytes, segment, position, mapping)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, 0, '', ?6, ?7, ?8, ?9)"));
  WINNOW_TRY(auto update, database_.prepare(kGiveLabel));
  WINNOW_TRY(auto remove, database_.prepare("UPDATE events SET removed_at = ?2, removed_by = ?3"
                                            " WHERE digest = ?1 AND removed_at IS NULL"));
  for (const IndexedEntry& entry : entries) {
    if (entry.event) {
      const auto& event = *entry.event;
      WINNOW_TRY(insert_event(insert, event));
      if (event.label != Label::None) {
        WINNOW_TRY(give_label(
            update, {event.digest, event.label, event.label_origin, event.received_time}));
      }
    }
    if (entry.label) WINNOW_TRY(give_label(update, *entry.label));
    if (entry.removal) {
      const auto& [digest, removal] = *entry.removal;
      WINNOW_TRY(remove.bind(digest, removal.at, removal.rule));
      WINNOW_TRY(remove.run());
    }
  }
  WINNOW_TRY(
      database_.run("INSERT INTO event_log_end (one, segment, position) VALUES (1, ?1, ?2)"
                    " ON CONFLICT (one) DO UPDATE SET segment = ?1, position = ?2",
                    end.segment, end.offset));
  return transaction.commit();
}

Result<std::vector<StoredEvent>> EventIndex::collect(SqliteStatement& statement) const {
  std::vector<StoredEvent> events;
  for (;;) {
    WINNOW_TRY(const bool found, statement.next());
    if (!found) return events;
    StoredEvent& event = events.emplace_back();
    int form = 0, label = 0;
    std::optional<Timestamp> removed_at;
    std::optional<std::string> removed_by;
    WINNOW_TRY(statement.read(event.id, event.digest, event.event_time, event.received_time, form,
                              event.source, label, event.label_origin, event.raw_bytes,
                              event.at.segment, event.at.offset, event.label_id, event.label_given,
                              event.label_after, removed_at, removed_by, event.mapping));
    if (removed_at) event.removed = Removal{*removed_at, removed_by.value_or("")};
    event.form = static_cast<RecordForm>(form);
    event.label = static_cast<Label>(label);
  }
}

Result<std::optional<StoredEvent>> EventIndex::find(const Digest& digest) const {
  WINNOW_TRY(auto statement,
             database_.prepare(fmt::format("SELECT {} FROM events WHERE digest = ?1", kColumns)));
  WINNOW_TRY(statement.bind(digest));
  WINNOW_TRY(auto found, collect(statement));
  if (found.empty()) return std::optional<StoredEvent>();
  return std::optional(std::move(found.front()));
}

Result<std::vector<std::optional<StoredEvent>>> EventIndex::find(
    std::span<const Digest> digests) const {
  std::vector<std::optional<StoredEvent>> found;
  found.reserve(digests.size());
  WINNOW_TRY(database_.run("BEGIN"));
  for (const auto& digest : digests) {
    auto one = find(digest);
    if (!one) {
      WINNOW_TRY(database_.run("ROLLBACK"));
      return std::move(one).error();
    }
    found.push_back(std::move(*one));
  }
  WINNOW_TRY(database_.run("COMMIT"));
  return found;
}

Result<std::vector<StoredEvent>> EventIndex::find_by_prefix(std::string_view prefix,
                                                            int limit) const {
  WINNOW_TRY(auto statement,
             database_.prepare(fmt::format("SELECT {} FROM events WHERE digest >= ?1 AND"
                                           " digest < ?1 || 'g' ORDER BY digest LIMIT ?2",
                                           kColumns)));
  WINNOW_TRY(statement.bind(prefix, limit));
  return collect(statement);
}

Result<std::uint64_t> EventIndex::count(const EventFilter& filter) const {
  WINNOW_TRY(auto statement,
             database_.prepare(fmt::format("SELECT count(*) FROM events WHERE {}", kPasses)));
  WINNOW_TRY(statement.bind(from_of(filter), before_of(filter), filter.source, label_of(filter),
                            filter.through_id, filter.through_label, removed_of(filter),
                            mappings_of(filter)));
  WINNOW_TRY(statement.next());
  std::uint64_t count = 0;
  WINNOW_TRY(statement.read(count));
  return count;
}

Result<std::vector<StoredEvent>> EventIndex::page(const EventFilter& filter,
                                                  std::optional<EventPlace> after,
                                                  int limit) const {
  WINNOW_TRY(auto statement,
             database_.prepare(fmt::format("SELECT {} FROM events WHERE {} AND (event_time, id) >"
                                           " (?9, ?10) ORDER BY event_time, id LIMIT ?11",
                                           kColumns, kPasses)));
  const EventPlace place = after.value_or(EventPlace{Timestamp::from_micros(from_of(filter)), 0});
  WINNOW_TRY(statement.bind(from_of(filter), before_of(filter), filter.source, label_of(filter),
                            filter.through_id, filter.through_label, removed_of(filter),
                            mappings_of(filter), place.event_time, place.id, limit));
  WINNOW_TRY(auto events, collect(statement));
  for (auto& event : events) {
    if (filter.through_label && event.label_id > *filter.through_label) {
      event.label = Label::None;
      event.label_origin.clear();
    }
  }
  return events;
}

Result<std::vector<StoredEvent>> EventIndex::backwards(const std::optional<Timestamp>& from,
                                                       const std::optional<Timestamp>& before,
                                                       const std::optional<EventPlace>& behind,
                                                       std::size_t limit) const {
  WINNOW_TRY(auto statement,
             database_.prepare(fmt::format("SELECT {} FROM events WHERE event_time >= ?1 AND"
                                           " event_time < ?2 AND (event_time, id) < (?3, ?4)"
                                           " ORDER BY event_time DESC, id DESC LIMIT ?5",
                                           kColumns)));
  const EventFilter times{.from = from, .before = before};
  constexpr auto kBehindAll = std::numeric_limits<std::int64_t>::max();
  const auto place = behind.value_or(EventPlace{Timestamp::from_micros(kBehindAll), 0});
  WINNOW_TRY(statement.bind(from_of(times), before_of(times), place.event_time, place.id,
                            std::uint64_t{limit}));
  return collect(statement);
}

Result<std::vector<StoredEvent>> EventIndex::arrivals(std::uint64_t after,
                                                      std::size_t limit) const {
  WINNOW_TRY(auto statement,
             database_.prepare(fmt::format(
                 "SELECT {} FROM events WHERE id > ?1 ORDER BY id LIMIT ?2", kColumns)));
  WINNOW_TRY(statement.bind(after, std::uint64_t{limit}));
  return collect(statement);
}

Result<std::uint64_t> EventIndex::last_id() const {
  WINNOW_TRY(auto statement, database_.prepare("SELECT coalesce(max(id), 0) FROM events"));
  WINNOW_TRY(statement.bind());
  WINNOW_TRY(statement.next());
  std::uint64_t id = 0;
  WINNOW_TRY(statement.read(id));
  return id;
}

Result<std::vector<StoredEvent>> EventIndex::labellings(std::uint64_t after,
                                                        std::size_t limit) const {
  // The second condition admits the index, the first is where the search in it begins: the other
  // way round every label would be read, to be left out.
  WINNOW_TRY(auto statement,
             database_.prepare(fmt::format("SELECT {} FROM events WHERE label_id > ?1 AND"
                                           " label_id > 0 ORDER BY label_id LIMIT ?2",
                                           kColumns)));
  WINNOW_TRY(statement.bind(after, std::uint64_t{limit}));
  return collect(statement);
}

Result<std::uint64_t> EventIndex::last_label_id() const {
  WINNOW_TRY(auto statement,
             database_.prepare("SELECT coalesce(max(label_id), 0) FROM events WHERE label_id > 0"));
  WINNOW_TRY(statement.bind());
  WINNOW_TRY(statement.next());
  std::uint64_t id = 0;
  WINNOW_TRY(statement.read(id));
  return id;
}

Result<std::vector<std::uint64_t>> EventIndex::segments_to_erase(std::uint64_t before) const {
  WINNOW_TRY(auto statement,
             database_.prepare("SELECT DISTINCT segment FROM events WHERE removed_at IS NOT NULL"
                               " AND erased = 0 AND segment < ?1 ORDER BY segment"));
  WINNOW_TRY(statement.bind(before));
  std::vector<std::uint64_t> segments;
  for (;;) {
    WINNOW_TRY(const bool found, statement.next());
    if (!found) return segments;
    WINNOW_TRY(statement.read(segments.emplace_back()));
  }
}

Result<std::vector<Digest>> EventIndex::removed_in(std::uint64_t segment) const {
  WINNOW_TRY(auto statement,
             database_.prepare("SELECT digest FROM events WHERE removed_at IS NOT NULL"
                               " AND erased = 0 AND segment = ?1"));
  WINNOW_TRY(statement.bind(segment));
  std::vector<Digest> events;
  for (;;) {
    WINNOW_TRY(const bool found, statement.next());
    if (!found) return events;
    WINNOW_TRY(statement.read(events.emplace_back()));
  }
}

Status EventIndex::note_erased(std::span<const Digest> events) {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(auto update, database_.prepare("UPDATE events SET erased = 1 WHERE digest = ?1"));
  for (const auto& event : events) {
    WINNOW_TRY(update.bind(event));
    WINNOW_TRY(update.run());
  }
  return transaction.commit();
}

Status EventIndex::sync() { return database_.sync(); }

Status EventIndex::check_integrity() const { return database_.check_integrity(); }

}  // namespace winnow
