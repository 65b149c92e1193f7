// Cases that go with all that is known of them.
#pragma once

#include <span>
#include <string>

#include "ingest/event_log.h"
#include "pipeline/decision_store.h"
#include "store/sqlite.h"

namespace winnow::cases {

// Within the caller's transaction. Those that are not there, or not resolved, are passed over;
// returns how many went.
Result<std::uint64_t> remove_cases(Sqlite& database, std::span<const std::string> ids,
                                   const Removal& removal);

}  // namespace winnow::cases
