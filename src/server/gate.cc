#include "server/gate.h"

#include "base/log.h"
#include "base/secret.h"
#include "base/utf8.h"

namespace winnow::server {
namespace {

// RFC 6750, section 2.1; the scheme's case does not matter (RFC 9110, section 11.1).
std::string_view bearer_of(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const auto value = request.field("authorization");
  if (value.size() <= kScheme.size() ||
      !equal_ignoring_ascii_case(value.substr(0, kScheme.size()), kScheme))
    return {};
  return trim_ascii(value.substr(kScheme.size()));
}

// One who has an IPv6 address has 2^64 of them.
std::string_view network_of(std::string_view address) {
  std::size_t at = 0;
  for (int colons = 0; at < address.size(); ++at) {
    if (address[at] == ':' && ++colons == 4) return address.substr(0, at);
  }
  return address;
}

}  // namespace

Gate::Gate(const std::vector<Token>& tokens, const Config& config, const Clock& clock)
    : requests_(config.requests), failures_(config.failures), clock_(&clock) {
  for (const auto& token : tokens) tokens_.emplace(token.id, token);
}

std::optional<Identity> Gate::identify(const http::Request& request) const {
  const auto text = bearer_of(request);
  const auto id = token_id_in(text);
  if (!id) return std::nullopt;
  const auto found = tokens_.find(*id);
  if (found == tokens_.end()) return std::nullopt;
  const auto& token = found->second;
  if (!equal_in_constant_time(sha256(text).as_text(), token.secret.as_text())) return std::nullopt;
  if (!token.is_valid_at(clock_->now())) return std::nullopt;
  return Identity{token.id, token.name, token.role};
}

void Gate::note_failure(const http::Request& request, RateLimit::Time now) {
  if (request.field("authorization").empty()) return;  // who says nothing guesses nothing
  const auto network = network_of(request.peer);
  const bool is_told = !failures_.is_spent(network, now);
  failures_.take(network, now);
  // Once spent, silence: the log does not grow with the guesses.
  if (is_told) log::warn("sign-in failed", {{"address", std::string(request.peer)}});
}

std::optional<Refusal> Gate::check(const http::Request& request, const Identity* who, RoleSet roles,
                                   RateLimit::Time now) {
  if (roles.is_empty()) return std::nullopt;
  if (who == nullptr) {
    if (!request.field("authorization").empty() &&
        failures_.is_spent(network_of(request.peer), now)) {
      return Refusal{429, "too many sign-ins from this address failed", "wait, then try again",
                     failures_.next_in()};
    }
    return Refusal{401,
                   request.field("authorization").empty()
                       ? "the request names no token"
                       : "the token is unknown, expired or revoked",
                   "send 'Authorization: Bearer wnw_...'; winnow tokens create makes one"};
  }
  if (!roles.contains(who->role)) {
    return Refusal{403, "the token's role may not do this",
                   "the API's description names the roles"};
  }
  if (!requests_.take(who->id, now)) {
    return Refusal{429, "the token is used too often", "slow down", requests_.next_in()};
  }
  return std::nullopt;
}

}  // namespace winnow::server
