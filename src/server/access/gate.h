// Who asks, and whether they may: tokens, sessions, roles, rates.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/timestamp.h"
#include "http/request.h"
#include "http/response.h"
#include "server/access/rate_limit.h"
#include "server/access/role.h"
#include "server/access/sessions.h"
#include "server/access/tokens.h"

namespace winnow::server {

inline constexpr std::string_view kSessionCookie = "winnow_session";

// Who asks.
struct Identity {
  std::string id;    // of the token: "t-7f3a90c1d2e4", or of the provider's person: "o-..."
  std::string name;  // "ann", or "oidc:ann@example.com"
  Role role = Role::Sensor;
  std::string session;  // its secret; empty for one who comes with the token itself
  std::optional<Timestamp> expires;
  bool by_provider = false;  // an identity provider vouched for a person; no token did
};

// A session of somebody, for others to see.
struct SignedIn {
  std::string id;    // of who it is: as Identity::id
  std::string name;  // as Identity::name
  Role role = Role::Auditor;
  bool by_provider = false;
  Timestamp opened, used;
  Timestamp ends;  // unless it is used before
};

// Why a request goes no further.
struct Refusal {
  int status = 401;  // or 403, 429
  std::string_view why;
  std::string_view hint = {};
  std::chrono::seconds retry_after{0};  // of a 429
};

void write_refusal(const Refusal& refusal, http::Response& response);

// Thread-safe.
class Gate {
 public:
  struct Config {
    RateLimit::Config requests{.a_second = 2000, .burst = 4000, .known = 10'000};  // a token
    RateLimit::Config sign_ins{.a_second = 0.1, .burst = 20, .known = 10'000};     // a token
    RateLimit::Config attempts{.a_second = 0.5, .burst = 20, .known = 10'000};     // an address
    RateLimit::Config failures{.a_second = 0.2, .burst = 10, .known = 10'000};     // an address
    Sessions::Config sessions = {};
    // Whose word counts for people without a token, and under which settings; another value ends
    // the sessions of those who came by it.
    std::string provider = {};
  };
  // `clock` outlives it. Nobody has a token until it is told of some.
  Gate(const Config& config, const Clock& clock);

  // Takes the place of all that it knew; at once for all that asks from now on.
  void set_tokens(const std::vector<Token>& tokens);

  // By the token that the request carries, or else by its session; nobody for one that is not
  // valid now. Counts nothing.
  std::optional<Identity> identify(const http::Request& request);
  std::optional<Identity> identify_token(std::string_view text) const;

  // Whether the request may go on, `who` being what identify() said, or null. Counts it. One who
  // comes with a session and wants to change something must show that it was his own page that
  // asked.
  std::optional<Refusal> check(const http::Request& request, const Identity* who, RoleSet roles,
                               RateLimit::Time now);
  // Counts a token that was none, once a request.
  void note_failure(const http::Request& request, RateLimit::Time now);

  // Whether `who` may open a session, being null for a token that is none; counts failures too.
  std::optional<Refusal> check_sign_in(const http::Request& request, const Identity* who,
                                       RateLimit::Time now);
  // Whether that address may bother the identity provider once more.
  std::optional<Refusal> check_attempt(const http::Request& request, RateLimit::Time now);
  // Gives it session and expires, and tells what the disk is to keep of it.
  Sessions::Kept open_session(Identity& who);
  void close_session(const Identity& who) { sessions_.close(who.session); }
  // Who is signed in now, by name, then in the order in which they came.
  std::vector<SignedIn> signed_in() const;
  void close_sessions_of(std::string_view id) { sessions_.close_all_of(id); }

  // Goes on with the sessions of an earlier server, once it knows the tokens.
  void take_up_sessions(std::vector<Sessions::Kept> earlier);
  Sessions::Changes take_session_changes() { return sessions_.take_changes(now()); }
  void close_sessions_but(const std::vector<Digest>& known) { sessions_.close_all_but(known); }

  // Whoever has one of the roles now: by a token that is valid, or signed in by an identity
  // provider. By name, each once with the role that comes first.
  std::map<std::string, Role> people(RoleSet roles) const;

  // Whether what identify() said still holds; to ask is not to use the session.
  bool is_still(const Identity& who);

  Timestamp now() const { return clock_->now(); }

 private:
  using Table = std::unordered_map<std::string, Token>;
  std::shared_ptr<const Table> tokens() const;
  std::optional<Identity> identify_session(std::string_view secret);
  std::optional<Refusal> too_many_failures(const http::Request& request, RateLimit::Time now);

  mutable std::mutex mutex_;  // of tokens_
  std::shared_ptr<const Table> tokens_ = std::make_shared<Table>();
  Sessions sessions_;
  const std::string provider_;
  RateLimit requests_, sign_ins_, attempts_, failures_;
  const Clock* clock_;
};

}  // namespace winnow::server
