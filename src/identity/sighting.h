// What one event says of who was where.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "identity/party.h"
#include "identity/witness.h"
#include "ocsf/domain.h"
#include "ocsf/event.h"

namespace winnow::identity {

enum class Relation : std::uint8_t {
  AddressHost,  // the address was the host's
  UserHost,     // the user was on the host
  UserAddress   // the user came from the address
};
inline constexpr std::uint8_t kRelations = 3;
std::string_view name_of(Relation relation);  // "address of host", "user on host", ...
PartyKind first_kind(Relation relation);
PartyKind second_kind(Relation relation);

enum class Phase : std::uint8_t { Seen, Begins, Ends };

struct Sighting {
  Relation relation = Relation::AddressHost;
  std::string one, other;  // keys: the relation's first and second party
  Witness witness = Witness::DhcpLease;
  Phase phase = Phase::Seen;
  std::string session = {};   // that ends by its own end; empty: none
  Timestamp at;               // event time
  Duration holds = {};        // unless something ends it
  std::string told = {};      // the host as the event spells it
  std::string hardware = {};  // of the host, where the event knows it
  // The second clock: when it became known, and the event's place in the order of arrival.
  Timestamp known_at = {};
  std::uint64_t event = 0;
  friend auto operator<=>(const Sighting&, const Sighting&) = default;
};

// Without the second clock. At most kMaxSightings; most events tell nothing.
std::vector<Sighting> sightings_of(const ocsf::Event& event, Domain domain);
inline constexpr std::size_t kMaxSightings = 4;

// Whether any event of this class can: others need not be read.
bool may_tell(ocsf::ClassUid class_uid, Domain domain);

}  // namespace winnow::identity
