// Blocks of the event log as they were read last: who reads many of their events, one after the
// other or of some blocks in turn, unpacks each block once.
#pragma once

#include <cstddef>
#include <vector>

#include "ingest/detail/event_block.h"
#include "store/segment_record.h"

namespace winnow {

// One thread at a time.
class RecentBlocks {
 public:
  // Several files of the same days, taken in one after the other, are read in turn in the order of
  // event time. At most 64 KiB of content each, and what stands before it.
  static constexpr std::size_t kMost = 32;

  // Null where it is not there, or of a segment that was another then: bytes that were given up are
  // not to be read here either. Borrowed until the next call.
  const UnpackedBlock* find(RecordPosition at, const SegmentVersion& version);
  // In place of the one that was not asked for the longest. Borrowed until the next call.
  const UnpackedBlock& keep(RecordPosition at, const SegmentVersion& version, UnpackedBlock block);
  void clear() { blocks_.clear(); }

 private:
  struct Kept {
    RecordPosition at;
    SegmentVersion version;
    UnpackedBlock block;
  };
  std::vector<Kept> blocks_;  // asked for last: first
};

}  // namespace winnow
