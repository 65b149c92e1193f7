// IP addresses and address blocks, IPv4 and IPv6, as values.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow {

// An IPv4 or IPv6 address. IPv4 sorts before IPv6; an IPv4-mapped IPv6 address stays IPv6 (see
// unmapped()).
class IpAddress {
 public:
  enum class Family : std::uint8_t { V4, V6 };

  static IpAddress v4(std::uint32_t address);  // host byte order: 127.0.0.1 is 0x7F000001
  static IpAddress v6(const std::array<std::uint8_t, 16>& bytes);
  // Four decimal numbers without leading zeros, or the text forms of RFC 4291 section 2.2; no zone,
  // no brackets, no port. The looser IPv4 forms of browsers are Url's business. Errors:
  // InvalidArgument.
  static Result<IpAddress> parse(std::string_view text);
  // The same for texts that are hardly ever addresses: nothing is said, and so paid, of those.
  static std::optional<IpAddress> read(std::string_view text);

  Family family() const { return family_; }
  bool is_v4() const { return family_ == Family::V4; }
  std::uint32_t v4_value() const;                                       // requires is_v4()
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }  // IPv4: the first four
  unsigned bits() const { return is_v4() ? 32 : 128; }
  std::string text() const;    // IPv4 dotted, IPv6 as RFC 5952 (without its IPv4-mapped exception)
  IpAddress unmapped() const;  // ::ffff:a.b.c.d as a.b.c.d, else itself
  // Not globally reachable: private, loopback, link-local, documentation, multicast, unspecified
  // and reserved blocks of the IANA special-purpose registries (RFC 6890).
  bool is_special_purpose() const;
  // Of a network's own: private (RFC 1918, 4193, 6598), loopback, link-local, multicast, broadcast,
  // unspecified. Unlike above, blocks for documentation and benchmarks are not.
  bool is_internal() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  IpAddress(Family family, const std::array<std::uint8_t, 16>& bytes)
      : family_(family), bytes_(bytes) {}
  Family family_;
  std::array<std::uint8_t, 16> bytes_;
};

// A block of addresses: those that share the first `prefix_bits` bits of `first`.
class IpBlock {
 public:
  // The block around `address`; bits after the prefix are cleared. Requires prefix_bits <=
  // address.bits().
  IpBlock(const IpAddress& address, unsigned prefix_bits);
  // "192.0.2.0/24", "2001:db8::/32", or an address alone (a block of one). Errors: InvalidArgument.
  static Result<IpBlock> parse(std::string_view text);

  const IpAddress& first() const { return first_; }
  IpAddress last() const;
  unsigned prefix_bits() const { return prefix_bits_; }
  bool is_single() const { return prefix_bits_ == first_.bits(); }
  bool contains(const IpAddress& address) const;
  std::string text() const;  // "192.0.2.0/24"; a block of one as the address alone

  auto operator<=>(const IpBlock&) const = default;

 private:
  IpAddress first_;
  unsigned prefix_bits_;
};

}  // namespace winnow
