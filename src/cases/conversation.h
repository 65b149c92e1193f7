// What two addresses exchanged around an event: both directions, as the records of connections say
// that arrived around it. One record of an IDS is one packet or one flow of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/domain_mapping.h"
#include "ingest/event_log.h"

namespace winnow::cases {

inline constexpr std::size_t kShownPairWords = 8;

// All texts are hostile.
struct Conversation {
  struct Way {
    std::uint64_t bytes = 0, packets = 0;
  };
  struct Counted {
    std::string word;
    std::uint64_t events = 0;
  };
  std::string source, target;      // as the finding's event names them; empty: it names no two
  std::uint64_t events = 0;        // of the pair, in both directions
  std::uint64_t connections = 0;   // of these that say how much was exchanged
  Way out, in;                     // source to target, and back; sums over connections
  std::optional<Duration> lasted;  // the sum; absent where none says
  std::optional<Timestamp> first_at, last_at;
  std::vector<Counted> states, applications;  // the most frequent, at most kShownPairWords
  std::size_t looked_at = 0;                  // events
};

// Around `stored`, which `mapping` reads. Cost: reads what arrived around it,
// at most 5,000 events. Errors: those of reading the log; InvalidArgument (the event cannot be
// read).
Result<Conversation> conversation(const EventLog& events, const DomainMapping& mapping,
                                  const StoredEvent& stored);
Json to_json(const Conversation& conversation);

}  // namespace winnow::cases
