// Doing what a plan says, in the process that has the event log to itself.
#pragma once

#include <optional>
#include <string_view>

#include "base/file.h"
#include "base/progress.h"
#include "retention/holds.h"
#include "retention/retention.h"

namespace winnow {

struct RetentionDone {
  std::uint64_t audit_entry = 0;
  std::uint64_t events = 0;
  bool stopped = false;  // by a hold that the plan did not know: plan again
};

// What is removed, where, and on whose behalf; all of it outlives the call.
struct RetentionStores {
  EventLog& events;
  AuditLog& audit;
  Holds& holds;
  const Clock& clock;
};

// First on record, then removed: nothing of it can be read from then on. A crash leaves some of the
// events; the next plan has them, under an entry of its own. `known` is what holds.newest() was
// before the plan was made: at the first batch that finds another it stops, and says so on record.
// So what a hold covers is not removed from the moment that Holds::place() returns. Not for an
// empty plan. Errors: of the audit log, the event log and the holds.
Result<RetentionDone> apply_retention(const RetentionPlan& plan,
                                      const std::optional<std::uint64_t>& known,
                                      const RetentionStores& stores, std::string_view actor,
                                      Progress& progress);

struct ErasedBytes {
  std::uint64_t events = 0, bytes = 0;
};
// Makes the bytes of all that was removed, now or before, go from the disk. `folder` is that of
// `events`. Errors: of EventEraser.
Result<ErasedBytes> erase_removed(EventLog& events, const Path& folder, Progress& progress);

}  // namespace winnow
