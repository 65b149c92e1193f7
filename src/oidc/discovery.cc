#include "oidc/detail/discovery.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"

namespace winnow::oidc {
namespace {

bool is_this_machine(const Url& url) {
  return url.host() == "localhost" || url.host() == "[::1]" ||
         (url.host_kind() == HostKind::Ipv4 && url.host().starts_with("127."));
}

bool are_at_one_place(const Url& a, const Url& b) {
  return a.scheme() == b.scheme() && a.host() == b.host() &&
         a.effective_port() == b.effective_port();
}

bool contains(const Json& list, std::string_view what) {
  return std::ranges::any_of(list.items(),
                             [&](const Json& item) { return item.as_string() == what; });
}

}  // namespace

Result<Url> trusted_url(std::string_view text) {
  auto url = Url::parse(text);
  if (!url) return url.error().with_context(fmt::format("'{}'", text.substr(0, 200)));
  const bool encrypted = url->scheme() == "https";
  const bool local = url->scheme() == "http" && is_this_machine(*url);
  if ((encrypted || local) && url->username().empty() && url->password().empty() &&
      !url->fragment())
    return url;
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is no address that can be trusted", text.substr(0, 200)))
      .with_hint("https://..., without a user name; http only on this machine");
}

Result<Url> discovery_url(std::string_view issuer) {
  WINNOW_TRY(const auto url, trusted_url(issuer));
  if (url.query()) return Error(Code::InvalidArgument, "an issuer has no query");
  const auto slash = issuer.ends_with('/') ? "" : "/";
  return Url::parse(fmt::format("{}{}.well-known/openid-configuration", issuer, slash));
}

Result<Discovery> discovery_of(std::string_view document, std::string_view issuer,
                               const std::vector<std::string>& hosts) {
  WINNOW_TRY(const auto json, parse_json(document));
  WINNOW_TRY(const auto named, json.need_string("issuer"));
  if (named != issuer) {
    return Error(Code::InvalidArgument,
                 fmt::format("the provider calls itself '{}'", named.substr(0, 200)))
        .with_hint("server.oidc.issuer is what it calls itself, letter by letter");
  }
  WINNOW_TRY(const auto home, trusted_url(issuer));
  const auto endpoint = [&](std::string_view key) -> Result<Url> {
    WINNOW_TRY(const auto text, json.need_string(key));
    WINNOW_TRY(auto url, trusted_url(text));
    const bool allowed = std::ranges::find(hosts, url.host()) != hosts.end();
    if (are_at_one_place(url, home) || (allowed && url.scheme() == "https")) return url;
    return Error(Code::InvalidArgument,
                 fmt::format("its {} is at '{}', not at the issuer's host", key, url.host()))
        .with_hint("if that is right, name the host in server.oidc.hosts");
  };
  WINNOW_TRY(auto authorization, endpoint("authorization_endpoint"));
  WINNOW_TRY(auto token, endpoint("token_endpoint"));
  WINNOW_TRY(auto keys, endpoint("jwks_uri"));
  // Absent: HTTP's Basic (Discovery 1.0, section 3).
  const auto& methods = json["token_endpoint_auth_methods_supported"];
  const bool in_form =
      contains(methods, "client_secret_post") && !contains(methods, "client_secret_basic");
  return Discovery{std::move(authorization), std::move(token), std::move(keys), in_form,
                   json["authorization_response_iss_parameter_supported"].as_bool()};
}

}  // namespace winnow::oidc
