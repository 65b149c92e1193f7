// Dead Simple Signing Envelope 1.0 (https://github.com/secure-systems-lab/dsse): bytes, their type,
// signatures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "registry/key_ring.h"

namespace winnow {

struct Envelope {
  struct Signature {
    KeyId key;
    std::string bytes;
  };
  std::string payload_type;
  std::string payload;
  std::vector<Signature> signatures;
};
inline constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";

// PAE(type, payload): what is signed.
std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

Result<Envelope> seal(std::string payload_type, std::string payload, const KeyRing& keys);
std::string to_text(const Envelope& envelope);        // canonical JSON
Result<Envelope> envelope_of(std::string_view text);  // bounded. Errors: InvalidArgument, Exhausted
// Errors: Denied (no signature by a key of the ring, or one that does not verify).
Status verify(const Envelope& envelope, const KeyRing& keys);

}  // namespace winnow
