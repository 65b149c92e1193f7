// Making what was removed go from the disk.
#pragma once

#include <cstdint>

#include "base/file.h"
#include "base/progress.h"
#include "pipeline/decision_store.h"
#include "retention/retention.h"

namespace winnow {

struct ErasedBytes {
  std::uint64_t events = 0, bytes = 0;
};
// Makes the bytes of all mails that were removed, now or before, go from the event log in `folder`,
// which `writers` write. Errors: of EventEraser and the writers.
Result<ErasedBytes> erase_removed(StoreWriters& writers, const Path& folder, Progress& progress);

// Empties the outboxes of the entity states of all domains below `folder` into the store, and makes
// what was in them go from the disk, with the states that decided before these (ADR 20); nobody has
// any of them open. Cost: writes the states anew.
// Errors: of ServingStates::empty_outbox() and Lmdb::compact().
Status erase_outbox(const Path& states, DecisionStore& decisions);

// Makes what was deleted go from the files of a database: the zeros over it stand in the log of
// changes until then. Errors: Conflict (somebody reads what was before), Exhausted, Unavailable.
Status erase_deleted(const Path& database);

}  // namespace winnow
