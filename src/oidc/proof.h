// What shows that a sign-in ends in the browser in which it began. Everything follows from one
// secret, which that browser keeps in a cookie: the state of the request (RFC 6749, section 10.12),
// the nonce of the ID token (OpenID Connect Core, 3.1.2.1), the verifier of PKCE (RFC 7636).
#pragma once

#include <string>
#include <string_view>

namespace winnow::oidc {

struct Proof {
  std::string state, nonce;
  std::string verifier;   // told only to the token endpoint
  std::string challenge;  // told beforehand: base64url(SHA-256(verifier))
};

std::string new_secret();                 // 256 random bits, as 64 hexadecimal digits
Proof proof_of(std::string_view secret);  // one tells nothing of another, nor of the secret

}  // namespace winnow::oidc
