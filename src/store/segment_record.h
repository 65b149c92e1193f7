// One record of a segment log, alone, with what it is; and whether its segment changed.
#pragma once

#include <cstdint>
#include <string>

#include "store/segment_log.h"

namespace winnow {

struct OwnedRecord {
  RecordKind kind = 0;
  std::string payload;
};
// Errors: as read_record().
Result<OwnedRecord> read_whole_record(const Path& folder, RecordPosition at);

// Tells whether a segment is what it was: another one after it was appended to, or content of it
// was given up. Costs one look-up in the file system.
struct SegmentVersion {
  std::uint64_t file = 0;
  std::int64_t written = 0;
  bool operator==(const SegmentVersion&) const = default;
};
SegmentVersion version_of(const Path& folder, std::uint64_t segment);

}  // namespace winnow
