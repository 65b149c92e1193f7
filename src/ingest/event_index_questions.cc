// What the index of the event log is asked.
#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "ingest/detail/event_index.h"
#include "ingest/detail/event_pack.h"

namespace winnow {
namespace {

constexpr auto kFirst = std::numeric_limits<std::int64_t>::min();
constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kStretch = 512;  // of an order that is walked

bool passes(const StoredEvent& event, const EventFilter& filter) {
  if (filter.from && event.event_time < *filter.from) return false;
  if (filter.before && event.event_time >= *filter.before) return false;
  if (filter.source && event.source != *filter.source) return false;
  if (filter.label && event.label != *filter.label) return false;
  if (filter.through_id && event.id > *filter.through_id) return false;
  if (filter.of != EventFilter::Of::Both &&
      event.removed.has_value() != (filter.of == EventFilter::Of::Removed))
    return false;
  return !filter.mappings ||
         std::ranges::find(*filter.mappings, event.mapping) != filter.mappings->end();
}

std::int64_t begin_of(const std::optional<Timestamp>& from) {
  return from ? from->micros() : kFirst;
}
std::int64_t end_of(const std::optional<Timestamp>& before) {
  return before ? before->micros() : kLast;
}
NumberPair pair_of(const EventPlace& place) {
  return {place.event_time.micros(), static_cast<std::int64_t>(place.id)};
}

constexpr std::string_view kLabelColumns =
    "label_id, label, origin, given, after, said_until, step";

// Of a row with the id of an event before the columns of a label.
Result<GivenLabel> read_label_behind(SqliteStatement& row, std::uint64_t& event) {
  GivenLabel given;
  int label = 0;
  std::int64_t entry = 0;
  WINNOW_TRY(
      row.read(event, given.id, label, given.origin, given.given, given.after, entry, given.step));
  given.label = static_cast<Label>(label);
  if (entry >= 0) given.entry = static_cast<std::uint64_t>(entry);
  return given;
}

void put_label(GivenLabel given, StoredEvent& event) {
  event.label = given.label;
  event.label_id = given.id;
  event.label_origin = std::move(given.origin);
  event.label_given = given.given;
  event.label_after = given.after;
  event.label_step = std::move(given.step);
  event.label_entry = given.entry;
}

// While it lives, everything that is read is as of one moment.
class Moment {
 public:
  static Result<Moment> begin(Sqlite& database) {
    WINNOW_TRY(database.run("BEGIN"));
    return Moment(database);
  }
  Moment(Moment&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Moment& operator=(Moment&&) = delete;
  ~Moment() {
    // Nothing was changed. SQLite itself has ended it after some errors.
    if (database_ != nullptr) (void)database_->run("ROLLBACK");
  }

 private:
  explicit Moment(Sqlite& database) : database_(&database) {}
  Sqlite* database_;
};

}  // namespace

Result<EventPack> EventIndex::read_pack(SqliteStatement& row) {
  std::uint64_t last = 0, first = 0;
  SqliteBlob bytes;
  WINNOW_TRY(row.read(last, first, bytes));
  return EventPack::open(std::move(bytes.bytes), first, last);
}

std::int64_t EventIndex::key_of(const Digest& digest) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < sizeof key; ++i) key = key << 8 | digest.bytes()[i];
  return static_cast<std::int64_t>(key ^ (1UL << 63));
}

// Of each event the last label of then: the entries of its labels ascend with them.
Status EventIndex::add_labels(std::span<StoredEvent> events, ThroughLabel through) const {
  WINNOW_TRY(auto select, database_->prepare(fmt::format(
                              "SELECT event, {} FROM event_labels WHERE event BETWEEN ?1 AND ?2"
                              " ORDER BY event, entry",
                              kLabelColumns)));
  WINNOW_TRY(select.bind(events.front().id, events.back().id));
  for (auto event = events.begin();;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return {};
    std::uint64_t id = 0;
    WINNOW_TRY(auto given, read_label_behind(select, id));
    if (through && given.id > *through) continue;
    event = std::ranges::lower_bound(event, events.end(), id, {}, &StoredEvent::id);
    if (event == events.end()) return {};
    if (event->id != id) continue;
    ++event->times_labelled;
    put_label(std::move(given), *event);
  }
}

