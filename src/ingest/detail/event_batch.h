// What is about to be appended to the event log: records for its open batch, and what the index
// will be told of them.
#pragma once

#include <span>
#include <vector>

#include "ingest/detail/event_index.h"
#include "ingest/event_log.h"
#include "store/segment_log.h"

namespace winnow {

// In the order of its calls; short records that follow each other become blocks. The log outlives
// it. Errors of all: Exhausted (too large), Unavailable; then the log's batch is to be discarded.
class EventBatch {
 public:
  explicit EventBatch(SegmentLog& log) : log_(&log) {}

  Status add(const NewEvent& event);  // borrowed until finish()
  Status add_label(const NewEvent& event);
  Status add_statement(const LabelStatement& statement);
  Status add_removal(const RemovalEntry& removal);
  // Where everything stands is known from now on.
  Status finish();
  const std::vector<IndexedEntry>& entries() const { return entries_; }

 private:
  SegmentLog* log_;
  std::vector<IndexedEntry> entries_;
  std::vector<const NewEvent*> waiting_;  // short ones: those of the last entries
  std::size_t waiting_bytes_ = 0;
};

// What a record of the log tells the index: of each event of a block. Errors: Corrupt, Unsupported
// (written by a newer version).
Status read_entries(const SegmentRecord& record, std::vector<IndexedEntry>& entries);

}  // namespace winnow
