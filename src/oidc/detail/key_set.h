// The keys that a provider signs with (RFC 7517), and what they signed (RFC 7515). cjose is seen
// nowhere else.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace winnow::oidc {

class KeySet {
 public:
  // Keys that cannot verify a signature of ours are left out: of encryption, symmetric, too short.
  // Errors: InvalidArgument.
  static Result<KeySet> of(std::string_view document);

  std::size_t size() const { return keys_.size(); }

  // The payload of `token`, a JWS in compact form, when one of the keys signed it with one of the
  // algorithms that we take: RS, PS or ES of 256 to 512 bits. Errors: InvalidArgument (what it
  // is), NotFound (no key of its name: they may have changed), Denied (not signed by it).
  Result<std::string> verified(std::string_view token) const;

 private:
  struct Key {
    std::string id;         // "kid"; empty without one
    std::string algorithm;  // "alg" that it is for; empty: any of its kind
    std::string kind;       // "RSA" or "EC"
    std::shared_ptr<void> jwk;
  };
  const Key* find(std::string_view id, std::string_view algorithm, bool& ambiguous) const;
  std::vector<Key> keys_;
};

}  // namespace winnow::oidc
