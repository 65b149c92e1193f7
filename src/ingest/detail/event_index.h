// The index of the event log: where each event stands and what one asks for it by. It holds nothing
// that the log does not: lost, it is made again from the log.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/detail/event_entry.h"
#include "ingest/event_log.h"
#include "store/sqlite.h"

namespace winnow {

// One record of the log, on its way into the index.
struct IndexedEntry {
  std::optional<StoredEvent> event;  // one of the three
  std::optional<LabelEntry> label;
  std::optional<RemovalEntry> removal = {};
};

class EventIndex {
 public:
  static Result<EventIndex> open(const Path& file, Access access);

  // Behind the last record of the log that was indexed.
  Result<RecordPosition> end() const;
  // Adds what the log holds up to `end`, in one commit. An event that is there already stays as it
  // is: after a crash the same entries may come again.
  Status add(std::span<const IndexedEntry> entries, RecordPosition end);

  Result<std::optional<StoredEvent>> find(const Digest& digest) const;
  // The same of each, in their order, as of one moment: one lock for all of them.
  Result<std::vector<std::optional<StoredEvent>>> find(std::span<const Digest> digests) const;
  // Those whose digest begins so, at most `limit`.
  Result<std::vector<StoredEvent>> find_by_prefix(std::string_view prefix, int limit) const;
  Result<std::uint64_t> count(const EventFilter& filter) const;
  // The first `limit` that pass `filter` behind `after` in the order of (event time, id).
  Result<std::vector<StoredEvent>> page(const EventFilter& filter, std::optional<EventPlace> after,
                                        int limit) const;
  // EventLog::backwards().
  Result<std::vector<StoredEvent>> backwards(const std::optional<Timestamp>& from,
                                             const std::optional<Timestamp>& before,
                                             const std::optional<EventPlace>& behind,
                                             std::size_t limit) const;
  Result<std::vector<StoredEvent>> arrivals(std::uint64_t after, std::size_t limit) const;
  Result<std::uint64_t> last_id() const;
  Result<std::vector<StoredEvent>> labellings(std::uint64_t after, std::size_t limit) const;
  Result<std::uint64_t> last_label_id() const;
  // Segments before `before` that hold bytes of removed events, ascending.
  Result<std::vector<std::uint64_t>> segments_to_erase(std::uint64_t before) const;
  // The removed events there, and that their bytes are gone.
  Result<std::vector<Digest>> removed_in(std::uint64_t segment) const;
  Status note_erased(std::span<const Digest> events);
  Status sync();  // makes durable what was committed
  Status check_integrity() const;

 private:
  explicit EventIndex(Sqlite database) : database_(std::move(database)) {}
  Result<std::vector<StoredEvent>> collect(SqliteStatement& statement) const;
  mutable Sqlite database_;  // preparing a statement is no change of the index
};

}  // namespace winnow
