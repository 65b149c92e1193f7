#include "server/source_health.h"

#include <algorithm>

namespace winnow::server {

std::chrono::seconds lag_of(const Spool::Waiting& waiting) {
  if (!waiting.since) return {};
  const auto lag = std::chrono::steady_clock::now() - *waiting.since;
  return std::chrono::duration_cast<std::chrono::seconds>(lag);
}

SourceHealths health_of(const Activity::Sources& active,
                        const std::map<std::string, Spool::Waiting>& waiting,
                        const FormatWatch::Sources& formats) {
  SourceHealths all;
  for (const auto& [name, source] : active)
    all[name] = {.mails = source.mails,
                 .events = source.events,
                 .quarantined = source.quarantined,
                 .late = source.late,
                 .ahead = source.ahead,
                 .last = source.last,
                 .event_lag = source.event_lag,
                 .mappings = source.mappings,
                 .minutes = source.minutes,
                 .hours = source.hours};
  // What waits since before the start is of sources that nothing else is known of yet.
  for (const auto& [name, spooled] : waiting) {
    const bool has_place = all.contains(name) || all.size() < Activity::kMostSources;
    auto& source = all[has_place ? name : std::string(Activity::kOthers)];
    source.waiting += spooled.items;
    source.lag = std::max(source.lag, lag_of(spooled));
  }
  for (const auto& [name, format] : formats) {
    if (const auto known = all.find(name); known != all.end()) known->second.format = format;
  }
  return all;
}

}  // namespace winnow::server
