// The front door: an identity provider whom we send people to, and whom we ask who they are
// (OpenID Connect Core 1.0, authorization code flow with PKCE; RFC 9700).
//
//   proof.h     that a sign-in ends where it began
//   id_token.h  who signed in
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "oidc/id_token.h"
#include "oidc/proof.h"

namespace winnow::oidc {

struct ProviderOptions {
  std::string issuer = {};  // as it calls itself: "https://login.example/realms/soc"
  std::string client_id = {}, client_secret = {};  // an empty secret: a public client
  std::string redirect_uri = {};                   // where it sends people back to
  std::string scopes = "openid email profile";
  std::vector<std::string> hosts = {};         // besides the issuer's, where its endpoints may be
  std::chrono::milliseconds patience{10'000};  // with each of its answers
};

// What came back with the browser.
struct Answer {
  std::string code, issuer;  // the issuer may be empty (RFC 9207)
};

// Waits for the provider: not for threads that must not. One thread at a time, but for stop().
class Provider {
 public:
  // Asks nobody yet. Errors: InvalidArgument (the issuer, or the way back, is no usable address).
  static Result<std::unique_ptr<Provider>> make(ProviderOptions options);
  ~Provider();

  // Where to send a browser. Errors: Unavailable, Exhausted, InvalidArgument (what the provider
  // says of itself).
  Result<std::string> sign_in_url(const Proof& proof, Timestamp now);
  // Who came back. Errors: likewise, and Denied (the provider takes the code for none, the token
  // is not signed by it).
  Result<Person> redeem(const Answer& answer, const Proof& proof, Timestamp now);

  void stop();  // any thread: what is under way fails soon

 private:
  struct State;
  explicit Provider(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow::oidc
