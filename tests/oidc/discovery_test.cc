#include "oidc/detail/discovery.h"

#include "base/json.h"
#include "tests/support/support.h"

namespace winnow::oidc {
namespace {

using testing::code_of;

constexpr std::string_view kIssuer = "https://login.example/realms/soc";

struct Address {
  const char* text;
  bool trusted;
};
class TrustedUrl : public ::testing::TestWithParam<Address> {};
TEST_P(TrustedUrl, IsEncryptedOrOfThisMachine) {
  EXPECT_EQ(trusted_url(GetParam().text).has_value(), GetParam().trusted) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    Each, TrustedUrl,
    ::testing::Values(Address{"https://login.example/x", true},
                      Address{"http://127.0.0.1:9/", true}, Address{"http://localhost:9/", true},
                      Address{"http://[::1]:9/", true}, Address{"http://login.example/", false},
                      Address{"http://127.0.0.1.evil.example/", false},
                      Address{"https://user@login.example/", false},
                      Address{"https://a:b@login.example/", false},
                      Address{"https://login.example/#x", false},
                      Address{"file:///etc/passwd", false}, Address{"ftp://login.example/", false},
                      Address{"login.example", false}, Address{"", false}));

Json document() {
  return Json::object({{"issuer", kIssuer},
                       {"authorization_endpoint", "https://login.example/authorize?x=y"},
                       {"token_endpoint", "https://login.example/token"},
                       {"jwks_uri", "https://login.example/keys"}});
}
Result<Discovery> read(const Json& json, const std::vector<std::string>& hosts = {}) {
  return discovery_of(to_text(json), kIssuer, hosts);
}

TEST(DiscoveryTest, FindsTheEndpoints) {
  const auto found = read(document());
  ASSERT_OK(found);
  EXPECT_EQ(found->token.href(), "https://login.example/token");
  EXPECT_EQ(found->keys.href(), "https://login.example/keys");
  EXPECT_FALSE(found->takes_secret_in_form);
  EXPECT_FALSE(found->names_itself);
  auto other = document();
  other.set("token_endpoint_auth_methods_supported", Json::array({"client_secret_post"}));
  other.set("authorization_response_iss_parameter_supported", true);
  EXPECT_TRUE(read(other)->takes_secret_in_form);
  EXPECT_TRUE(read(other)->names_itself);
  EXPECT_EQ(discovery_url(kIssuer)->href(),
            "https://login.example/realms/soc/.well-known/openid-configuration");
  EXPECT_EQ(discovery_url("https://login.example/")->href(),
            "https://login.example/.well-known/openid-configuration");
}

TEST(DiscoveryTest, SendsNobodyElsewhere) {
  for (const auto* key : {"authorization_endpoint", "token_endpoint", "jwks_uri"}) {
    for (const auto* place :
         {"https://evil.example/x", "http://login.example/x", "https://login.example:444/x",
          "https://login.example@evil.example/", "https://login.example.evil.example/", "/x", ""}) {
      auto json = document();
      json.set(key, place);
      EXPECT_EQ(code_of(read(json)), Code::InvalidArgument) << key << " " << place;
    }
    auto json = document();
    json.set(key, "https://keys.example/x");
    EXPECT_OK(read(json, {"keys.example"}));
    json.set(key, "http://keys.example/x");
    EXPECT_FALSE(read(json, {"keys.example"})) << key;
  }
}

TEST(DiscoveryTest, RefusesWhatIsNoDocumentOfTheIssuer) {
  for (const auto* text : {"", "[]", "{}", "<html>", R"({"issuer":7})"})
    EXPECT_EQ(code_of(discovery_of(text, kIssuer, {})), Code::InvalidArgument) << text;
  for (const auto* other :
       {"https://login.example/realms/other", "https://login.example/realms/soc/"}) {
    auto json = document();
    json.set("issuer", other);
    EXPECT_EQ(code_of(read(json)), Code::InvalidArgument) << other;
  }
}

}  // namespace
}  // namespace winnow::oidc
