// Signing in by an identity provider (oidc/): who of its people may do what here, and the one
// thread that waits for its answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "oidc/provider.h"
#include "server/access/gate.h"
#include "server/access/role.h"
#include "server/access/sign_in_attempts.h"
#include "server/threads/work_queue.h"

namespace winnow::server {

inline constexpr std::string_view kCallbackPath = "/v1/sign-in/oidc/callback";

struct OidcOptions {
  oidc::ProviderOptions provider = {};
  std::string name = "your organisation";  // on the button
  std::string claim = "groups";            // of the ID token: what its people are
  // What of the claim gives which role; the first that somebody has is his. Nobody has another.
  std::vector<std::pair<std::string, Role>> roles = {};
};

// "soc-team = analyst, soc-leads = senior". Errors: InvalidArgument (also the role of sensors, who
// are no people).
Result<std::vector<std::pair<std::string, Role>>> oidc_roles(std::string_view text);

// Who that person is here; nothing for one who has no role. The name tells where it comes from, and
// is none that a token can have: "oidc:ann@example.com", or with the provider's own name for
// somebody without a verified address, "oidc:sub=7f3a".
std::optional<Identity> identity_of(const oidc::Person& person, const OidcOptions& options);

// Of all that decides who somebody is: what was granted under other settings is granted no more.
Digest settings_digest(const OidcOptions& options);

class OidcSignIn {
 public:
  using Work = std::function<void(oidc::Provider& provider)>;

  // Asks the provider nothing yet. Errors: InvalidArgument (an address that cannot be one).
  static Result<std::unique_ptr<OidcSignIn>> start(OidcOptions options);
  ~OidcSignIn();  // as stop()

  const OidcOptions& options() const { return options_; }
  SignInAttempts& attempts() { return attempts_; }
  // Any thread; `work` runs soon on its own. False: too much waits already.
  bool offer(Work work) { return queue_.push(work, 1); }
  void stop();  // what waits for the provider fails

 private:
  OidcSignIn(OidcOptions options, std::unique_ptr<oidc::Provider> provider)
      : options_(std::move(options)), provider_(std::move(provider)) {}
  const OidcOptions options_;
  SignInAttempts attempts_;
  std::unique_ptr<oidc::Provider> provider_;
  WorkQueue<Work> queue_{{.items = 64}};
  std::thread thread_;
};

}  // namespace winnow::server
