// What arrived around an event, for who looks for its connections or its processes there.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"
#include "ingest/domain_mapping.h"
#include "ingest/event_log.h"

namespace winnow::cases {

// How far around an event is looked, by the order of arrival.
inline constexpr std::size_t kEventsBefore = 4000, kEventsAfter = 1000;

// Calls `look_at` with each event around `stored`, itself among them, in that order: those that
// `mapping` reads, and can read today. Returns how many were looked at, of which at most
// kEventsBefore + kEventsAfter are others. Errors: of reading the log.
Result<std::size_t> read_around(
    const EventLog& events, const DomainMapping& mapping, const StoredEvent& stored,
    const std::function<void(const StoredEvent& stored, const ocsf::Event& event)>& look_at);

}  // namespace winnow::cases
