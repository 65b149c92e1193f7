#include "names/ip_address.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/contract.h"

namespace winnow {
namespace {

using Bytes16 = std::array<std::uint8_t, 16>;

// Four decimal octets; 0177 would be octal, and is refused.
std::optional<std::array<std::uint8_t, 4>> parse_v4(std::string_view text) {
  std::array<std::uint8_t, 4> out{};
  std::size_t dots = 0, digits = 0;  // digits of this octet
  unsigned octet = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(c) - '0';
    if (digit <= 9) {
      octet = octet * 10 + digit;
      if (++digits > 1 && (octet < 10 || octet > 255)) return std::nullopt;
    } else {
      if (c != '.' || digits == 0 || dots == 3) return std::nullopt;
      out[dots++] = static_cast<std::uint8_t>(octet);
      octet = 0;
      digits = 0;
    }
  }
  if (dots != 3 || digits == 0) return std::nullopt;
  out[3] = static_cast<std::uint8_t>(octet);
  return out;
}

// Groups of up to four hexadecimal digits, one "::" for one or more groups of zeros, perhaps an
// IPv4 address at the end: RFC 4291 section 2.2.
std::optional<Bytes16> parse_v6(std::string_view text) {
  std::array<std::uint16_t, 8> groups{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const std::size_t used = count + (gap ? 1 : 0);
    if (used == 8) return std::nullopt;
    if (const auto v4 = used <= 6 ? parse_v4(text) : std::nullopt) {
      groups[count++] = static_cast<std::uint16_t>((*v4)[0] << 8 | (*v4)[1]);
      groups[count++] = static_cast<std::uint16_t>((*v4)[2] << 8 | (*v4)[3]);
      text = {};
      break;
    }
    const auto* const limit = text.data() + std::min<std::size_t>(text.size(), 4);
    const auto [end, status] = std::from_chars(text.data(), limit, groups[count], 16);
    if (status != std::errc()) return std::nullopt;
    ++count;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) break;
    if (!text.starts_with(':')) return std::nullopt;
    text.remove_prefix(1);
    if (text.starts_with(':')) {
      if (gap) return std::nullopt;
      gap = count;
      text.remove_prefix(1);
    } else if (text.empty()) {
      return std::nullopt;  // a single colon at the end
    }
  }
  if (gap && count < 8) {
    std::move_backward(groups.begin() + static_cast<std::ptrdiff_t>(*gap),
                       groups.begin() + static_cast<std::ptrdiff_t>(count), groups.end());
    std::fill_n(groups.begin() + static_cast<std::ptrdiff_t>(*gap), 8 - count, std::uint16_t{0});
  } else if (gap || count != 8) {
    return std::nullopt;
  }
  Bytes16 bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i]);
  }
  return bytes;
}

std::string v6_text(const Bytes16& bytes) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = bytes[2 * i] * 256U + bytes[2 * i + 1];
  // RFC 5952 section 4.2: the first longest run of at least two zero groups becomes "::".
  std::size_t best = 8, best_size = 1;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > best_size) best = i, best_size = end - i;
    i = end + 1;
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_size - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    out += fmt::format("{:x}", groups[i]);
  }
  return out;
}

}  // namespace

