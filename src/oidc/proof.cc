#include "oidc/proof.h"

#include "base/digest.h"
#include "base/secret.h"
#include "oidc/detail/base64url.h"

namespace winnow::oidc {
namespace {

constexpr std::size_t kSecretBytes = 32;

std::string derived(std::string_view purpose, std::string_view secret) {
  return Sha256().update("winnow oidc ").update(purpose).update(" ").update(secret).finish().hex();
}

}  // namespace

std::string new_secret() { return to_hex(random_bytes(kSecretBytes)); }

Proof proof_of(std::string_view secret) {
  Proof proof;
  proof.state = derived("state", secret);
  proof.nonce = derived("nonce", secret);
  proof.verifier = derived("verifier", secret);  // 64 letters; RFC 7636 asks for 43 to 128
  proof.challenge = to_base64url(sha256(proof.verifier).as_text());
  return proof;
}

}  // namespace winnow::oidc
