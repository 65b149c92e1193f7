#include "base/digest.h"

#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <xxhash.h>

namespace winnow {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Fetched once: a fetch for each hash costs three times the hash of a small object.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ensure(algorithm != nullptr, "OpenSSL 3 provides SHA256");
  return algorithm;
}

EVP_MD_CTX* as_context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<Digest> Digest::from_hex(std::string_view hex) {
  auto bytes = winnow::from_hex(hex);
  if (!bytes || bytes->size() != kBytes) {
    return Error(
        Code::InvalidArgument,
        fmt::format("'{}' is not a SHA-256 digest of 64 hexadecimal digits", hex.substr(0, 80)));
  }
  Digest digest;
  std::memcpy(digest.bytes_.data(), bytes->data(), kBytes);
  return digest;
}

std::string Digest::hex() const { return to_hex(as_text()); }
std::string Digest::short_hex() const { return hex().substr(0, 12); }
std::string_view Digest::as_text() const {
  return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  ensure(context_ != nullptr, "a digest context can be allocated");
  EVP_DigestInit_ex2(as_context(context_), sha256_algorithm(), nullptr);
}
Sha256::~Sha256() { EVP_MD_CTX_free(as_context(context_)); }
Sha256::Sha256(Sha256&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
Sha256& Sha256::operator=(Sha256&& other) noexcept {
  std::swap(context_, other.context_);
  return *this;
}

Sha256& Sha256::update(std::string_view bytes) {
  EVP_DigestUpdate(as_context(context_), bytes.data(), bytes.size());
  return *this;
}

Digest Sha256::finish() {
  std::array<std::uint8_t, Digest::kBytes> out{};
  EVP_DigestFinal_ex(as_context(context_), out.data(), nullptr);
  EVP_DigestInit_ex2(as_context(context_), sha256_algorithm(), nullptr);
  return Digest(out);
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hasher;
  return hasher.update(bytes).finish();
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    out.push_back(kHexDigits[byte >> 4]);
    out.push_back(kHexDigits[byte & 15]);
  }
  return out;
}

Result<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) {
    return Error(Code::InvalidArgument, "an odd number of hexadecimal digits");
  }
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hex_value(hex[i]), low = hex_value(hex[i + 1]);
    if (high < 0 || low < 0) {
      return Error(Code::InvalidArgument, fmt::format("no hexadecimal digit at position {}", i));
    }
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      word = word << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out.push_back(k <= left ? kBase64[word >> (18 - 6 * k) & 63] : '=');
    }
  }
  return out;
}

Result<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return Error(Code::InvalidArgument, "base64 whose length is not a multiple of 4");
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint32_t six = 0;
    if (i < text.size() - padding) {
      const auto at = kBase64.find(text[i]);
      if (at == std::string_view::npos) {
        return Error(Code::InvalidArgument, fmt::format("no base64 letter at position {}", i));
      }
      six = static_cast<std::uint32_t>(at);
    }
    word = word << 6 | six;
    if (i % 4 == 3) {
      for (int shift = 16; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(word >> shift & 255));
      word = 0;
    }
  }
  out.resize(out.size() - padding);
  if (to_base64(out) != text)
    return Error(Code::InvalidArgument, "base64 with stray bits at its end");
  return out;
}

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace winnow
