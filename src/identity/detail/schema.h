// The tables of identities.db.
#pragma once

#include <string>

#include "store/sqlite.h"

namespace winnow::identity {

Status migrate(Sqlite& database);
// SQL that empties them.
std::string emptying();

// Sightings are kept by slots of this length: of several that differ in nothing but their time
// within one, the first that was known.
inline constexpr Duration kSlot = std::chrono::minutes(10);
std::int64_t slot_of(Timestamp at);

}  // namespace winnow::identity