Result<std::vector<GivenLabel>> EventIndex::labels_of(std::uint64_t event) const {
  WINNOW_TRY(auto select, database_->prepare(fmt::format(
                              "SELECT event, {} FROM event_labels WHERE event = ?1 ORDER BY entry",
                              kLabelColumns)));
  WINNOW_TRY(select.bind(event));
  std::vector<GivenLabel> labels;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return labels;
    std::uint64_t id = 0;
    WINNOW_TRY(labels.emplace_back(), read_label_behind(select, id));
  }
}

Status EventIndex::add_removals(std::span<StoredEvent> events) const {
  WINNOW_TRY(auto select, database_->prepare("SELECT event, removed_at, removed_by"
                                             " FROM event_removals WHERE event BETWEEN ?1 AND ?2"
                                             " ORDER BY event"));
  WINNOW_TRY(select.bind(events.front().id, events.back().id));
  for (auto event = events.begin();;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return {};
    std::uint64_t id = 0;
    Removal removal;
    WINNOW_TRY(select.read(id, removal.at, removal.rule));
    event = std::ranges::lower_bound(event, events.end(), id, {}, &StoredEvent::id);
    if (event == events.end()) return {};
    if (event->id == id) event->removed = std::move(removal);
  }
}

Result<std::vector<StoredEvent>> EventIndex::events_of(std::span<const std::uint64_t> ids,
                                                       ThroughLabel through) const {
  std::vector<std::uint64_t> sorted(ids.begin(), ids.end());
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  WINNOW_TRY(auto select, database_->prepare("SELECT last, first, events FROM event_packs"
                                             " WHERE last >= ?1 ORDER BY last LIMIT 1"));
  std::vector<StoredEvent> found;
  for (std::size_t at = 0; at < sorted.size();) {
    WINNOW_TRY(select.bind(sorted[at]));
    WINNOW_TRY(const bool is_there, select.next());
    std::optional<EventPack> pack;
    if (is_there) {
      WINNOW_TRY(pack, read_pack(select));
    }
    if (!pack || pack->first() > sorted[at]) {
      return Error(Code::Corrupt, fmt::format("the event log's index has no event {}", sorted[at]))
          .with_hint("remove index.db: it is made again from the log");
    }
    const auto begin = found.size();
    for (; at < sorted.size() && sorted[at] <= pack->last(); ++at) {
      WINNOW_TRY(found.emplace_back(), pack->event(sorted[at]));
    }
    WINNOW_TRY(add_labels(std::span(found).subspan(begin), through));
    WINNOW_TRY(add_removals(std::span(found).subspan(begin)));
  }
  if (std::ranges::equal(ids, sorted)) return found;
  std::vector<StoredEvent> in_order;
  for (const auto id : ids)
    in_order.push_back(*std::ranges::lower_bound(found, id, {}, &StoredEvent::id));
  return in_order;
}

Result<std::vector<StoredEvent>> EventIndex::events_of(std::span<const NumberPair> pairs,
                                                       ThroughLabel through) const {
  std::vector<std::uint64_t> ids;
  for (const auto& pair : pairs) ids.push_back(static_cast<std::uint64_t>(pair.value));
  return events_of(ids, through);
}

