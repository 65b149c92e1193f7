// Which events of the log a run read, as its parameters say it.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "ingest/event_log.h"

namespace winnow::learn {

Json to_json(const EventFilter& filter);
Result<EventFilter> filter_of(const Json& json);  // Errors: InvalidArgument

}  // namespace winnow::learn
