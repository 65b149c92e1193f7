// SHA-256 digests, the names of immutable things, and the text forms of bytes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow {

class Digest {
 public:
  static constexpr std::size_t kBytes = 32;
  constexpr Digest() = default;  // all zero: names nothing
  explicit Digest(std::span<const std::uint8_t, kBytes> bytes) {
    std::memcpy(bytes_.data(), bytes.data(), kBytes);
  }
  // From 64 hexadecimal digits. Errors: InvalidArgument.
  static Result<Digest> from_hex(std::string_view hex);

  std::string hex() const;        // 64 lower-case digits
  std::string short_hex() const;  // the first 12, for people
  std::span<const std::uint8_t, kBytes> bytes() const { return bytes_; }
  std::string_view as_text() const;  // the 32 bytes, viewed
  bool is_zero() const { return *this == Digest(); }
  auto operator<=>(const Digest&) const = default;

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
};

Digest sha256(std::string_view bytes);  // thread-safe; about 0.3 us plus 1 ns a byte

// The digest of bytes that arrive in pieces. Not thread-safe; reusable after finish().
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  Sha256& update(std::string_view bytes);
  Digest finish();

 private:
  void* context_;  // EVP_MD_CTX
};

std::string to_hex(std::string_view bytes);
Result<std::string> from_hex(std::string_view hex);      // Errors: InvalidArgument
std::string to_base64(std::string_view bytes);           // RFC 4648 section 4, padded
Result<std::string> from_base64(std::string_view text);  // strict. Errors: InvalidArgument

// A fast 64-bit hash (XXH3) for tables and check sums; no protection against an adversary.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace winnow

template <>
struct std::hash<winnow::Digest> {
  std::size_t operator()(const winnow::Digest& digest) const {
    std::size_t out;
    std::memcpy(&out, digest.bytes().data(), sizeof out);
    return out;
  }
};
