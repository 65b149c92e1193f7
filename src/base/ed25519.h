// Ed25519 signatures (RFC 8032) and the PEM forms of their keys (RFC 8410).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow {

// A value: 32 bytes. Thread-safe.
class Ed25519PublicKey {
 public:
  static constexpr std::size_t kBytes = 32;
  static Result<Ed25519PublicKey> from_raw(std::string_view bytes);  // Errors: InvalidArgument
  static Result<Ed25519PublicKey> from_pem(
      std::string_view pem);  // "PUBLIC KEY". Errors: InvalidArgument

  std::string_view raw() const { return {bytes_.data(), bytes_.size()}; }
  std::string der() const;  // SubjectPublicKeyInfo
  std::string pem() const;
  bool verifies(std::string_view message, std::string_view signature) const;  // about 0.1 ms
  auto operator<=>(const Ed25519PublicKey&) const = default;

 private:
  std::array<char, kBytes> bytes_{};
};

// Movable, never copied or printed; wiped when destroyed. Thread-safe.
class Ed25519PrivateKey {
 public:
  static Ed25519PrivateKey generate();  // from the system's randomness
  static Result<Ed25519PrivateKey> from_pem(
      std::string_view pem);  // "PRIVATE KEY", PKCS#8. Errors: InvalidArgument

  std::string pem() const;
  const Ed25519PublicKey& public_key() const { return public_key_; }
  std::string sign(std::string_view message) const;  // 64 bytes, about 40 us

 private:
  struct Free {
    void operator()(void* key) const;
  };
  Ed25519PrivateKey(std::unique_ptr<void, Free> key, Ed25519PublicKey public_key)
      : key_(std::move(key)), public_key_(public_key) {}
  std::unique_ptr<void, Free> key_;  // EVP_PKEY
  Ed25519PublicKey public_key_;
};

}  // namespace winnow
