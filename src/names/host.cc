#include "names/detail/host.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "names/detail/idna.h"
#include "names/detail/percent.h"

namespace winnow::detail {
namespace {

Error bad_host(std::string_view text, std::string_view why) {
  return {Code::InvalidArgument,
          fmt::format("the host '{}' {}", utf8_prefix(to_valid_utf8(text.substr(0, 64)), 64), why)};
}

// The forbidden host code points and the forbidden domain code points of section 3.2.
constexpr auto kForbiddenInHost = ByteSet("\t\n\r #/:<>?@[\\]^|").and_range('\0', '\0');
constexpr auto kForbiddenInDomain = ByteSet(" #/:<>?@[\\]^|%\x7F").and_range('\0', '\x1F');

bool has_any_punycode_label(std::string_view domain) {
  for (std::size_t begin = 0; begin <= domain.size();) {
    if (has_punycode_prefix(domain.substr(begin))) return true;
    const auto dot = domain.find('.', begin);
    if (dot == std::string_view::npos) return false;
    begin = dot + 1;
  }
  return false;
}

Result<std::string> domain_to_ascii(std::string_view domain, bool ascii_only) {
  if (ascii_only && !has_any_punycode_label(domain)) return ascii_lower(domain);
  if (domain.size() > Url::kMaxIdnaBytes) {
    return Error(Code::Exhausted,
                 fmt::format("a host of {} bytes needs IDNA processing, the limit is {}",
                             domain.size(), Url::kMaxIdnaBytes));
  }
  auto ascii = idna_to_ascii(domain);
  if (!ascii) return bad_host(domain, "is not a valid internationalised name");
  return *std::move(ascii);
}

// One part of a loose IPv4 address; nothing if it is no number. Saturates far above 2^32.
std::optional<std::uint64_t> ipv4_number(std::string_view part) {
  if (part.empty()) return std::nullopt;
  unsigned base = 10;
  if (part.size() >= 2 && part[0] == '0' && (part[1] | 0x20) == 'x') {
    base = 16;
    part.remove_prefix(2);
  } else if (part.size() >= 2 && part[0] == '0') {
    base = 8;
    part.remove_prefix(1);
  }
  std::uint64_t value = 0;
  for (const char c : part) {
    const int digit = hex_value(c);
    if (digit < 0 || digit >= static_cast<int>(base)) return std::nullopt;
    value = std::min(value * base + static_cast<unsigned>(digit), std::uint64_t{1} << 40);
  }
  return value;
}

Result<Host> parse_ip_host(std::string_view text) {
  if (!text.ends_with(']')) return bad_host(text, "lacks its closing bracket");
  const auto inside = text.substr(1, text.size() - 2);
  const auto address = IpAddress::parse(inside);
  if (!address || address->is_v4()) return bad_host(text, "is not an IPv6 address");
  return Host{HostKind::Ipv6, fmt::format("[{}]", address->text())};
}

Result<Host> parse_opaque_host(std::string_view text) {
  if (kForbiddenInHost.holds_any_of(text)) {
    return bad_host(text, "has a character that hosts may not have");
  }
  Host host{text.empty() ? HostKind::Empty : HostKind::Opaque, {}};
  append_percent_encoded(host.text, text, kC0ControlSet);
  return host;
}

}  // namespace

bool ends_in_number(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const auto dot = host.rfind('.');
  const auto last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.empty()) return false;
  return std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; }) ||
         ipv4_number(last).has_value();
}

std::optional<IpAddress> parse_loose_ipv4(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  std::uint64_t address = 0;
  for (unsigned parts = 1;; ++parts) {
    const auto dot = text.find('.');
    const auto number = ipv4_number(text.substr(0, dot));
    if (!number || parts > 4) return std::nullopt;
    if (dot == std::string_view::npos) {
      // The last part fills all bytes that are left.
      const unsigned bits = 8 * (5 - parts);
      if (*number >> bits != 0) return std::nullopt;
      return IpAddress::v4(static_cast<std::uint32_t>(address << bits | *number));
    }
    if (*number > 255) return std::nullopt;
    address = address << 8 | *number;
    text.remove_prefix(dot + 1);
  }
}

Result<Host> parse_host(std::string_view text, bool special, UrlQuirks& quirks) {
  if (text.starts_with('[')) return parse_ip_host(text);
  if (!special) return parse_opaque_host(text);
  std::string decoded;
  auto domain = text;
  if (text.find('%') != std::string_view::npos)
    domain = decoded = to_valid_utf8(percent_decode(text));
  quirks.encoded_host = domain != text;
  quirks.unicode_host = !is_ascii(domain);
  WINNOW_TRY(auto ascii, domain_to_ascii(domain, !quirks.unicode_host));
  if (ascii.empty()) return bad_host(text, "is empty");
  if (kForbiddenInDomain.holds_any_of(ascii)) {
    return bad_host(text, "has a character that domain names may not have");
  }
  if (!ends_in_number(ascii)) return Host{HostKind::Domain, std::move(ascii)};
  const auto address = parse_loose_ipv4(ascii);
  if (!address) return bad_host(text, "ends in a number but is not an IPv4 address");
  auto dotted = address->text();
  quirks.odd_ipv4 = dotted != text;
  return Host{HostKind::Ipv4, std::move(dotted)};
}

}  // namespace winnow::detail
