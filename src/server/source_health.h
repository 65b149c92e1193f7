// How each source does: what came of it, and how far what is decided lies behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/timestamp.h"
#include "server/activity.h"
#include "server/format_watch.h"
#include "store/spool.h"

namespace winnow::server {

struct SourceHealth {
  std::uint64_t mails = 0, events = 0, quarantined = 0;  // since the start, as the next
  std::uint64_t late = 0, ahead = 0;                     // Activity::Source's
  std::optional<Timestamp> last = {};  // when something was accepted, decided or quarantined
  std::uint64_t waiting = 0;           // accepted records, not yet decided
  std::chrono::seconds lag{0};         // how long the oldest of them waits
  std::optional<std::chrono::seconds> event_lag = {};  // Activity::Source::event_lag
  std::optional<FormatWatch::Source> format = {};      // absent until enough of it came
  // Activity::Source's:
  std::map<std::string, std::uint64_t, std::less<>> mappings = {};
  std::array<std::uint64_t, Activity::kMinutes> minutes = {};
  std::array<std::uint64_t, Activity::kHours> hours = {};
};
using SourceHealths = std::map<std::string, SourceHealth, std::less<>>;

// How long the oldest of what waits does, whatever was done to the clock meanwhile.
std::chrono::seconds lag_of(const Spool::Waiting& waiting);

// At most Activity::kMostSources and those others together.
SourceHealths health_of(const Activity::Sources& active,
                        const std::map<std::string, Spool::Waiting>& waiting,
                        const FormatWatch::Sources& formats);

}  // namespace winnow::server
