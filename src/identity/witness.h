// Which kinds of events tell who was where, how long what they say holds, and how far it goes: one
// table, the same as in docs/identity.md.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/timestamp.h"

namespace winnow::identity {

enum class Witness : std::uint8_t {
  DhcpLease,
  Logon,
  RemoteLogon,
  NetworkLogon,
  Ticket,
  SignIn,
  Ntlm,
  Process,
  Connection,
  Agent
};

// Weak: who says so could be lying, or be somebody else's. Fair: true at that moment. Strong: true,
// and of the machine itself.
enum class Strength : std::uint8_t { Weak, Fair, Strong };
std::string_view name_of(Strength strength);  // "weak", "fair", "strong"

struct WitnessFacts {
  Witness witness;
  std::string_view name;  // "DHCP lease": for people, and in JSON
  Strength strength;
  Duration holds;  // so long after the event, unless something ends it
};

std::span<const WitnessFacts> witnesses();  // in the order of Witness
const WitnessFacts& facts_of(Witness witness);

// What a lease says of its own time is believed up to here.
inline constexpr Duration kLongestLease = std::chrono::hours(24 * 30);

}  // namespace winnow::identity
