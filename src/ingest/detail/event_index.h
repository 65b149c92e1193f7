// The index of the event log: where each event stands and what one asks for it by. It holds nothing
// that the log does not: lost, it is made again from the log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/detail/event_entry.h"
#include "ingest/detail/event_pack.h"
#include "ingest/event_log.h"
#include "store/sorted_runs.h"
#include "store/sqlite.h"

namespace winnow {

// One record of the log, on its way into the index.
struct IndexedEntry {
  std::optional<StoredEvent> event;  // one of the four
  std::optional<LabelEntry> label;
  std::optional<LabelStatement> statement = {};
  std::optional<RemovalEntry> removal = {};
};

// Events stand in packs by id; sorted runs lead to the ids by digest and by event time. What was
// said of an event later, its labels and its removal, stands in rows of its own.
class EventIndex {
 public:
  static Result<EventIndex> open(const Path& file, Access access);

  // Behind the last record of the log that was indexed.
  Result<RecordPosition> end() const;
  // Adds what the log holds up to `end`, in one commit. Its events are new and differ; a label, a
  // statement or a removal that is there already stays as it is.
  Status add(std::span<const IndexedEntry> entries, RecordPosition end);

  Result<std::optional<StoredEvent>> find(const Digest& digest) const;
  // The same of each, in their order, as of one moment.
  Result<std::vector<std::optional<StoredEvent>>> find(std::span<const Digest> digests) const;
  // From now on many are looked for of which most are not there (SortedRuns::keep_filters).
  void expect_unknown() { digests_.keep_filters(SortedRuns::kMaxFilterBytes); }
  // Those whose digest begins so, at most `limit`.
  Result<std::vector<StoredEvent>> find_by_prefix(std::string_view prefix, int limit) const;
  Result<std::uint64_t> count(const EventFilter& filter) const;
  // The first `limit` that pass `filter` behind `after` in the order of (event time, id); fewer are
  // the last.
  Result<std::vector<StoredEvent>> page(const EventFilter& filter, std::optional<EventPlace> after,
                                        std::size_t limit) const;
  // EventLog::backwards().
  Result<std::vector<StoredEvent>> backwards(const std::optional<Timestamp>& from,
                                             const std::optional<Timestamp>& before,
                                             const std::optional<EventPlace>& behind,
                                             std::size_t limit) const;
  Result<std::vector<EventPlace>> places_backwards(const std::optional<Timestamp>& from,
                                                   const std::optional<Timestamp>& before,
                                                   const std::optional<EventPlace>& behind,
                                                   std::size_t limit) const;
  Result<std::vector<StoredEvent>> with_ids(std::span<const std::uint64_t> ids) const;
  Result<std::vector<StoredEvent>> arrivals(std::uint64_t after, std::size_t limit) const;
  Result<std::uint64_t> last_id() const;
  Result<std::vector<StoredEvent>> labellings(std::uint64_t after, std::size_t limit) const;
  Result<std::uint64_t> last_label_id() const;
  Result<std::vector<GivenLabel>> labels_of(std::uint64_t event) const;
  // Segments before `before` that hold bytes of removed events, ascending.
  Result<std::vector<std::uint64_t>> segments_to_erase(std::uint64_t before) const;
  // The removed events there, and that their bytes are gone.
  Result<std::vector<StoredEvent>> removed_in(std::uint64_t segment) const;
  Status note_erased(std::span<const StoredEvent> events);
  Status sync();  // makes durable what was committed
  Status check_integrity() const;

 private:
  explicit EventIndex(std::unique_ptr<Sqlite> database);

  // Within a transaction.
  Status add_all(std::span<const IndexedEntry> entries, RecordPosition end);
  Status add_events(std::vector<StoredEvent> events);
  Status add_said(std::span<const IndexedEntry> entries, std::span<const StoredEvent> events);
  Result<std::vector<StoredEvent>> absorbed_tail(std::size_t events);
  Result<std::vector<std::optional<StoredEvent>>> find_each(std::span<const Digest> digests) const;
  Result<std::vector<NumberPair>> pairs_backwards(const std::optional<Timestamp>& from,
                                                  const std::optional<Timestamp>& before,
                                                  const std::optional<EventPlace>& behind,
                                                  std::size_t limit) const;
  // Those with these ids, in their order, with the labels of then. Errors: Corrupt (one is not
  // there).
  using ThroughLabel = std::optional<std::uint64_t>;  // as EventFilter's
  Result<std::vector<StoredEvent>> events_of(std::span<const std::uint64_t> ids,
                                             ThroughLabel through = {}) const;
  Result<std::vector<StoredEvent>> events_of(std::span<const NumberPair> pairs,
                                             ThroughLabel through = {}) const;
  Result<std::vector<StoredEvent>> events_in(const EventPack& pack, std::uint64_t from,
                                             std::uint64_t through_id,
                                             ThroughLabel through = {}) const;
  static Result<EventPack> read_pack(SqliteStatement& row);  // its last, first and events
  static std::int64_t key_of(const Digest& digest);          // in the order of digests
  // Adds to events with ascending ids what was said of them.
  Status add_labels(std::span<StoredEvent> events, ThroughLabel through) const;
  Status add_removals(std::span<StoredEvent> events) const;

  std::unique_ptr<Sqlite> database_;  // preparing a statement is no change of the index
  mutable SortedRuns digests_, times_;
};

}  // namespace winnow
