// The rows of sightings, as values.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "identity/sighting.h"
#include "store/sqlite.h"

namespace winnow::identity {

// Writes them. What a table holds is a function of the set that was put into it: neither order nor
// repetition matters. Within the caller's transaction. The database outlives it.
class SightingTable {
 public:
  explicit SightingTable(Sqlite& database) : database_(&database) {}
  Status put(std::vector<Sighting> sightings);
  Status clear(std::int64_t slot);

 private:
  Status put_one(const Sighting& sighting);
  Sqlite* database_;
};

// Which sightings of a party, at which times, as they were known by when.
struct SightingFilter {
  Relation relation = Relation::AddressHost;
  bool first = true;  // whether the party is the relation's first
  std::string_view key;
  Witness witness = Witness::DhcpLease;
  Timestamp from, until;  // event time, both included
  Timestamp known_by;     // included
  enum class Order : std::uint8_t { NewestFirst, OldestFirst } order = Order::NewestFirst;
  std::size_t limit = 0;
};
Result<std::vector<Sighting>> read_sightings(Sqlite& database, const SightingFilter& filter);

}  // namespace winnow::identity
