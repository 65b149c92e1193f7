// Every way in which an ID token can be wrong, and the few in which it is right.
#include "oidc/id_token.h"

#include <algorithm>

#include <fmt/format.h>

#include "oidc/detail/base64url.h"
#include "oidc/detail/key_set.h"
#include "tests/oidc/fake_provider.h"
#include "tests/support/support.h"

namespace winnow::oidc {
namespace {

using testing::code_of;
using testing::FakeProvider;
using testing::SigningKey;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 9);
constexpr std::string_view kNonce = "the nonce of this sign-in";

// Keys take long to make: one provider for all.
FakeProvider& provider() {
  static FakeProvider one;
  return one;
}

Result<Person> person_in(std::string_view token) {
  WINNOW_TRY(const auto keys, KeySet::of(provider().jwks()));
  WINNOW_TRY(const auto payload, keys.verified(token));
  return person_of(payload, {provider().issuer(), FakeProvider::kClient, kNonce}, kNow);
}

std::string payload(const Json& changes = {}) {
  return to_text(provider().claims(kNonce, kNow, changes));
}

TEST(IdToken, SaysWhoSignedIn) {
  for (const auto& token :
       {provider().key.sign(payload()), provider().key.sign(payload(), "PS256"),
        provider().key.sign(payload(), "RS512"), provider().ec_key.sign(payload())}) {
    const auto person = person_in(token);
    ASSERT_OK(person);
    EXPECT_EQ(person->subject, "7f3a");
    EXPECT_EQ(person->email, "Ann@example.com");
    EXPECT_EQ(strings_of(person->claims, "groups"), (std::vector<std::string>{"staff", "soc"}));
  }
}

struct Claims {
  const char* name;
  const char* changes;  // JSON; a number behind @ is seconds after kNow
  const char* refused;  // in the error's text; empty: taken
};
class IdTokenClaims : public ::testing::TestWithParam<Claims> {};

TEST_P(IdTokenClaims, AreChecked) {
  std::string text = GetParam().changes;
  for (auto at = text.find('@'); at != std::string::npos; at = text.find('@')) {
    const auto end = text.find_first_of(",}", at);
    const auto after = std::stoll(text.substr(at + 1, end - at - 1));
    text.replace(at, end - at, std::to_string(kNow.seconds() + after));
  }
  const auto person = person_in(provider().key.sign(payload(parse_json(text).value())));
  if (*GetParam().refused == 0) {
    ASSERT_OK(person);
    return;
  }
  ASSERT_EQ(code_of(person), Code::InvalidArgument);
  EXPECT_NE(person.error().text().find(GetParam().refused), std::string::npos) << person.error();
}

INSTANTIATE_TEST_SUITE_P(
    Each, IdTokenClaims,
    ::testing::Values(
        Claims{"OtherIssuer", R"({"iss":"https://evil.example"})", "another issuer"},
        Claims{"IssuerWithSlash", R"({"iss":"http://127.0.0.1/"})", "another issuer"},
        Claims{"NoIssuer", R"({"iss":null})", "another issuer"},
        Claims{"OtherAudience", R"({"aud":"other"})", "somebody else"},
        Claims{"NoAudience", R"({"aud":null})", "somebody else"},
        Claims{"AudienceIsNoText", R"({"aud":{"winnow":1}})", "somebody else"},
        Claims{"OneOfSeveral", R"({"aud":["winnow","other"]})", "does not say who asked"},
        Claims{"OneOfSeveralWhoAsked", R"({"aud":["other","winnow"],"azp":"winnow"})", ""},
        Claims{"OtherParty", R"({"azp":"other"})", "somebody else asked"},
        Claims{"ListOfOne", R"({"aud":["winnow"]})", ""},
        Claims{"Expired", R"({"exp":@-61})", "expired"},
        Claims{"ExpiredWithinTheSkew", R"({"exp":@-59})", ""},
        Claims{"NoEnd", R"({"exp":null})", "exp"}, Claims{"EndIsText", R"({"exp":"never"})", "exp"},
        Claims{"EndIsNegative", R"({"exp":-1})", "no time"},
        Claims{"EndIsTooLate", R"({"exp":1e300})", "no time"},
        Claims{"FromTheFuture", R"({"iat":@61})", "future"},
        Claims{"NoBeginning", R"({"iat":null})", "iat"},
        Claims{"NotYet", R"({"nbf":@61})", "not valid yet"}, Claims{"Already", R"({"nbf":@0})", ""},
        Claims{"OtherNonce", R"({"nonce":"the nonce of another one"})", "another sign-in"},
        Claims{"NoNonce", R"({"nonce":null})", "another sign-in"},
        Claims{"NonceIsNoText", R"({"nonce":7})", "another sign-in"},
        Claims{"NoSubject", R"({"sub":null})", "names nobody"},
        Claims{"EmptySubject", R"({"sub":""})", "names nobody"},
        Claims{"SubjectWithLines", R"({"sub":"a\nb"})", "names nobody"}),
    [](const auto& claims) { return std::string(claims.param.name); });

TEST(IdToken, AnAddressThatNobodyVerifiedIsNone) {
  for (const auto* changes :
       {R"({"email_verified":false})", R"({"email_verified":null})", R"({"email_verified":"true"})",
        R"({"email":"ann"})", R"({"email":"a b@example.com"})", R"({"email":null})"}) {
    const auto person = person_in(provider().key.sign(payload(parse_json(changes).value())));
    ASSERT_OK(person);
    EXPECT_EQ(person->email, "") << changes;
  }
}

std::string with_header(std::string_view token, std::string_view header) {
  return to_base64url(header) + std::string(token.substr(token.find('.')));
}

TEST(IdTokenSignature, NobodyElseCanMakeIt) {
  const auto good = provider().key.sign(payload());
  const auto first = good.find('.'), second = good.rfind('.');
  const SigningKey other("k1"), other_ec("k2", SigningKey::Kind::Ec);
  const auto modulus = provider().key.jwk()["n"].as_string();
  const auto everything = to_text(provider().key.jwk());
  const std::pair<const char*, std::string> tokens[] = {
      {"none, without a signature",
       to_base64url(R"({"alg":"none"})") + "." + to_base64url(payload()) + "."},
      {"none, with another case", with_header(good, R"({"alg":"nOnE","kid":"k1"})")},
      {"none, with a signature", with_header(good, R"({"alg":"none","kid":"k1"})")},
      {"no algorithm", with_header(good, R"({"kid":"k1"})")},
      {"HS256 of the public key", testing::sign_with_secret(payload(), everything, "k1")},
      {"HS256 of its modulus",
       testing::sign_with_secret(payload(), from_base64url(modulus).value(), "k1")},
      {"HS256 of the client's secret",
       testing::sign_with_secret(payload(), FakeProvider::kSecret, "k1")},
      {"another key of that name", other.sign(payload())},
      {"another curve point of that name", other_ec.sign(payload())},
      {"an algorithm of the other kind", with_header(good, R"({"alg":"ES256","kid":"k2"})")},
      {"another algorithm of that key", with_header(good, R"({"alg":"RS512","kid":"k1"})")},
      {"another payload", good.substr(0, first + 1) +
                              to_base64url(payload(parse_json(R"({"sub":"root"})").value())) +
                              good.substr(second)},
      {"no signature", good.substr(0, second + 1)},
      {"half a signature", good.substr(0, good.size() - 20)},
      {"two parts", good.substr(0, second)},
      {"four parts", good + ".x"},
      {"five parts", good + ".x.y"},
      {"extensions", provider().key.sign(payload(), "", parse_json(R"({"crit":["exp"]})").value())},
      {"nothing", ""},
      {"rubbish", "x.y.z"},
      {"too much", good + std::string(70'000, 'A')},
      {"a key of its own",
       provider().key.sign(payload()).replace(
           0, first,
           to_base64url(fmt::format(R"({{"alg":"RS256","jwk":{}}})", to_text(other.jwk()))))}};
  for (const auto& [name, token] : tokens) EXPECT_FALSE(person_in(token)) << name;
  EXPECT_OK(person_in(good));
}

TEST(IdTokenSignature, NoFlippedLetterGoesUnseen) {
  const auto good = provider().key.sign(payload());
  testing::for_each_seed(200, [&](Rng& rng) {
    auto changed = good;
    auto& letter = changed[rng.below(changed.size())];
    letter = letter == 'A' ? 'B' : 'A';
    EXPECT_EQ(person_in(changed).has_value(), changed == good);
  });
}

TEST(KeySetTest, LeavesOutWhatCannotVerify) {
  const SigningKey weak("weak", SigningKey::Kind::ShortRsa), rsa("a");
  auto for_encryption = rsa.jwk();
  for_encryption.set("use", "enc");
  auto for_one = rsa.jwk();
  for_one.set("alg", "PS256");
  const auto keys = KeySet::of(to_text(Json::object(
      {{"keys", Json::array({weak.jwk(), for_encryption, for_one,
                             parse_json(R"({"kty":"oct","k":"AAAA","kid":"a"})").value(),
                             parse_json(R"({"kty":"RSA","n":"!","e":"AQAB"})").value(),
                             parse_json(R"("x")").value(), Json(7)})}})));
  ASSERT_OK(keys);
  EXPECT_EQ(keys->size(), 1U);
  EXPECT_OK(keys->verified(rsa.sign("{}", "PS256")));
  EXPECT_EQ(code_of(keys->verified(rsa.sign("{}", "RS256"))), Code::NotFound);
  for (const auto* wrong : {"", "[]", "{}", R"({"keys":7})", R"({"keys":{}})"})
    EXPECT_EQ(code_of(KeySet::of(wrong)), Code::InvalidArgument) << wrong;
}

TEST(KeySetTest, ATokenThatNamesNoKeyIsTakenWhereThereIsOne) {
  const SigningKey one(""), other("");
  const auto of = [](const std::vector<Json>& keys) {
    return KeySet::of(to_text(Json::object({{"keys", Json::array(keys)}}))).value();
  };
  EXPECT_OK(of({one.jwk()}).verified(one.sign("{}")));
  EXPECT_EQ(code_of(of({one.jwk(), other.jwk()}).verified(one.sign("{}"))), Code::InvalidArgument);
}

TEST(ClaimStrings, AreFoundWhereProvidersPutThem) {
  const auto claims = parse_json(
                          R"({"groups":["a","b",7],"role":"c","realm_access":{"roles":["d"]},
                              "https://x.example/roles":["e"],"n":7})")
                          .value();
  using Strings = std::vector<std::string>;
  EXPECT_EQ(strings_of(claims, "groups"), (Strings{"a", "b"}));
  EXPECT_EQ(strings_of(claims, "role"), Strings{"c"});
  EXPECT_EQ(strings_of(claims, "realm_access.roles"), Strings{"d"});
  EXPECT_EQ(strings_of(claims, "https://x.example/roles"), Strings{"e"});
  for (const auto* none : {"n", "nobody", "role.x", "realm_access", "", "."})
    EXPECT_EQ(strings_of(claims, none), Strings{}) << none;
}

}  // namespace
}  // namespace winnow::oidc
