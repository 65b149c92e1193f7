#include "server/access/oidc_sign_in.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/thread.h"
#include "base/utf8.h"

namespace winnow::server {

Result<std::vector<std::pair<std::string, Role>>> oidc_roles(std::string_view text) {
  std::vector<std::pair<std::string, Role>> roles;
  while (!trim_ascii(text).empty()) {
    const auto piece = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    const auto equals = piece.rfind('=');
    const auto group = trim_ascii(piece.substr(0, equals));
    if (equals == std::string_view::npos || group.empty()) {
      return Error(Code::InvalidArgument, fmt::format("'{}' gives no role", trim_ascii(piece)))
          .with_hint("GROUP=ROLE, GROUP=ROLE, ...; the first that somebody has is his");
    }
    WINNOW_TRY(const auto role, role_named(trim_ascii(piece.substr(equals + 1))));
    if (!kPeople.contains(role))
      return Error(Code::InvalidArgument, "a sensor is a program: it sends a token");
    roles.emplace_back(group, role);
  }
  return roles;
}

std::optional<Identity> identity_of(const oidc::Person& person, const OidcOptions& options) {
  const auto has = oidc::strings_of(person.claims, options.claim);
  const auto given = std::ranges::find_if(options.roles, [&](const auto& role) {
    return std::ranges::find(has, role.first) != has.end();
  });
  if (given == options.roles.end()) return std::nullopt;
  Identity who;
  who.id = fmt::format("o-{}", sha256(person.issuer + " " + person.subject).short_hex());
  who.name = person.email.empty() ? fmt::format("oidc:sub={}", person.subject)
                                  : fmt::format("oidc:{}", ascii_lower(person.email));
  who.role = given->second;
  who.by_provider = true;
  return who;
}

Digest settings_digest(const OidcOptions& options) {
  Json roles = Json::array();
  for (const auto& [group, role] : options.roles)
    roles.push(Json::object({{"group", group}, {"role", name_of(role)}}));
  return sha256(to_text(Json::object({{"issuer", options.provider.issuer},
                                      {"client_id", options.provider.client_id},
                                      {"claim", options.claim},
                                      {"roles", std::move(roles)}})));
}

Result<std::unique_ptr<OidcSignIn>> OidcSignIn::start(OidcOptions options) {
  WINNOW_TRY(auto provider, oidc::Provider::make(options.provider));
  std::unique_ptr<OidcSignIn> sign_in(new OidcSignIn(std::move(options), std::move(provider)));
  sign_in->thread_ = start_thread("oidc", [raw = sign_in.get()] {
    while (const auto taken = raw->queue_.pop({.items = 1})) {
      for (const auto& work : *taken) work(*raw->provider_);
    }
  });
  return sign_in;
}

OidcSignIn::~OidcSignIn() { stop(); }

void OidcSignIn::stop() {
  queue_.close();
  provider_->stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace winnow::server
