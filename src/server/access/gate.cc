#include "server/access/gate.h"

#include <algorithm>

#include "base/secret.h"
#include "base/utf8.h"
#include "server/access/cookie.h"
#include "server/problem.h"

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

std::string_view session_of(const http::Request& request) {
  return cookie_of(request, kSessionCookie);
}

bool changes_something(http::Method method) {
  return method != http::Method::Get && method != http::Method::Head;
}

// One who has an IPv6 address has 2^64 of them.
std::string_view network_of(std::string_view address) {
  std::size_t at = 0;
  for (int colons = 0; at < address.size(); ++at) {
    if (address[at] == ':' && ++colons == 4) return address.substr(0, at);
  }
  return address;
}

Identity identity_of(const Token& token) {
  return {token.id, token.name, token.role, {}, token.expires, false};
}

}  // namespace

void write_refusal(const Refusal& refusal, http::Response& response) {
  if (refusal.status == 429)
    return write_busy(refusal.retry_after, refusal.why, refusal.hint, response);
  write_problem(refusal.status, refusal.why, refusal.hint, response);
}

Gate::Gate(const Config& config, const Clock& clock)
    : sessions_(config.sessions),
      provider_(config.provider),
      requests_(config.requests),
      sign_ins_(config.sign_ins),
      attempts_(config.attempts),
      failures_(config.failures),
      clock_(&clock) {}

void Gate::set_tokens(const std::vector<Token>& tokens) {
  auto table = std::make_shared<Table>();
  for (const auto& token : tokens) table->emplace(token.id, token);
  const std::lock_guard lock(mutex_);
  tokens_ = std::move(table);
}

std::shared_ptr<const Gate::Table> Gate::tokens() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

std::optional<Identity> Gate::identify(const http::Request& request) {
  if (!request.field("authorization").empty()) return identify_token(bearer_of(request));
  const auto secret = session_of(request);
  return secret.empty() ? std::nullopt : identify_session(secret);
}

std::optional<Identity> Gate::identify_token(std::string_view text) const {
  const auto id = token_id_in(text);
  if (!id) return std::nullopt;
  const auto known = tokens();
  const auto found = known->find(*id);
  if (found == known->end()) return std::nullopt;
  const auto& token = found->second;
  if (!equal_in_constant_time(sha256(text).as_text(), token.secret.as_text())) return std::nullopt;
  if (!token.is_valid_at(now())) return std::nullopt;
  return identity_of(token);
}

std::optional<Identity> Gate::identify_session(std::string_view secret) {
  const auto session = sessions_.find(secret, now());
  if (!session) return std::nullopt;
  const auto& owner = session->owner;
  if (!owner.name.empty())
    return Identity{owner.id, owner.name, owner.role, std::string(secret), session->expires, true};
  const auto known = tokens();
  const auto found = known->find(owner.id);
  if (found == known->end() || !found->second.is_valid_at(now())) {
    sessions_.close(secret);
    return std::nullopt;
  }
  auto who = identity_of(found->second);
  who.session = secret;
  who.expires = who.expires ? std::min(*who.expires, session->expires) : session->expires;
  return who;
}

bool Gate::is_still(const Identity& who) {
  if (who.by_provider) return sessions_.is_open(who.session, now());
  const auto known = tokens();
  const auto found = known->find(who.id);
  if (found == known->end() || !found->second.is_valid_at(now())) return false;
  return who.session.empty() || sessions_.is_open(who.session, now());
}

void Gate::note_failure(const http::Request& request, RateLimit::Time now) {
  failures_.take(network_of(request.peer), now);
}

std::optional<Refusal> Gate::too_many_failures(const http::Request& request, RateLimit::Time now) {
  if (!failures_.is_spent(network_of(request.peer), now)) return std::nullopt;
  return Refusal{429, "too many sign-ins from this address failed", "wait, then try again",
                 failures_.next_in()};
}

