#include "identity/detail/sighting_table.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "identity/detail/schema.h"

namespace winnow::identity {
namespace {

constexpr std::string_view kColumns =
    "relation, one, other, witness, phase, session, at, holds, known_at, event, told, hardware";

// The value of an enumeration of `count`. Errors: Corrupt.
template <typename Enum>
Status read_enum(int value, std::size_t count, Enum& out) {
  if (value < 0 || static_cast<std::size_t>(value) >= count)
    return Error(Code::Corrupt, fmt::format("a sighting holds the unknown number {}", value));
  out = static_cast<Enum>(value);
  return {};
}

Result<Sighting> read_row(SqliteStatement& row) {
  Sighting found;
  int relation = 0, witness = 0, phase = 0;
  std::int64_t holds = 0;
  WINNOW_TRY(row.read(relation, found.one, found.other, witness, phase, found.session, found.at,
                      holds, found.known_at, found.event, found.told, found.hardware));
  WINNOW_TRY(read_enum(relation, kRelations, found.relation));
  WINNOW_TRY(read_enum(witness, witnesses().size(), found.witness));
  WINNOW_TRY(read_enum(phase, 3, found.phase));
  found.holds = Duration(holds);
  return found;
}

// What makes two sightings one row, in the order of the index.
auto row_of(const Sighting& sighting) {
  return std::tuple(sighting.relation, std::string_view(sighting.one), sighting.witness,
                    slot_of(sighting.at), std::string_view(sighting.other), sighting.phase,
                    std::string_view(sighting.session));
}
// Of two of one row the lesser stays.
auto age_of(const Sighting& sighting) {
  return std::tuple(sighting.known_at, sighting.event, sighting.at, sighting.holds,
                    std::string_view(sighting.told), std::string_view(sighting.hardware));
}

}  // namespace

// Of those that share a slot the one that was known first stays: who asks what was known at a time
// is told the same by all that came until then.
Status SightingTable::put(std::vector<Sighting> sightings) {
  std::ranges::sort(sightings, [](const Sighting& a, const Sighting& b) {
    return std::pair(row_of(a), age_of(a)) < std::pair(row_of(b), age_of(b));
  });
  const Sighting* before = nullptr;
  for (const auto& sighting : sightings) {
    const bool is_known = before != nullptr && row_of(*before) == row_of(sighting);
    if (!is_known) WINNOW_TRY(put_one(sighting));
    before = &sighting;
  }
  return {};
}

Status SightingTable::put_one(const Sighting& sighting) {
  return database_->run(
      "INSERT INTO sightings (relation, one, other, witness, phase, session, slot, at, holds, "
      "known_at, event, told, hardware) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
      "ON CONFLICT DO UPDATE SET at = excluded.at, holds = excluded.holds, "
      "known_at = excluded.known_at, event = excluded.event, told = excluded.told, "
      "hardware = excluded.hardware "
      "WHERE (excluded.known_at, excluded.event, excluded.at, excluded.holds, excluded.told, "
      "excluded.hardware) < (known_at, event, at, holds, told, hardware)",
      static_cast<int>(sighting.relation), sighting.one, sighting.other,
      static_cast<int>(sighting.witness), static_cast<int>(sighting.phase), sighting.session,
      slot_of(sighting.at), sighting.at, sighting.holds.count(), sighting.known_at, sighting.event,
      sighting.told, sighting.hardware);
}

Status SightingTable::clear(std::int64_t slot) {
  return database_->run("DELETE FROM sightings WHERE slot = ?1", slot);
}

Result<std::vector<Sighting>> read_sightings(Sqlite& database, const SightingFilter& filter) {
  const auto* const order = filter.order == SightingFilter::Order::NewestFirst ? "DESC" : "ASC";
  WINNOW_TRY(auto select,
             database.prepare(fmt::format(
                 "SELECT {0} FROM sightings WHERE relation = ?1 AND {1} = ?2 AND witness = ?3 "
                 "AND slot BETWEEN ?4 AND ?5 AND at BETWEEN ?6 AND ?7 AND known_at <= ?8 "
                 "ORDER BY slot {2}, at {2}, event {2} LIMIT ?9",
                 kColumns, filter.first ? "one" : "other", order)));
  WINNOW_TRY(select.bind(static_cast<int>(filter.relation), filter.key,
                         static_cast<int>(filter.witness), slot_of(filter.from),
                         slot_of(filter.until), filter.from, filter.until, filter.known_by,
                         std::uint64_t{filter.limit}));
  std::vector<Sighting> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    WINNOW_TRY(found.emplace_back(), read_row(select));
  }
}

}  // namespace winnow::identity