Result<std::vector<std::optional<StoredEvent>>> EventIndex::find_each(
    std::span<const Digest> digests) const {
  std::vector<std::int64_t> keys;
  for (const auto& digest : digests) keys.push_back(key_of(digest));
  WINNOW_TRY(const auto candidates, digests_.find(std::move(keys)));
  std::vector<std::optional<StoredEvent>> found(digests.size());
  if (candidates.empty()) return found;
  WINNOW_TRY(const auto events, events_of(candidates));
  // The keys are the digests' beginnings.
  std::unordered_map<Digest, const StoredEvent*> of_digest;
  for (const auto& event : events) of_digest.emplace(event.digest, &event);
  for (std::size_t i = 0; i < digests.size(); ++i) {
    const auto event = of_digest.find(digests[i]);
    if (event != of_digest.end()) found[i] = *event->second;
  }
  return found;
}

Result<std::vector<std::optional<StoredEvent>>> EventIndex::find(
    std::span<const Digest> digests) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  return find_each(digests);
}

Result<std::optional<StoredEvent>> EventIndex::find(const Digest& digest) const {
  WINNOW_TRY(auto found, find({&digest, 1}));
  return std::move(found.front());
}

Result<std::vector<StoredEvent>> EventIndex::find_by_prefix(std::string_view prefix,
                                                            int limit) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  const auto filled = [&](char digit) {
    return Digest::from_hex(std::string(prefix) + std::string(64 - prefix.size(), digit));
  };
  WINNOW_TRY(const auto lowest, filled('0'));
  WINNOW_TRY(const auto highest, filled('f'));
  // Digests lie anywhere: each one too many that is read costs a pack of its own.
  const auto stretch = static_cast<std::size_t>(limit);
  const auto end = key_of(highest) == kLast ? kLast : key_of(highest) + 1;
  std::vector<StoredEvent> found;
  NumberPair at{key_of(lowest), 0};
  for (;;) {
    WINNOW_TRY(const auto pairs, digests_.ascending(at, end, stretch));
    WINNOW_TRY(const auto events, events_of(pairs));
    for (const auto& event : events) {
      // The keys are the digests' beginnings.
      if (event.digest < lowest || event.digest > highest) continue;
      found.push_back(event);
      if (found.size() == stretch) return found;
    }
    if (pairs.size() < stretch) return found;
    at = pairs.back();
  }
}

Result<std::uint64_t> EventIndex::count(const EventFilter& filter) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  WINNOW_TRY(auto select, database_->prepare("SELECT last, first, events FROM event_packs"
                                             " WHERE newest >= ?1 AND oldest < ?2"));
  WINNOW_TRY(select.bind(begin_of(filter.from), end_of(filter.before)));
  std::uint64_t count = 0;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return count;
    WINNOW_TRY(const auto pack, read_pack(select));
    WINNOW_TRY(const auto events, events_in(pack, pack.first(), pack.last(), filter.through_label));
    for (const auto& event : events) count += passes(event, filter) ? 1 : 0;
  }
}

Result<std::vector<StoredEvent>> EventIndex::events_in(const EventPack& pack, std::uint64_t from,
                                                       std::uint64_t through_id,
                                                       ThroughLabel through) const {
  std::vector<StoredEvent> events;
  for (auto id = from; id <= through_id; ++id) {
    WINNOW_TRY(events.emplace_back(), pack.event(id));
  }
  WINNOW_TRY(add_labels(events, through));
  WINNOW_TRY(add_removals(events));
  return events;
}

Result<std::vector<StoredEvent>> EventIndex::arrivals(std::uint64_t after,
                                                      std::size_t limit) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  WINNOW_TRY(auto select, database_->prepare("SELECT last, first, events FROM event_packs"
                                             " WHERE last > ?1 ORDER BY last"));
  WINNOW_TRY(select.bind(after));
  std::vector<StoredEvent> arrived;
  while (arrived.size() < limit) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    WINNOW_TRY(const auto pack, read_pack(select));
    const auto from = std::max(pack.first(), after + 1);
    const auto through = std::min(pack.last(), from + (limit - arrived.size()) - 1);
    WINNOW_TRY(auto events, events_in(pack, from, through));
    std::ranges::move(events, std::back_inserter(arrived));
  }
  return arrived;
}

