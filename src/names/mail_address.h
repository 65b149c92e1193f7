// Mail addresses as headers carry them: RFC 5322 address lists with the obsolete and broken forms
// seen in the wild, and UTF-8 (RFC 6532). Reading never fails: what cannot be read is reported.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

// One mailbox, as written. Encoded words (RFC 2047) are the caller's to decode, before or after.
struct MailAddress {
  std::string display_name;  // unquoted, blanks collapsed; "" when absent
  std::string local;         // unquoted: `"a b"@x` gives `a b`
  std::string domain;   // in normal form (names/domain.h) where it has one, else lower-cased as
                        // written; an address literal keeps its brackets; "" when there is no '@'
  std::string comment;  // text of (comments), joined by a blank: old clients put the name there
  std::string group;    // the group it was listed in, "" for none

  bool has_domain() const { return !domain.empty(); }
  // What identifies the mailbox: local part and domain, lower case. RFC 5321 lets local parts
  // differ by case; no provider of note does, and attackers rely on readers who believe the RFC.
  std::string key() const;
  std::string text() const;  // local@domain, the local part quoted where it must be
  friend bool operator==(const MailAddress&, const MailAddress&) = default;
};

enum class AddressProblem : std::uint8_t {
  MissingDomain,     // "undisclosed", "root"
  BadDomain,         // not a domain name and not an address literal
  Unterminated,      // a quote, comment, angle or group is never closed
  StrayText,         // characters that fit nowhere, skipped
  SeveralAtSigns,    // a@b@c: the last one splits
  TextAfterAddress,  // <a@b> more
  TooLong,           // an address longer than 1000 bytes, skipped
  TooMany,           // more addresses than the limit: the rest is not read
};
std::string_view name_of(AddressProblem problem);  // "missing domain", ...

struct AddressListLimits {
  std::size_t max_bytes = 256UL << 10;
  std::size_t max_addresses = 1000;
};

struct AddressList {
  std::vector<MailAddress> addresses;    // in order; groups are flattened
  std::vector<AddressProblem> problems;  // each kind once, in order of appearance
  bool has(AddressProblem problem) const;
};

// Reads the value of From, To, Reply-To, Return-Path and the like. Takes linear time; nesting of
// comments costs no stack.
AddressList read_address_list(std::string_view text, const AddressListLimits& limits = {});

// One bare address, as lists of indicators and envelopes carry it: "a@example.com",
// "<a@example.com>". Errors: InvalidArgument.
Result<MailAddress> read_address(std::string_view text);

}  // namespace winnow
