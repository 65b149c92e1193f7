// Making what was removed go from the disk.
#pragma once

#include <cstdint>

#include "base/file.h"
#include "base/progress.h"
#include "ingest/event_log.h"

namespace winnow {

struct ErasedBytes {
  std::uint64_t events = 0, bytes = 0;
};
// Makes the bytes of all mails that were removed, now or before, go. `folder` is that of `events`.
// Errors: of EventEraser.
Result<ErasedBytes> erase_removed(EventLog& events, const Path& folder, Progress& progress);

// Makes what was deleted go from the files of a database: the zeros over it stand in the log of
// changes until then. Errors: Conflict (somebody reads what was before), Exhausted, Unavailable.
Status erase_deleted(const Path& database);

}  // namespace winnow
