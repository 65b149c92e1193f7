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
// To read one record its whole block is unpacked: 0.1 ms.
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
  // All bytes that are kept, behind each other: an item's begin at its `begin`. Errors: Corrupt.
  Result<std::string> unpack() const;
  // The payload with the bytes of fewer events, no larger than it was; empty when `gone` are none
  // of those kept. Errors: Corrupt; Exhausted (what is left can not be packed as small).
  Result<std::string> without(const std::unordered_set<Digest>& gone) const;

 private:
  std::vector<Item> items_;
  std::uint64_t kept_bytes_ = 0;
  std::string_view packed_;
  std::size_t payload_bytes_ = 0;
};

}  // namespace winnow
