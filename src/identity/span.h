// How long who was where: sightings joined to bounded times. Pure functions of sets, so that the
// order in which events came changes nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "identity/sighting.h"

namespace winnow::identity {

// Why a time is over where it is.
enum class Ending : std::uint8_t {
  Assumed,    // nothing more was seen: so long do such sightings hold
  Told,       // an event says so: a logoff, a release
  Superseded  // the address was leased to another
};
std::string_view name_of(Ending ending);  // "assumed", "told", "superseded"

// An event that a span rests on.
struct Evidence {
  std::uint64_t event = 0;  // its place in the order of arrival
  Phase phase = Phase::Seen;
  Timestamp at, known_at;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Span {
  Relation relation = Relation::AddressHost;
  std::string one, other;
  Witness witness = Witness::DhcpLease;
  Timestamp from, until;  // holds at `from`, no longer at `until`
  Ending ending = Ending::Assumed;
  Evidence first, last;              // the first and the last sighting; the same where there is one
  std::optional<Evidence> end = {};  // what ended it
  std::vector<std::string> told = {};  // spellings of the host, at most kMaxSpellings, sorted
  std::string hardware = {};
  // Other hosts that are said to have the address at a time within, at most kMaxSpellings, sorted.
  std::vector<std::string> contradicted_by = {};

  bool holds_at(Timestamp at) const { return from <= at && at < until; }
  friend bool operator==(const Span&, const Span&) = default;
};
inline constexpr std::size_t kMaxSpellings = 8;

// Strongest first, then the latest begun. A session ends with its own end, another stay with the
// end told by the same kind of witness, a lease with the next one of its address to another host:
// whoever asks about a host brings the leases of its addresses too.
std::vector<Span> spans_of(std::vector<Sighting> sightings);
// Fills in contradicted_by. Cost: quadratic in the spans of one address.
void note_contradictions(std::span<Span> spans);

}  // namespace winnow::identity
