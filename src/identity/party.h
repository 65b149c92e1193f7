// Who or what is somewhere: users, hosts, addresses, each under one key, however logs spell them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow::identity {

enum class PartyKind : std::uint8_t { User, Host, Address };
std::string_view name_of(PartyKind kind);                   // "user", "host", "address"
Result<PartyKind> party_kind_named(std::string_view name);  // Errors: InvalidArgument

struct Party {
  PartyKind kind = PartyKind::Host;
  std::string key;
  friend auto operator<=>(const Party&, const Party&) = default;
};

// The keys; empty where the text names nobody.
//
// A host: its first label in small letters, since half of the logs know no other ("WS5",
// "ws5.example.org"); a hardware address as it is. No key for addresses and "localhost".
std::string host_key(std::string_view text);
// A person's account: in small letters, without what stands before a backslash. No key for accounts
// of machines ("WS5$") and of the system, by name or by domain, in the languages that Windows
// speaks.
std::string user_key(std::string_view name, std::string_view domain = {},
                     std::string_view uid = {});
// The machine whose account this is ("WS5$"), as a host's key.
std::string machine_key(std::string_view account);
// An address as text, an IPv4-mapped one as IPv4. No key for what many machines have at once:
// loopback, link-local, multicast, broadcast, unspecified.
std::string address_key(std::string_view text);

// Whom a person may mean: an address, or a user and a host of that name. Errors: InvalidArgument
// (nobody can be called so).
Result<std::vector<Party>> parties_named(std::string_view text);
// One of a kind. Errors: InvalidArgument.
Result<Party> party_named(PartyKind kind, std::string_view text);

}  // namespace winnow::identity