std::optional<Refusal> Gate::check(const http::Request& request, const Identity* who, RoleSet roles,
                                   RateLimit::Time now) {
  if (roles.is_empty()) return std::nullopt;
  if (who == nullptr) {
    const bool has_token = !request.field("authorization").empty();
    if (has_token) {
      if (const auto refusal = too_many_failures(request, now)) return refusal;
    }
    return Refusal{401,
                   has_token                     ? "the token is unknown, expired or revoked"
                   : session_of(request).empty() ? "the request names no token"
                                                 : "the session has ended",
                   "send 'Authorization: Bearer wnw_...'; winnow tokens create makes one"};
  }
  if (!who->session.empty() && changes_something(request.method) &&
      !equal_in_constant_time(request.field("x-winnow-csrf"), csrf_of(who->session))) {
    return Refusal{403, "the request does not show that its own page asked",
                   "send X-Winnow-CSRF with what GET /v1/me says"};
  }
  if (!roles.contains(who->role)) {
    return Refusal{403, "the token's role may not do this",
                   "the API's description names the roles"};
  }
  if (!requests_.take(who->id, now))
    return Refusal{429, "the token is used too often", "slow down", requests_.next_in()};
  return std::nullopt;
}

std::optional<Refusal> Gate::check_sign_in(const http::Request& request, const Identity* who,
                                           RateLimit::Time now) {
  if (who == nullptr) {
    if (const auto refusal = too_many_failures(request, now)) return refusal;
    note_failure(request, now);
    return Refusal{401, "the token is unknown, expired or revoked",
                   "winnow tokens create makes one"};
  }
  if (!kPeople.contains(who->role))
    return Refusal{403, "a sensor's token opens no session",
                   "people sign in; programs send tokens"};
  if (!sign_ins_.take(who->id, now))
    return Refusal{429, "the token signs in too often", "slow down", sign_ins_.next_in()};
  return std::nullopt;
}

std::optional<Refusal> Gate::check_attempt(const http::Request& request, RateLimit::Time now) {
  if (attempts_.take(network_of(request.peer), now)) return std::nullopt;
  return Refusal{429, "too many sign-ins from this address", "wait, then try again",
                 attempts_.next_in()};
}

Sessions::Kept Gate::open_session(Identity& who) {
  auto opened = sessions_.open({.id = who.id,
                                .name = who.by_provider ? who.name : std::string(),
                                .role = who.role,
                                .provider = who.by_provider ? provider_ : std::string()},
                               now());
  const auto expires = sessions_.end_of(opened.kept);
  who.session = std::move(opened.secret);
  who.expires = who.expires ? std::min(*who.expires, expires) : expires;
  return std::move(opened.kept);
}

// A token that is not valid now may be valid again for a clock that is set back: its sessions are
// not. The same holds for people of a provider that was asked under other settings.
void Gate::take_up_sessions(std::vector<Sessions::Kept> earlier) {
  const auto known = tokens();
  for (auto& kept : earlier) {
    const auto& owner = kept.owner;
    const auto token = known->find(owner.id);
    const bool holds = owner.name.empty()
                           ? token != known->end() && token->second.is_valid_at(now())
                           : !provider_.empty() && owner.provider == provider_;
    if (!holds) kept.used = kept.opened = Timestamp();  // long over
  }
  sessions_.take_up(std::move(earlier), now());
}

std::map<std::string, Role> Gate::people(RoleSet roles) const {
  std::map<std::string, Role> found;
  const auto add = [&](const std::string& name, Role role) {
    if (!roles.contains(role)) return;
    const auto [at, is_new] = found.emplace(name, role);
    if (!is_new) at->second = std::min(at->second, role);
  };
  for (const auto& [id, token] : *tokens()) {
    if (token.is_valid_at(now())) add(token.name, token.role);
  }
  for (const auto& one : signed_in()) {
    if (one.by_provider) add(one.name, one.role);
  }
  return found;
}

std::vector<SignedIn> Gate::signed_in() const {
  const auto known = tokens();
  std::vector<SignedIn> found;
  for (const auto& kept : sessions_.open_ones(now())) {
    const auto& owner = kept.owner;
    SignedIn one{owner.id,
                 owner.name,
                 owner.role,
                 !owner.name.empty(),
                 kept.opened,
                 kept.used,
                 sessions_.end_of(kept)};
    if (one.by_provider) {
      if (owner.provider != provider_) continue;
    } else {
      const auto token = known->find(owner.id);
      if (token == known->end() || !token->second.is_valid_at(now())) continue;
      one.name = token->second.name;
      one.role = token->second.role;
      one.ends = std::min(one.ends, token->second.expires.value_or(one.ends));
    }
    found.push_back(std::move(one));
  }
  std::ranges::sort(found, {},
                    [](const SignedIn& one) { return std::pair(one.name, one.opened.micros()); });
  return found;
}

}  // namespace winnow::server
