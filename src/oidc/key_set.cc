#include "oidc/detail/key_set.h"

#include <algorithm>
#include <array>

#include <cjose/cjose.h>
#include <fmt/format.h>

#include "oidc/detail/base64url.h"

namespace winnow::oidc {
namespace {

constexpr std::size_t kMaxKeys = 64, kMinRsaBytes = 2048 / 8, kMaxRsaBytes = 8192 / 8;
constexpr std::size_t kMaxToken = 64UL << 10;

struct Algorithm {
  std::string_view name, kind;
};
// RFC 8725, section 3.1: ours to choose, whatever the token says. Neither "none", nor HS256, whose
// key could be somebody's public one.
constexpr std::array kAlgorithms = {
    Algorithm{"RS256", "RSA"}, Algorithm{"RS384", "RSA"}, Algorithm{"RS512", "RSA"},
    Algorithm{"PS256", "RSA"}, Algorithm{"PS384", "RSA"}, Algorithm{"PS512", "RSA"},
    Algorithm{"ES256", "EC"},  Algorithm{"ES384", "EC"},  Algorithm{"ES512", "EC"}};

std::string_view kind_for(std::string_view algorithm) {
  const auto* const found = std::ranges::find(kAlgorithms, algorithm, &Algorithm::name);
  return found == kAlgorithms.end() ? std::string_view() : found->kind;
}

struct FreeJws {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};

Error not_taken(std::string why) { return Error(Code::InvalidArgument, std::move(why)); }

// How many bytes a member holds; 0 for what is no base64url.
std::size_t bytes_in(const Json& json, std::string_view member) {
  const auto bytes = from_base64url(json[member].as_string());
  return bytes ? bytes->size() : 0;
}

std::size_t curve_bytes(std::string_view curve) {
  return curve == "P-256" ? 32 : curve == "P-384" ? 48 : curve == "P-521" ? 66 : 0;
}

// Only what makes the public key, and only when it is well-formed: cjose ends the process (assert)
// on much that is not. Null for a key that we cannot use.
Json essence_of(const Json& json) {
  const auto& kind = json["kty"].as_string();
  if (kind == "RSA") {
    const auto modulus = bytes_in(json, "n"), exponent = bytes_in(json, "e");
    if (modulus < kMinRsaBytes || modulus > kMaxRsaBytes || exponent == 0 || exponent > 8)
      return {};
    return Json::object({{"kty", kind}, {"n", json["n"]}, {"e", json["e"]}});
  }
  const auto size = curve_bytes(json["crv"].as_string());
  if (kind != "EC" || size == 0 || bytes_in(json, "x") != size || bytes_in(json, "y") != size)
    return {};
  return Json::object({{"kty", kind}, {"crv", json["crv"]}, {"x", json["x"]}, {"y", json["y"]}});
}

// Of a key that may verify; null otherwise.
std::shared_ptr<void> jwk_of(const Json& json) {
  const auto& use = json["use"];
  const auto essence = essence_of(json);
  if ((!use.is_null() && use.as_string() != "sig") || essence.is_null()) return nullptr;
  const auto text = to_text(essence);
  cjose_err error{};
  return {cjose_jwk_import(text.data(), text.size(), &error), [](void* made) {
            if (made != nullptr) cjose_jwk_release(static_cast<cjose_jwk_t*>(made));
          }};
}

// Three parts, each well-formed: likewise.
bool is_compact_jws(std::string_view token) {
  if (std::ranges::count(token, '.') != 2) return false;
  for (int part = 0; part < 3; ++part) {
    const auto text = token.substr(0, token.find('.'));
    token.remove_prefix(std::min(token.size(), text.size() + 1));
    if (text.empty() || !from_base64url(text)) return false;
  }
  return true;
}

}  // namespace

Result<KeySet> KeySet::of(std::string_view document) {
  WINNOW_TRY(const auto json, parse_json(document));
  WINNOW_TRY(const auto* const keys, json.need_array("keys"));
  if (keys->size() > kMaxKeys) return not_taken(fmt::format("more than {} keys", kMaxKeys));
  KeySet set;
  for (const auto& key : keys->items()) {
    if (auto jwk = jwk_of(key)) {
      set.keys_.push_back(
          {key["kid"].as_string(), key["alg"].as_string(), key["kty"].as_string(), std::move(jwk)});
    }
  }
  return set;
}

const KeySet::Key* KeySet::find(std::string_view id, std::string_view algorithm,
                                bool& ambiguous) const {
  const Key* found = nullptr;
  for (const auto& key : keys_) {
    const bool fits = key.kind == kind_for(algorithm) &&
                      (key.algorithm.empty() || key.algorithm == algorithm) &&
                      (id.empty() || key.id == id);
    if (!fits) continue;
    ambiguous = found != nullptr;
    if (found == nullptr) found = &key;
  }
  return found;
}

Result<std::string> KeySet::verified(std::string_view token) const {
  if (token.size() > kMaxToken) return not_taken("the token is too large");
  if (!is_compact_jws(token)) return not_taken("the token is no JWS in compact form");
  WINNOW_TRY(const auto header_text, from_base64url(token.substr(0, token.find('.'))));
  WINNOW_TRY(const auto header, parse_json(header_text));
  const auto& algorithm = header["alg"].as_string();
  if (kind_for(algorithm).empty())
    return not_taken(fmt::format("the token is signed by '{}'", algorithm.substr(0, 20)));
  // RFC 7515, section 4.1.11: what we do not understand must not be passed over.
  if (header.find("crit") != nullptr) return not_taken("the token asks for extensions");
  bool ambiguous = false;
  const auto* const key = find(header["kid"].as_string(), algorithm, ambiguous);
  if (key == nullptr) return Error(Code::NotFound, "the provider has no such key");
  if (ambiguous) return not_taken("the token does not say which key signed it");
  cjose_err error{};
  const std::unique_ptr<cjose_jws_t, FreeJws> jws(
      cjose_jws_import(token.data(), token.size(), &error));
  if (!jws) return not_taken("the token is no JWS");
  if (!cjose_jws_verify(jws.get(), static_cast<cjose_jwk_t*>(key->jwk.get()), &error))
    return Error(Code::Denied, "the token is not signed by the provider's key");
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &bytes, &size, &error))
    return not_taken("the token holds nothing");
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

}  // namespace winnow::oidc
