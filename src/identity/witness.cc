#include "identity/witness.h"

#include <array>

namespace winnow::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::array<WitnessFacts, 10> kWitnesses = {{
    {Witness::DhcpLease, "DHCP lease", Strength::Strong, hours(24)},
    {Witness::Logon, "logon", Strength::Strong, hours(12)},
    {Witness::RemoteLogon, "remote logon", Strength::Strong, hours(12)},
    {Witness::NetworkLogon, "network logon", Strength::Fair, minutes(10)},
    {Witness::Ticket, "Kerberos ticket", Strength::Fair, hours(1)},
    {Witness::SignIn, "sign-in", Strength::Fair, hours(8)},
    {Witness::Ntlm, "NTLM", Strength::Weak, minutes(10)},
    {Witness::Process, "process", Strength::Strong, hours(1)},
    {Witness::Connection, "connection", Strength::Strong, hours(1)},
    {Witness::Agent, "agent", Strength::Fair, hours(1)},
}};

}  // namespace

std::string_view name_of(Strength strength) {
  switch (strength) {
    case Strength::Weak:
      return "weak";
    case Strength::Fair:
      return "fair";
    case Strength::Strong:
      break;
  }
  return "strong";
}

std::span<const WitnessFacts> witnesses() { return kWitnesses; }

const WitnessFacts& facts_of(Witness witness) {
  return kWitnesses[static_cast<std::size_t>(witness)];
}

}  // namespace winnow::identity
