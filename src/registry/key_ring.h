// The Ed25519 keys that sign for a workspace, each endorsed by the one before it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ed25519.h"
#include "base/file.h"
#include "base/id.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "store/access.h"

namespace winnow {

using KeyId = Id<struct KeyTag>;  // hexadecimal SHA-256 of the key's SubjectPublicKeyInfo
KeyId id_of(const Ed25519PublicKey& key);

// Signing and verifying are thread-safe; rotate() is not.
class KeyRing {
 public:
  struct Key {
    KeyId id;
    Ed25519PublicKey public_key;
    Timestamp created;
    std::optional<Timestamp> retired;
    std::string endorsement;  // by the key before it, over endorsed_text(); empty for the first
  };

  // Makes `folder` with a first key. Errors: AlreadyExists, Denied, Unavailable.
  static Result<KeyRing> create(const Path& folder, const Clock& clock);
  // Checks every endorsement; for ReadWrite also the private key and its mode 0600.
  // Errors: NotFound, Corrupt, Denied (others may read the private key), Unavailable.
  static Result<KeyRing> open(const Path& folder, Access access);

  const std::vector<Key>& keys() const { return keys_; }  // oldest first
  const Key& current() const { return keys_.back(); }
  const Key* find(const KeyId& id) const;

  Result<std::string> sign(
      std::string_view message) const;  // Errors: Denied (opened to be read only)
  // Errors: Denied (unknown key, or the signature is not its own over `message`).
  Status verify(const KeyId& id, std::string_view message, std::string_view signature) const;

  // A new key takes over; the old private key is deleted, its signatures keep verifying. A crash
  // leaves the old ring or the new one. Errors: Denied, Exhausted, Unavailable.
  Status rotate(const Clock& clock);

 private:
  KeyRing(Path folder, std::vector<Key> keys, std::optional<Ed25519PrivateKey> private_key)
      : folder_(std::move(folder)), keys_(std::move(keys)), private_key_(std::move(private_key)) {}
  Path folder_;
  std::vector<Key> keys_;
  std::optional<Ed25519PrivateKey> private_key_;
};

// What the old key signs when `key` takes over.
std::string endorsed_text(const KeyRing::Key& key, const KeyId& endorser);

}  // namespace winnow
