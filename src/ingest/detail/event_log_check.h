// Compares the event log with itself and with its index: EventLog::verify().
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "ingest/detail/event_index.h"
#include "store/segment_log.h"

namespace winnow {

// Used once.
class EventLogCheck {
 public:
  // `index` outlives it. From now on it is asked about many events.
  EventLogCheck(Path log, EventIndex& index) : log_(std::move(log)), index_(&index) {}

  // How many events are stored. Errors: Corrupt, naming what and where; Unavailable.
  Result<std::uint64_t> run();

 private:
  struct Seen {  // an event or a removal, waiting for the index to be asked about it and others
    RecordKind kind = 0;
    Digest digest;
    RecordPosition at;
  };
  Status see(const SegmentRecord& record);
  Status see_block(const SegmentRecord& record);
  Status compare();
  Status compare_event(const Seen& seen, const StoredEvent* indexed);
  Status compare_removal(const Seen& seen, const StoredEvent* indexed);

  Path log_;
  EventIndex* index_;
  // What stands behind the index's end is not missing from it: a crash, or a writer at work, is
  // ahead of the index, and the next writer catches up.
  RecordPosition indexed_end_;
  std::vector<Seen> seen_;
  std::uint64_t events_ = 0, in_index_ = 0;
  std::unordered_set<Digest> unexplained_;  // gone, as far as was read; the index knows nearly all
};

}  // namespace winnow
