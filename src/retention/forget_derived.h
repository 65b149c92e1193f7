// What was derived from removed events goes with them: who was where, and what blocks of the event
// log name.
#pragma once

#include <span>

#include "base/digest.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "retention/kinds.h"

namespace winnow {

// Before events are removed from `events`, so that no crash leaves what they told. Nothing where
// nothing was derived. Errors: of the stores.
Status expect_forgetting(const RetainedFiles& files, const EventLog& events,
                         std::span<const Digest> removed);
// Once they are, or by the next run after a crash. Records are read by the mappings as they are
// now. Errors: of the stores.
Status forget_derived(const RetainedFiles& files);

}  // namespace winnow
