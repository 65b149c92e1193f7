// Who asks, and whether they may: tokens, roles, rates.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/timestamp.h"
#include "http/request.h"
#include "server/rate_limit.h"
#include "server/role.h"
#include "server/tokens.h"

namespace winnow::server {

// Who asks.
struct Identity {
  std::string id;    // of the token: "t-7f3a90c1d2e4"
  std::string name;  // "ann"
  Role role = Role::Sensor;
};

// Why a request goes no further.
struct Refusal {
  int status = 401;  // or 403, 429
  std::string_view why;
  std::string_view hint = {};
  std::chrono::seconds retry_after{0};  // of a 429
};

// Thread-safe: what it knows of tokens does not change.
class Gate {
 public:
  struct Config {
    RateLimit::Config requests{.a_second = 2000, .burst = 4000, .known = 10'000};  // a token
    RateLimit::Config failures{.a_second = 0.2, .burst = 10, .known = 10'000};     // an address
  };
  // `clock` outlives it.
  Gate(const std::vector<Token>& tokens, const Config& config, const Clock& clock);

  // Whose token the request carries, valid now. Pure: counts nothing.
  std::optional<Identity> identify(const http::Request& request) const;

  // Counts a sign-in that failed, once a request: before its body is read.
  void note_failure(const http::Request& request, RateLimit::Time now);

  // Whether the request may go on, `who` being what identify() said, or null. Counts it.
  std::optional<Refusal> check(const http::Request& request, const Identity* who, RoleSet roles,
                               RateLimit::Time now);

 private:
  std::unordered_map<std::string, Token> tokens_;
  RateLimit requests_, failures_;
  const Clock* clock_;
};

}  // namespace winnow::server
