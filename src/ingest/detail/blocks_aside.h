// Blocks of the event log from which bytes went and whose rest found no room where it stood: each
// in a file of its own beside the segments, by the block's place. Format:
// docs/formats/event-log.md.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "ingest/detail/event_block.h"
#include "store/segment_log.h"

namespace winnow {

// Whatever it is asked for is read or written there and then. One process writes.
class BlocksAside {
 public:
  // Of the segments in `log`.
  explicit BlocksAside(const Path& log) : folder_(log / "aside") {}

  // A block, of the payload of its record and, where that says so, of what stands aside for it.
  // Errors: Corrupt (also: nothing does), Unavailable.
  Result<UnpackedBlock> unpack(RecordPosition at, std::string_view payload) const;

  // Durable when it returns. Errors: Denied, Exhausted (disk full), Unavailable.
  Status put(RecordPosition at, std::string_view payload) const;
  // Removes those of a segment that no block at one of `offsets` stands for any more. Errors:
  // Unavailable.
  Status keep_only(std::uint64_t segment, const std::set<std::uint64_t>& offsets) const;
  // How many bytes stand aside for a segment's blocks. Errors: Unavailable.
  Result<std::uint64_t> bytes_of(std::uint64_t segment) const;

 private:
  Path path_of(RecordPosition at) const;
  Result<std::vector<Path>> files_of(std::uint64_t segment) const;
  Path folder_;
};

}  // namespace winnow
