#include "tests/oidc/fake_provider.h"

#include <cstring>

#include <cjose/cjose.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace winnow::testing {
namespace {

cjose_jwk_t* raw(const std::shared_ptr<void>& jwk) { return static_cast<cjose_jwk_t*>(jwk.get()); }

std::shared_ptr<void> owned(cjose_jwk_t* jwk) {
  EXPECT_NE(jwk, nullptr);
  return {jwk, [](void* made) { cjose_jwk_release(static_cast<cjose_jwk_t*>(made)); }};
}

std::string signed_by(const cjose_jwk_t* jwk, std::string_view payload, std::string_view algorithm,
                      std::string_view key_id, const Json& fields) {
  cjose_err error{};
  cjose_header_t* const header = cjose_header_new(&error);
  cjose_header_set(header, CJOSE_HDR_ALG, std::string(algorithm).c_str(), &error);
  if (!key_id.empty()) cjose_header_set(header, CJOSE_HDR_KID, std::string(key_id).c_str(), &error);
  for (const auto& [name, value] : fields.members())
    cjose_header_set_raw(header, name.c_str(), to_text(value).c_str(), &error);
  cjose_jws_t* const jws = cjose_jws_sign(
      jwk, header, reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size(), &error);
  EXPECT_NE(jws, nullptr) << error.message;
  const char* compact = nullptr;
  cjose_jws_export(jws, &compact, &error);
  std::string token(compact);
  cjose_jws_release(jws);
  cjose_header_release(header);
  return token;
}

}  // namespace

SigningKey::SigningKey(std::string id, Kind kind) : id_(std::move(id)), kind_(kind) {
  cjose_err error{};
  jwk_ =
      kind == Kind::Ec
          ? owned(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error))
          : owned(cjose_jwk_create_RSA_random(kind == Kind::Rsa ? 2048 : 1024, nullptr, 0, &error));
  cjose_jwk_set_kid(raw(jwk_), id_.data(), id_.size(), &error);
}

Json SigningKey::jwk() const {
  cjose_err error{};
  char* const text = cjose_jwk_to_json(raw(jwk_), false, &error);
  auto json = parse_json(text).value();
  std::free(text);
  return json;
}

std::string SigningKey::sign(std::string_view payload, std::string_view algorithm,
                             const Json& fields) const {
  const std::string_view usual = kind_ == Kind::Ec ? "ES256" : "RS256";
  return signed_by(raw(jwk_), payload, algorithm.empty() ? usual : algorithm, id_, fields);
}

std::string sign_with_secret(std::string_view payload, std::string_view secret,
                             std::string_view key_id) {
  cjose_err error{};
  const auto jwk = owned(cjose_jwk_create_oct_spec(
      reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size(), &error));
  return signed_by(raw(jwk), payload, "HS256", key_id, {});
}

FakeProvider::FakeProvider() {
  server_ = http::Server::start({}, *this).value();
  issuer_ = fmt::format("http://127.0.0.1:{}", server_->port());
  says("/.well-known/openid-configuration",
       {.body = to_text(Json::object({{"issuer", issuer_},
                                      {"authorization_endpoint", issuer_ + "/authorize"},
                                      {"token_endpoint", issuer_ + "/token"},
                                      {"jwks_uri", issuer_ + "/keys"}}))});
  says("/keys", {.body = jwks()});
}

std::string FakeProvider::jwks() const {
  return to_text(Json::object({{"keys", Json::array({key.jwk(), ec_key.jwk()})}}));
}

Json FakeProvider::claims(std::string_view nonce, Timestamp now, const Json& changes) const {
  Json all = Json::object({{"iss", issuer_},
                           {"sub", "7f3a"},
                           {"aud", kClient},
                           {"exp", now.seconds() + 300},
                           {"iat", now.seconds()},
                           {"nonce", nonce},
                           {"email", "Ann@example.com"},
                           {"email_verified", true},
                           {"groups", Json::array({"staff", "soc"})}});
  for (const auto& [name, value] : changes.members()) all.set(name, value);
  Json::Object kept;
  for (const auto& member : all.members()) {
    if (!member.second.is_null()) kept.push_back(member);
  }
  return Json::object_of(std::move(kept));
}

void FakeProvider::says(const std::string& path, Says what) {
  const std::lock_guard lock(mutex_);
  says_[path] = std::move(what);
}

void FakeProvider::gives(std::string_view id_token) {
  says("/token", {.body = to_text(Json::object(
                      {{"access_token", "x"}, {"token_type", "Bearer"}, {"id_token", id_token}}))});
}

int FakeProvider::asked(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = asked_.find(path);
  return found == asked_.end() ? 0 : found->second;
}

std::string FakeProvider::last_form() const {
  const std::lock_guard lock(mutex_);
  return form_;
}
std::string FakeProvider::last_authorization() const {
  const std::lock_guard lock(mutex_);
  return authorization_;
}

void FakeProvider::handle(http::Exchange& exchange) {
  const auto& request = exchange.request();
  const std::string path(request.path);
  const std::lock_guard lock(mutex_);
  ++asked_[path];
  if (path == "/token") {
    form_ = request.body;
    authorization_ = request.field("authorization");
  }
  const auto found = says_.find(path);
  if (found == says_.end()) return exchange.response().set(404, "text/plain", "nothing");
  exchange.response().set(found->second.status, "application/json", found->second.body);
}

void FakeProvider::refuse(int status, std::string_view why, http::Response& response) {
  response.set(status, "text/plain", why);
}

}  // namespace winnow::testing
