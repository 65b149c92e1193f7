#include "identity/party.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "names/ip_address.h"

namespace winnow::identity {
namespace {

constexpr std::size_t kMaxName = 320;  // of a mail address, the longest of them

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && text != "-" &&
         std::ranges::none_of(
             text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; });
}

bool is_hardware_address(std::string_view text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (i % 3 == 2 ? text[i] != ':' : !is_hex) return false;
  }
  return true;
}

// https://learn.microsoft.com/en-us/windows-server/identity/ad-ds/manage/understand-security-identifiers
constexpr std::array<std::string_view, 4> kSystemUids = {"S-1-5-7", "S-1-5-18", "S-1-5-19",
                                                         "S-1-5-20"};
constexpr std::array<std::string_view, 2> kSystemUidPrefixes = {"S-1-5-90-", "S-1-5-96-"};
constexpr std::array<std::string_view, 5> kSystemNames = {
    "system", "local service", "network service", "anonymous logon", "localsystem"};
// "NT AUTHORITY" as Windows calls it in other languages, and the sessions of its own windows.
constexpr std::array<std::string_view, 6> kSystemDomainPrefixes = {
    "nt authority",       "nt-autori",      "autorite nt",
    "autorit\xc3\xa9 nt", "window manager", "font driver host"};

bool is_system(std::string_view name, std::string_view domain, std::string_view uid) {
  const auto begins = [](std::string_view text) {
    return [text](std::string_view prefix) { return text.starts_with(prefix); };
  };
  const auto small_domain = ascii_lower(domain);
  return std::ranges::find(kSystemUids, uid) != kSystemUids.end() ||
         std::ranges::any_of(kSystemUidPrefixes, begins(uid)) ||
         std::ranges::find(kSystemNames, name) != kSystemNames.end() ||
         std::ranges::any_of(kSystemDomainPrefixes, begins(small_domain));
}

}  // namespace

std::string_view name_of(PartyKind kind) {
  switch (kind) {
    case PartyKind::User:
      return "user";
    case PartyKind::Host:
      return "host";
    case PartyKind::Address:
      break;
  }
  return "address";
}

Result<PartyKind> party_kind_named(std::string_view name) {
  for (const auto kind : {PartyKind::User, PartyKind::Host, PartyKind::Address}) {
    if (name == name_of(kind)) return kind;
  }
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is none of user, host, address", name.substr(0, 40)));
}

std::string host_key(std::string_view text) {
  while (text.starts_with('\\')) text.remove_prefix(1);
  if (!is_name(text) || IpAddress::read(text)) return {};
  auto key = ascii_lower(text);
  if (is_hardware_address(key)) return key;
  key.resize(std::min(key.find('.'), key.size()));
  return key == "localhost" || key.ends_with('$') ? std::string() : key;
}

std::string user_key(std::string_view name, std::string_view domain, std::string_view uid) {
  if (const auto slash = name.rfind('\\'); slash != std::string_view::npos) {
    if (domain.empty()) domain = name.substr(0, slash);
    name.remove_prefix(slash + 1);
  }
  auto key = ascii_lower(name);
  if (is_system(key, domain, uid) || !is_name(key) || key.ends_with('$')) return {};
  return key;
}

std::string machine_key(std::string_view account) {
  if (!account.ends_with('$')) return {};
  account.remove_suffix(1);
  return host_key(account);
}

std::string address_key(std::string_view text) {
  const auto parsed = IpAddress::read(text);
  if (!parsed) return {};
  const auto address = parsed->unmapped();
  const auto& bytes = address.bytes();
  const bool everybodys =
      address.is_v4()
          ? bytes[0] == 0 || bytes[0] == 127 || bytes[0] >= 224 ||
                (bytes[0] == 169 && bytes[1] == 254)
          : bytes[0] == 0xFF || (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80) ||
                std::all_of(bytes.begin(), bytes.end() - 1, [](auto byte) { return byte == 0; });
  return everybodys ? std::string() : address.text();
}

Result<std::vector<Party>> parties_named(std::string_view text) {
  if (IpAddress::read(text)) {
    WINNOW_TRY(auto address, party_named(PartyKind::Address, text));
    return std::vector<Party>{std::move(address)};
  }
  std::vector<Party> parties;
  if (auto host = host_key(text); !host.empty() && text.find('@') == std::string_view::npos)
    parties.push_back({PartyKind::Host, std::move(host)});
  if (auto user = user_key(text); !user.empty())
    parties.push_back({PartyKind::User, std::move(user)});
  if (!parties.empty()) return parties;
  return Error(Code::InvalidArgument,
               fmt::format("'{}' names no person, machine or address", text.substr(0, 80)));
}

Result<Party> party_named(PartyKind kind, std::string_view text) {
  Party party{kind, kind == PartyKind::User   ? user_key(text)
                    : kind == PartyKind::Host ? host_key(text)
                                              : address_key(text)};
  if (!party.key.empty()) return party;
  const auto wanted = kind == PartyKind::User   ? "a person's account"
                      : kind == PartyKind::Host ? "a machine's name"
                                                : "an address that one machine has";
  return Error(Code::InvalidArgument, fmt::format("'{}' is not {}", text.substr(0, 80), wanted));
}

}  // namespace winnow::identity
