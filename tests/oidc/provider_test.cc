#include "oidc/provider.h"

#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/digest.h"
#include "names/url.h"
#include "oidc/detail/base64url.h"
#include "tests/oidc/fake_provider.h"
#include "tests/support/support.h"

namespace winnow::oidc {
namespace {

using testing::code_of;
using testing::FakeProvider;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 9);
const Proof kProof = proof_of("a secret");

class ProviderTest : public ::testing::Test {
 protected:
  std::unique_ptr<Provider> provider(std::string secret = FakeProvider::kSecret) {
    return Provider::make({.issuer = fake.issuer(),
                           .client_id = FakeProvider::kClient,
                           .client_secret = std::move(secret),
                           .redirect_uri = "https://soc.example/back"})
        .value();
  }
  void gives(const Json& changes = {}) {
    fake.gives(fake.key.sign(to_text(fake.claims(kProof.nonce, kNow, changes))));
  }
  FakeProvider fake;
};

TEST(ProofTest, PartsFollowFromTheSecretAndTellNothingOfEachOther) {
  const auto again = proof_of("a secret"), other = proof_of(new_secret());
  EXPECT_EQ(again.state, kProof.state);
  EXPECT_EQ(again.challenge, to_base64url(sha256(kProof.verifier).as_text()));
  EXPECT_EQ(again.challenge.size(), 43U);
  const std::set<std::string> all = {kProof.state, kProof.nonce, kProof.verifier, kProof.challenge,
                                     other.state,  other.nonce,  other.verifier,  other.challenge};
  EXPECT_EQ(all.size(), 8U);
}

TEST_F(ProviderTest, SendsTheBrowserWithStateNonceAndChallenge) {
  const auto text = provider()->sign_in_url(kProof, kNow);
  ASSERT_OK(text);
  EXPECT_TRUE(text->starts_with(fake.issuer() + "/authorize?response_type=code&client_id=winnow"));
  for (const auto& part : {"redirect_uri=https%3A%2F%2Fsoc.example%2Fback",
                           "scope=openid%20email%20profile", "code_challenge_method=S256"})
    EXPECT_NE(text->find(part), std::string::npos) << *text;
  EXPECT_NE(text->find("state=" + kProof.state), std::string::npos);
  EXPECT_NE(text->find("nonce=" + kProof.nonce), std::string::npos);
  EXPECT_NE(text->find("code_challenge=" + kProof.challenge), std::string::npos);
  EXPECT_EQ(text->find(kProof.verifier), std::string::npos);
}

TEST_F(ProviderTest, ACodeBecomesAPerson) {
  gives();
  const auto person = provider()->redeem({"the code", ""}, kProof, kNow);
  ASSERT_OK(person);
  EXPECT_EQ(person->subject, "7f3a");
  EXPECT_EQ(person->issuer, fake.issuer());
  EXPECT_EQ(fake.last_form(),
            "grant_type=authorization_code&code=the%20code&redirect_uri=https%3A%2F%2Fsoc.example%"
            "2Fback&code_verifier=" +
                kProof.verifier);
  EXPECT_EQ(fake.last_authorization(), "Basic " + to_base64("winnow:s3cret%20%26%20more"));
}

TEST_F(ProviderTest, APublicClientTellsItsNameOnly) {
  gives();
  ASSERT_OK(provider("")->redeem({"c", ""}, kProof, kNow));
  EXPECT_EQ(fake.last_authorization(), "");
  EXPECT_NE(fake.last_form().find("&client_id=winnow"), std::string::npos);
  EXPECT_EQ(fake.last_form().find("client_secret"), std::string::npos);
}

TEST_F(ProviderTest, AnAnswerOfAnotherIssuerIsNotRedeemed) {
  gives();
  const auto one = provider();
  EXPECT_EQ(code_of(one->redeem({"c", "https://evil.example"}, kProof, kNow)), Code::Denied);
  EXPECT_EQ(fake.asked("/token"), 0) << "the code goes to nobody";
  EXPECT_OK(one->redeem({"c", fake.issuer()}, kProof, kNow));
}

TEST_F(ProviderTest, AProviderThatNamesItselfMustDoSo) {
  gives();
  fake.says(
      "/.well-known/openid-configuration",
      {.body = to_text(Json::object({{"issuer", fake.issuer()},
                                     {"authorization_endpoint", fake.issuer() + "/authorize"},
                                     {"token_endpoint", fake.issuer() + "/token"},
                                     {"jwks_uri", fake.issuer() + "/keys"},
                                     {"authorization_response_iss_parameter_supported", true}}))});
  const auto one = provider();
  EXPECT_EQ(code_of(one->redeem({"c", ""}, kProof, kNow)), Code::Denied);
  EXPECT_OK(one->redeem({"c", fake.issuer()}, kProof, kNow));
}

TEST_F(ProviderTest, ARotatedKeyIsFetchedButNotAllTheTime) {
  gives();
  const auto one = provider();
  ASSERT_OK(one->redeem({"c", ""}, kProof, kNow));
  ASSERT_OK(one->redeem({"c", ""}, kProof, kNow));
  EXPECT_EQ(fake.asked("/keys"), 1);
  const testing::SigningKey fresh("k9");
  fake.says("/keys", {.body = to_text(Json::object({{"keys", Json::array({fresh.jwk()})}}))});
  fake.gives(fresh.sign(to_text(fake.claims(kProof.nonce, kNow))));
  EXPECT_EQ(code_of(one->redeem({"c", ""}, kProof, kNow + std::chrono::seconds(30))),
            Code::NotFound);
  EXPECT_EQ(fake.asked("/keys"), 1);
  EXPECT_OK(one->redeem({"c", ""}, kProof, kNow + std::chrono::seconds(61)));
  EXPECT_EQ(fake.asked("/keys"), 2);
  gives();
  EXPECT_FALSE(one->redeem({"c", ""}, kProof, kNow + std::chrono::seconds(62)))
      << "the old key is gone";
}

TEST_F(ProviderTest, WhatItSaysOfItselfIsAskedOnceAnHour) {
  const auto one = provider();
  const std::string path = "/.well-known/openid-configuration";
  for (int minute = 0; minute < 60; minute += 10)
    ASSERT_OK(one->sign_in_url(kProof, kNow + std::chrono::minutes(minute)));
  EXPECT_EQ(fake.asked(path), 1);
  ASSERT_OK(one->sign_in_url(kProof, kNow + std::chrono::minutes(61)));
  EXPECT_EQ(fake.asked(path), 2);
}

TEST_F(ProviderTest, RefusesWhatTheTokenEndpointShouldNotSay) {
  const auto one = provider();
  const auto code = [&](int status, std::string body) {
    fake.says("/token", {status, std::move(body)});
    return code_of(one->redeem({"c", ""}, kProof, kNow));
  };
  EXPECT_EQ(code(400, R"({"error":"invalid_grant"})"), Code::Denied);
  EXPECT_EQ(code(401, ""), Code::Denied);
  EXPECT_EQ(code(500, ""), Code::Unavailable);
  EXPECT_EQ(code(302, ""), Code::Unavailable) << "redirections are not followed";
  EXPECT_EQ(code(200, "<html>"), Code::InvalidArgument);
  EXPECT_EQ(code(200, "{}"), Code::InvalidArgument);
  EXPECT_EQ(code(200, R"({"id_token":7})"), Code::InvalidArgument);
  EXPECT_EQ(code(200, std::string(300'000, ' ')), Code::Exhausted);
}

TEST_F(ProviderTest, AProviderThatIsAwayIsUnavailable) {
  const auto one = Provider::make({.issuer = "http://127.0.0.1:1",
                                   .client_id = "x",
                                   .redirect_uri = "https://soc.example/"})
                       .value();
  EXPECT_EQ(code_of(one->sign_in_url(kProof, kNow)), Code::Unavailable);
  fake.says("/.well-known/openid-configuration", {503, ""});
  const auto other = provider();
  for (const int second : {0, 1, 4, 5}) {
    EXPECT_EQ(code_of(other->sign_in_url(kProof, kNow + std::chrono::seconds(second))),
              Code::Unavailable);
  }
  EXPECT_EQ(fake.asked("/.well-known/openid-configuration"), 2) << "it is left alone for a while";
}

TEST(ProviderStop, EndsWhatIsUnderWay) {
  // Accepts and never answers.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 5), 0);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const auto one =
      Provider::make({.issuer = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                      .client_id = "x",
                      .redirect_uri = "https://soc.example/"})
          .value();
  const auto begin = std::chrono::steady_clock::now();
  std::thread asking(
      [&] { EXPECT_EQ(code_of(one->sign_in_url(kProof, kNow)), Code::Unavailable); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  one->stop();
  asking.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  ::close(listener);
}

TEST(ProviderSettings, MustBeAddresses) {
  for (const auto* wrong :
       {"", "login.example", "http://login.example", "https://login.example?x"}) {
    EXPECT_EQ(code_of(Provider::make({.issuer = wrong, .redirect_uri = "https://soc.example/"})),
              Code::InvalidArgument)
        << wrong;
  }
  EXPECT_EQ(code_of(Provider::make(
                {.issuer = "https://login.example", .redirect_uri = "http://soc.example/"})),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::oidc
