// Short records that came together, compressed together: a record of the event log that holds many.
// Each can be read and given up alone. Format: docs/formats/event-log.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "ingest/event_log.h"
#include "store/segment_log.h"

namespace winnow {

inline constexpr RecordKind kBlockRecord = 5;
// To read one record its whole block is unpacked: 0.06 ms.
inline constexpr std::size_t kBlockBytes = 64UL << 10;

// Of events with the same or different sources and mappings, in their order.
std::string block_payload(std::span<const NewEvent* const> events);

class EventBlock {
 public:
  struct Item {
    StoredEvent event;     // without id
    bool is_kept = false;  // its bytes are here
    std::uint64_t begin = 0;
  };
  // The payload is borrowed. Errors: Corrupt.
  static Result<EventBlock> read(std::string_view payload);

  const std::vector<Item>& items() const { return items_; }
  // Whether the bytes that are kept are not in this payload but in a file (blocks_aside.h).
  bool stands_aside() const { return kept_bytes_ > 0 && packed_.empty(); }
  // Whether the bytes of any of these are kept.
  bool keeps_any_of(const std::unordered_set<Digest>& events) const;
  // All bytes that are kept, behind each other: an item's begin at its `begin`. Errors: Corrupt.
  Result<std::string> unpack() const;

 private:
  std::vector<Item> items_;
  std::uint64_t kept_bytes_ = 0;
  std::string_view packed_;
};

struct UnpackedBlock {
  std::vector<EventBlock::Item> items;
  std::string bytes;  // of those kept: EventBlock::unpack()
};

// What is left of a block.
struct BlockRest {
  std::string payload;  // of its record
  std::string aside;    // the payload with the bytes, where there is no room for them: of a file
};
// When the bytes of `gone` go and `room` bytes are for the payload, as many as it took. Errors:
// Corrupt (there never was a payload of this block that was so small).
Result<BlockRest> rest_of(UnpackedBlock block, const std::unordered_set<Digest>& gone,
                          std::size_t room);

}  // namespace winnow
