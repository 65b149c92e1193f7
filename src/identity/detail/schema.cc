#include "identity/detail/schema.h"

#include <array>

namespace winnow::identity {
namespace {

constexpr std::string_view kTables = R"sql(
CREATE TABLE sightings (
  relation INTEGER NOT NULL,  -- 0 address of host, 1 user on host, 2 user from address
  one      TEXT NOT NULL,     -- the address or user
  other    TEXT NOT NULL,     -- the host or address
  witness  INTEGER NOT NULL,  -- src/identity/witness.h
  phase    INTEGER NOT NULL,  -- 0 seen, 1 begins, 2 ends
  session  TEXT NOT NULL,
  slot     INTEGER NOT NULL,  -- of event time: ten minutes
  at       INTEGER NOT NULL,  -- event time
  holds    INTEGER NOT NULL,  -- microseconds
  known_at INTEGER NOT NULL,  -- when its event arrived
  event    INTEGER NOT NULL,  -- the event's place in the order of arrival
  told     TEXT NOT NULL,     -- the host as the event spells it
  hardware TEXT NOT NULL
) STRICT;
-- What makes two of them one; asked for by its beginning.
CREATE UNIQUE INDEX sightings_by_one
  ON sightings (relation, one, witness, slot, other, phase, session);
CREATE INDEX sightings_by_other ON sightings (relation, other, witness, slot);
CREATE INDEX sightings_by_slot ON sightings (slot);

-- Slots of which events are removed: they are made again without them.
CREATE TABLE removal_slots (slot INTEGER PRIMARY KEY) STRICT;

CREATE TABLE identity_cursor (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  event INTEGER NOT NULL      -- the last one in the order of arrival that was taken in
) STRICT;
INSERT INTO identity_cursor VALUES (1, 0);
)sql";

}  // namespace

Status migrate(Sqlite& database) {
  constexpr std::array kSteps = {kTables};
  return database.migrate("identity", kSteps);
}

// Slots that wait for a removal stay: what is taken in again may be what goes.
std::string emptying() { return "DELETE FROM sightings; UPDATE identity_cursor SET event = 0"; }

std::int64_t slot_of(Timestamp at) {
  const auto length = kSlot.count();
  return at.micros() / length - (at.micros() % length < 0 ? 1 : 0);
}

}  // namespace winnow::identity
