// Closed decisions that were made together, as one value: a tenth of the room that they take one by
// one, and written at once. Format: docs/formats/decision.md; why: docs/adr/0013.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/decision_record.h"

namespace winnow {

struct PackedDecisions {
  Digest first;  // the id of its first decision, which names the pack
  Digest bundle;
  Timestamp earliest, latest;  // by decided_at
  std::size_t size = 0;        // decisions
  double most_probable = -1;   // the highest probability; -1: none has one
  Timestamp latest_event;      // by the events' own times
  std::string senders;         // each once, between line ends
  // What its decisions are looked up by: the first eight bytes of their ids and of their events'
  // digests, in no order.
  std::vector<std::uint64_t> keys;
  std::string body;

  static std::uint64_t key_of(const Digest& digest);
};

// At least one, all of one bundle.
PackedDecisions pack(std::span<const DecisionRecord> records);
// What pack() was given. Errors: Corrupt, Unsupported.
Result<std::vector<DecisionRecord>> unpack(std::string_view body);
// The pack with this body. Errors: as unpack().
Result<PackedDecisions> packed_from(std::string body);

}  // namespace winnow
