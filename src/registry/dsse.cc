#include "registry/dsse.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxSignatures = 64;

}  // namespace

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(),
                     payload);
}

Result<Envelope> seal(std::string payload_type, std::string payload, const KeyRing& keys) {
  WINNOW_TRY(auto signature, keys.sign(pre_authentication_encoding(payload_type, payload)));
  return Envelope{
      std::move(payload_type), std::move(payload), {{keys.current().id, std::move(signature)}}};
}

std::string to_text(const Envelope& envelope) {
  std::vector<Json> signatures;
  for (const auto& [key, bytes] : envelope.signatures) {
    signatures.push_back(Json::object({{"keyid", key.text()}, {"sig", to_base64(bytes)}}));
  }
  return to_text(Json::object({{"payload", to_base64(envelope.payload)},
                               {"payloadType", envelope.payload_type},
                               {"signatures", Json::array(std::move(signatures))}}));
}

Result<Envelope> envelope_of(std::string_view text) {
  WINNOW_TRY(const auto json, parse_json(text));
  Envelope envelope;
  WINNOW_TRY(envelope.payload_type, json.need_string("payloadType"));
  WINNOW_TRY(const auto payload, json.need_string("payload"));
  WINNOW_TRY(envelope.payload, from_base64(payload));
  WINNOW_TRY(const Json* signatures, json.need_array("signatures"));
  if (signatures->size() > kMaxSignatures)
    return Error(Code::Exhausted, "the envelope has too many signatures");
  for (const auto& item : signatures->items()) {
    WINNOW_TRY(const auto key, item.need_string("keyid"));
    WINNOW_TRY(const auto encoded, item.need_string("sig"));
    WINNOW_TRY(auto bytes, from_base64(encoded));
    envelope.signatures.push_back({KeyId(key), std::move(bytes)});
  }
  return envelope;
}

Status verify(const Envelope& envelope, const KeyRing& keys) {
  const auto message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  bool signed_by_us = false;
  for (const auto& [key, bytes] : envelope.signatures) {
    if (keys.find(key) == nullptr) continue;  // somebody else's signature says nothing to us
    WINNOW_TRY(keys.verify(key, message, bytes));
    signed_by_us = true;
  }
  if (!signed_by_us)
    return Error(Code::Denied, "the envelope is not signed by a key of this workspace");
  return {};
}

}  // namespace winnow
