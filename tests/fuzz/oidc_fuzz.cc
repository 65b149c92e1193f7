// What an identity provider says: its discovery document, its keys, its tokens. Whatever they are,
// an answer or an error; and no token is taken that its key did not sign. The first byte says
// which.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "oidc/detail/discovery.h"
#include "oidc/detail/key_set.h"
#include "oidc/id_token.h"

namespace {

using winnow::oidc::KeySet;

constexpr std::string_view kIssuer = "https://login.example";

// The public half of a key that nobody has kept the other half of.
const KeySet& lost_key() {
  static const KeySet kSet =
      KeySet::of(
          R"({"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"AaVvjqFDWAFJvSQAe-H9Vc2Fg0nlGXg64mAPNM-Lr58","y":"o3vmlztISHANxAV1Y5S8eOfJI24woaax-KSjeCp1WlE"}]})")
          .value();
  return kSet;
}

void check_discovery(std::string_view text) {
  const auto found = winnow::oidc::discovery_of(text, kIssuer, {});
  if (!found) return;
  for (const auto* url : {&found->authorization, &found->token, &found->keys}) {
    if (url->scheme() != "https" || url->host() != "login.example") std::abort();
  }
}

void check_person(std::string_view text) {
  const auto now = winnow::Timestamp::from_civil(2026, 3, 4);
  const auto person = winnow::oidc::person_of(text, {kIssuer, "winnow", "nonce"}, now);
  if (person && (person->issuer != kIssuer || person->subject.empty())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'd':
      check_discovery(text);
      break;
    case 'k':
      if (const auto keys = KeySet::of(text)) (void)keys->verified("e30.e30.e30");
      break;
    case 'p':
      check_person(text);
      break;
    default:
      if (lost_key().size() != 1 || lost_key().verified(text)) std::abort();
  }
  return 0;
}
