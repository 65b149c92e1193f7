// Doing what a plan says, in the process that has the event log to itself.
#pragma once

#include <string_view>

#include "base/file.h"
#include "base/progress.h"
#include "retention/retention.h"

namespace winnow {

struct RetentionDone {
  std::uint64_t audit_entry = 0;
  std::uint64_t events = 0;
};

// First on record, then removed: nothing of it can be read from then on. A crash leaves some of the
// events; the next plan has them, under an entry of its own. Not for an empty plan. Errors: of the
// audit log and the event log.
Result<RetentionDone> apply_retention(const RetentionPlan& plan, EventLog& events, AuditLog& audit,
                                      std::string_view actor, const Clock& clock,
                                      Progress& progress);

struct ErasedBytes {
  std::uint64_t events = 0, bytes = 0;
};
// Makes the bytes of all that was removed, now or before, go from the disk. `folder` is that of
// `events`. Errors: of EventEraser.
Result<ErasedBytes> erase_removed(EventLog& events, const Path& folder, Progress& progress);

}  // namespace winnow
