#include "cli/detail/served_oidc.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "base/utf8.h"
#include "cli/detail/secret_file.h"

namespace winnow::cli {
namespace {

constexpr const char* kSecretVariable = "WINNOW_OIDC_CLIENT_SECRET";

Result<std::string> secret_of(const Settings& settings) {
  const auto file = settings.file("server.oidc.client_secret_file");
  if (!file) {
    const char* const secret = std::getenv(kSecretVariable);
    return std::string(secret == nullptr ? "" : secret);
  }
  WINNOW_TRY(const auto text, read_secret_file(*file, "server.oidc.client_secret_file"));
  return std::string(trim_ascii(text));
}

// "a, b"
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto piece = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    if (const auto word = trim_ascii(piece); !word.empty()) words.emplace_back(word);
  }
  return words;
}

}  // namespace

Result<std::optional<server::OidcOptions>> served_oidc(const Settings& settings) {
  server::OidcOptions options;
  auto& provider = options.provider;
  provider.issuer = settings.text("server.oidc.issuer");
  if (provider.issuer.empty()) return std::optional<server::OidcOptions>();
  for (const auto* key : {"server.oidc.client_id", "server.oidc.url", "server.oidc.roles"}) {
    if (!settings.text(key).empty()) continue;
    return Error(Code::InvalidArgument, fmt::format("server.oidc.issuer is set, {} is not", key))
        .with_hint("docs/sign-in.md tells what signing in by an identity provider needs");
  }
  provider.client_id = settings.text("server.oidc.client_id");
  WINNOW_TRY(provider.client_secret, secret_of(settings));
  std::string_view url = settings.text("server.oidc.url");
  if (url.ends_with('/')) url.remove_suffix(1);
  provider.redirect_uri = fmt::format("{}{}", url, server::kCallbackPath);
  provider.scopes = settings.text("server.oidc.scopes");
  provider.hosts = words_of(settings.text("server.oidc.hosts"));
  options.name = settings.text("server.oidc.name");
  options.claim = settings.text("server.oidc.claim");
  auto roles = server::oidc_roles(settings.text("server.oidc.roles"));
  if (!roles) return roles.error().with_context("server.oidc.roles");
  options.roles = std::move(*roles);
  return std::optional(std::move(options));
}

}  // namespace winnow::cli
