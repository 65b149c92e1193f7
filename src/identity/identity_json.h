// Answers as programs see them: of the command line and of the API, the same.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "identity/identity_reader.h"
#include "ingest/event_log.h"

namespace winnow::identity {

// Evidence is named by the digests of its events, which `events` knows. Errors: of the log.
Result<Json> answer_json(const Answer& answer, const EventLog& events);

}  // namespace winnow::identity
