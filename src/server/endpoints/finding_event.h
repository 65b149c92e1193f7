// The event that a finding is about, where it is no mail.
#pragma once

#include <string_view>

#include "base/result.h"
#include "ingest/event_log.h"
#include "ocsf/event.h"
#include "server/threads/champion.h"

namespace winnow::server {

// A stored record as the champion of its domain reads it. Errors: InvalidArgument (nothing decides
// there now; unreadable).
Result<ocsf::Event> event_as_read_now(const StoredEvent& stored, std::string_view raw,
                                      const Champions& now);

}  // namespace winnow::server
