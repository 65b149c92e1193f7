// The processes around an event: what started what on that machine, as the events that arrived
// around it tell.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/domain_mapping.h"
#include "ingest/event_log.h"

namespace winnow::cases {

inline constexpr std::size_t kShownAncestors = 12, kShownDescendants = 40,
                             kShownCommandBytes = 4UL << 10;

enum class Kin : std::uint8_t { Ancestor, Own, Descendant };
std::string_view name_of(Kin kin);  // "ancestor", "own", "descendant"

// A process as events tell of it: what they do not tell is empty. All texts are hostile.
struct KnownProcess {
  Kin kin = Kin::Own;
  std::size_t depth = 0;  // below the outermost ancestor
  std::string name, path, command, user, sha256;
  std::optional<std::int64_t> pid;
  std::optional<Timestamp> started;
  std::optional<Digest> event;  // that tells of its start
};

struct ProcessTree {
  std::vector<KnownProcess> processes;  // as a tree is printed: who started it first, then it
  std::size_t looked_at = 0;            // events
  bool cut = false;                     // it had more descendants
};

// The tree around `stored`, which `mapping` reads; empty where the event names no process. Cost:
// reads what arrived around it, at most 5,000 events. Errors: those of reading the log;
// InvalidArgument (the event cannot be read).
Result<ProcessTree> process_tree(const EventLog& events, const DomainMapping& mapping,
                                 const StoredEvent& stored);
Json to_json(const ProcessTree& tree);

}  // namespace winnow::cases