IpAddress IpAddress::v4(std::uint32_t address) {
  Bytes16 bytes{};
  for (unsigned i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
  return {Family::V4, bytes};
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& bytes) { return {Family::V6, bytes}; }

std::optional<IpAddress> IpAddress::read(std::string_view text) {
  if (const auto octets = parse_v4(text)) {
    Bytes16 bytes{};
    std::copy(octets->begin(), octets->end(), bytes.begin());
    return IpAddress(Family::V4, bytes);
  }
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  const auto bytes = parse_v6(text);
  return bytes ? std::optional(IpAddress(Family::V6, *bytes)) : std::nullopt;
}

Result<IpAddress> IpAddress::parse(std::string_view text) {
  if (const auto address = read(text)) return *address;
  return Error(Code::InvalidArgument, fmt::format("'{}' is not an IP address", text.substr(0, 64)));
}

std::uint32_t IpAddress::v4_value() const {
  ensure(is_v4(), "v4_value() is asked only of an IPv4 address");
  return std::uint32_t{bytes_[0]} << 24 | std::uint32_t{bytes_[1]} << 16 |
         std::uint32_t{bytes_[2]} << 8 | bytes_[3];
}

std::string IpAddress::text() const {
  if (!is_v4()) return v6_text(bytes_);
  return fmt::format("{}.{}.{}.{}", bytes_[0], bytes_[1], bytes_[2], bytes_[3]);
}

IpAddress IpAddress::unmapped() const {
  static const IpBlock kMapped = IpBlock::parse("::ffff:0:0/96").value();
  if (!kMapped.contains(*this)) return *this;
  Bytes16 bytes{};
  std::copy_n(bytes_.begin() + 12, 4, bytes.begin());
  return {Family::V4, bytes};
}

namespace {

std::vector<IpBlock> blocks_of(std::initializer_list<std::string_view> texts) {
  std::vector<IpBlock> blocks;
  for (const auto text : texts) blocks.push_back(IpBlock::parse(text).value());
  return blocks;
}

bool is_in(const std::vector<IpBlock>& blocks, const IpAddress& address) {
  return std::ranges::any_of(blocks, [&](const auto& block) { return block.contains(address); });
}

}  // namespace

bool IpAddress::is_special_purpose() const {
  static const auto kBlocks = blocks_of(
      {"0.0.0.0/8",       "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",    "169.254.0.0/16",
       "172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",  "192.168.0.0/16", "198.18.0.0/15",
       "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4",    "::/127",
       "64:ff9b:1::/48",  "100::/64",       "2001:db8::/32", "fc00::/7",       "fe80::/10",
       "ff00::/8"});
  return is_in(kBlocks, unmapped());
}

bool IpAddress::is_internal() const {
  static const auto kBlocks =
      blocks_of({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
                 "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "255.255.255.255/32", "::/127",
                 "fc00::/7", "fe80::/10", "ff00::/8"});
  return is_in(kBlocks, unmapped());
}

IpBlock::IpBlock(const IpAddress& address, unsigned prefix_bits)
    : first_(address), prefix_bits_(prefix_bits) {
  ensure(prefix_bits <= address.bits(), "a prefix is no longer than its address");
  auto bytes = address.bytes();
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned kept = prefix_bits > 8 * i ? std::min(prefix_bits - 8 * i, 8U) : 0;
    bytes[i] &= static_cast<std::uint8_t>(0xFF00U >> kept);
  }
  if (!address.is_v4()) {
    first_ = IpAddress::v6(bytes);
  } else {
    const std::uint32_t mask = prefix_bits == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix_bits);
    first_ = IpAddress::v4(address.v4_value() & mask);
  }
}

Result<IpBlock> IpBlock::parse(std::string_view text) {
  const auto slash = text.find('/');
  WINNOW_TRY(const auto address, IpAddress::parse(text.substr(0, slash)));
  if (slash == std::string_view::npos) return IpBlock(address, address.bits());
  const auto digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, status] = std::from_chars(digits.data(), end, bits);
  if (status != std::errc() || stop != end || digits.size() > 3 || bits > address.bits()) {
    return Error(Code::InvalidArgument, fmt::format("'{}' has no prefix length between 0 and {}",
                                                    text.substr(0, 64), address.bits()));
  }
  return IpBlock(address, bits);
}

IpAddress IpBlock::last() const {
  if (first_.is_v4()) {
    const std::uint32_t rest = prefix_bits_ == 32 ? 0 : ~std::uint32_t{0} >> prefix_bits_;
    return IpAddress::v4(first_.v4_value() | rest);
  }
  auto bytes = first_.bytes();
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned kept = prefix_bits_ > 8 * i ? std::min(prefix_bits_ - 8 * i, 8U) : 0;
    bytes[i] |= static_cast<std::uint8_t>(0xFFU >> kept);
  }
  return IpAddress::v6(bytes);
}

bool IpBlock::contains(const IpAddress& address) const {
  if (address.family() != first_.family()) return false;
  const auto& own = first_.bytes();
  const auto& other = address.bytes();
  const unsigned whole = prefix_bits_ / 8, rest = prefix_bits_ % 8;
  if (!std::equal(own.begin(), own.begin() + whole, other.begin())) return false;
  return rest == 0 || (own[whole] ^ other[whole]) >> (8 - rest) == 0;
}

std::string IpBlock::text() const {
  return is_single() ? first_.text() : fmt::format("{}/{}", first_.text(), prefix_bits_);
}

}  // namespace winnow