Result<std::vector<StoredEvent>> EventIndex::page(const EventFilter& filter,
                                                  std::optional<EventPlace> after,
                                                  std::size_t limit) const {
  std::vector<StoredEvent> page;
  auto at = after ? pair_of(*after) : NumberPair{begin_of(filter.from), 0};
  for (;;) {
    // A moment for each stretch: a filter that little passes takes long.
    WINNOW_TRY(const auto moment, Moment::begin(*database_));
    WINNOW_TRY(const auto pairs, times_.ascending(at, end_of(filter.before), kStretch));
    WINNOW_TRY(auto events, events_of(pairs, filter.through_label));
    for (auto& event : events) {
      if (!passes(event, filter)) continue;
      page.push_back(std::move(event));
      if (page.size() == limit) return page;
    }
    if (pairs.size() < kStretch) return page;
    at = pairs.back();
  }
}

Result<std::vector<NumberPair>> EventIndex::pairs_backwards(const std::optional<Timestamp>& from,
                                                            const std::optional<Timestamp>& before,
                                                            const std::optional<EventPlace>& behind,
                                                            std::size_t limit) const {
  auto end = NumberPair{end_of(before), 0};
  if (behind) end = std::min(end, pair_of(*behind));
  return times_.descending(end, begin_of(from), limit);
}

Result<std::vector<StoredEvent>> EventIndex::backwards(const std::optional<Timestamp>& from,
                                                       const std::optional<Timestamp>& before,
                                                       const std::optional<EventPlace>& behind,
                                                       std::size_t limit) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  WINNOW_TRY(const auto pairs, pairs_backwards(from, before, behind, limit));
  return events_of(pairs);
}

Result<std::vector<EventPlace>> EventIndex::places_backwards(
    const std::optional<Timestamp>& from, const std::optional<Timestamp>& before,
    const std::optional<EventPlace>& behind, std::size_t limit) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  WINNOW_TRY(const auto pairs, pairs_backwards(from, before, behind, limit));
  std::vector<EventPlace> places;
  places.reserve(pairs.size());
  for (const auto& pair : pairs)
    places.push_back({Timestamp::from_micros(pair.key), static_cast<std::uint64_t>(pair.value)});
  return places;
}

Result<std::vector<StoredEvent>> EventIndex::with_ids(std::span<const std::uint64_t> ids) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  return events_of(ids);
}

Result<std::vector<StoredEvent>> EventIndex::labellings(std::uint64_t after,
                                                        std::size_t limit) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  WINNOW_TRY(auto select,
             database_->prepare(fmt::format("SELECT event, {} FROM event_labels WHERE label_id > ?1"
                                            " ORDER BY label_id LIMIT ?2",
                                            kLabelColumns)));
  WINNOW_TRY(select.bind(after, std::uint64_t{limit}));
  std::vector<std::uint64_t> ids;
  std::vector<GivenLabel> labels;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    WINNOW_TRY(labels.emplace_back(), read_label_behind(select, ids.emplace_back()));
  }
  WINNOW_TRY(auto events, events_of(ids));
  for (std::size_t i = 0; i < events.size(); ++i) put_label(std::move(labels[i]), events[i]);
  return events;
}

Result<std::vector<StoredEvent>> EventIndex::removed_in(std::uint64_t segment) const {
  WINNOW_TRY(const auto moment, Moment::begin(*database_));
  WINNOW_TRY(auto select, database_->prepare("SELECT event FROM event_removals WHERE erased = 0"
                                             " AND segment = ?1 ORDER BY event"));
  WINNOW_TRY(select.bind(segment));
  std::vector<std::uint64_t> ids;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return events_of(ids);
    WINNOW_TRY(select.read(ids.emplace_back()));
  }
}

}  // namespace winnow
