// The front door for writing: who was where when, as a projection of the event log (ADR 15).
//
//   identity_reader.h   asking   identity_json.h  answers as programs see them
//   sighting.h          what an event says       witness.h  how far that goes
//   span.h              how long it holds        party.h    users, hosts, addresses
//
// No decision depends on it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "identity/sighting.h"
#include "ingest/event_log.h"
#include "ingest/mapping/log_mappings.h"
#include "store/sqlite.h"

namespace winnow::identity {

// One thread at a time; several may work on one database, each takes in what the others have not.
class IdentityBook {
 public:
  // Opens what is kept in `database`; an absent one is made. `events` outlives it. Records are read
  // by the mapping of their name among `mappings`; without it they tell nothing. Does not catch up.
  // Errors: Corrupt, Denied, Unavailable, Unsupported (newer format).
  static Result<IdentityBook> open(const EventLog& events, const Path& database,
                                   std::vector<Mapping> mappings);

  // What comes from now on is read by these; what was read before stays as it is until forget().
  // `broken`: names of mappings that cannot be had now, whose records are waited for.
  void set_mappings(std::vector<Mapping> mappings, std::vector<std::string> broken);

  // Takes in what arrived since, at most about `most` events, in small transactions, and nothing
  // from the first record of a broken mapping on. Returns how many there were; fewer than `most`:
  // it is up to date, or waits. A crash anywhere repeats and forgets
  // nothing. Errors: Corrupt, Exhausted (disk full), Unavailable; the same call again does what is
  // left to do.
  Result<std::size_t> catch_up(std::size_t most);

  // Before events are removed from the log: what they told is to go. Durable when it returns; those
  // that are not there are passed over.
  Status expect_removal(std::span<const Digest> events);
  // Once they are removed: makes the times to which they belong again without them, and lets what
  // they told go from the file. Also finishes what a crash left. Cost: reads all events of the log
  // within the ten minutes around each of those.
  Status finish_removals();

  // Throws everything away; catch_up() makes it again. Errors: Exhausted, Unavailable.
  Status forget();

 private:
  IdentityBook(const EventLog& events, Sqlite database, std::vector<Mapping> mappings);
  Status read(const StoredEvent& stored, std::vector<Sighting>& told);
  Status make_slot_again(std::int64_t slot);
  Result<std::uint64_t> cursor();

  const EventLog* events_;
  Sqlite database_;
  LogMappings mappings_;
  std::vector<std::string> broken_;
  std::map<std::string, Domain, std::less<>> domains_;  // of the mappings that tell anything
};

}  // namespace winnow::identity
