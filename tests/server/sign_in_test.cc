// Signing in by an identity provider: over HTTP, as a browser would, with a provider of our own.
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "names/url.h"
#include "oidc/proof.h"
#include "server/access/cookie.h"
#include "server/access/oidc_sign_in.h"
#include "tests/oidc/fake_provider.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::Answer;
using testing::code_of;
using testing::FakeProvider;
using testing::RunningService;

ServiceOptions with_provider(const FakeProvider& fake) {
  ServiceOptions options;
  options.gate.attempts = {.a_second = 1e6, .burst = 1e6};
  options.oidc.emplace();
  options.oidc->provider.issuer = fake.issuer();
  options.oidc->provider.client_id = FakeProvider::kClient;
  options.oidc->provider.redirect_uri = "https://soc.example/v1/sign-in/oidc/callback";
  options.oidc->name = "Example";
  options.oidc->roles = {{"soc-leads", Role::Senior}, {"soc", Role::Analyst}};
  return options;
}

std::string in_query(std::string_view url, std::string_view name) {
  const auto at = url.find(fmt::format("{}=", name));
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size() + 1;
  return percent_decode(url.substr(begin, url.find('&', begin) - begin));
}

// Of all that it sets, by its beginning; empty without one.
std::string cookie_set(const Answer& answer, std::string_view name) {
  const auto at = answer.head.find(fmt::format("set-cookie: {}=", name));
  if (at == std::string::npos) return {};
  const auto begin = at + 12;
  return answer.head.substr(begin, answer.head.find("\r\n", begin) - begin);
}
std::string pair_of(const std::string& cookie) { return cookie.substr(0, cookie.find(';')); }

class SignIn : public ::testing::Test {
 protected:
  struct Begun {
    std::string cookie, state, nonce;
  };
  Begun begin(std::string_view fields = "") const {
    const auto answer = service.ask("GET", "/v1/sign-in/oidc", "", fields);
    EXPECT_EQ(answer.status, 303) << answer.body;
    const auto location = answer.field("location");
    return {pair_of(answer.field("set-cookie")), in_query(location, "state"),
            in_query(location, "nonce")};
  }
  void gives(const Begun& begun, const Json& changes = {}) {
    fake.gives(fake.key.sign(to_text(fake.claims(begun.nonce, RunningService::kNow, changes))));
  }
  Answer come_back(const std::string& query, const std::string& cookie) const {
    return service.ask("GET", fmt::format("{}?{}", kCallbackPath, query), "",
                       cookie.empty() ? "" : fmt::format("Cookie: {}\r\n", cookie));
  }
  Answer come_back(const Begun& begun) const {
    return come_back(fmt::format("code=c&session_state=x&state={}", begun.state), begun.cookie);
  }
  // Where a browser is sent, without a session.
  static std::string refused(const Answer& answer) {
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(cookie_set(answer, "winnow_session"), "") << answer.head;
    EXPECT_NE(cookie_set(answer, "winnow_sign_in").find("Max-Age=0"), std::string::npos);
    return answer.field("location");
  }
  std::vector<std::string> recorded() {
    service.service().drain(std::chrono::seconds(5));
    std::vector<std::string> found;
    const auto& audit = service.registry().audit();
    EXPECT_OK(
        audit.scan(0, audit.size(), [&](std::uint64_t, std::string_view text) -> Result<bool> {
          const auto entry = audit_entry_of(text).value();
          if (entry.action.starts_with("session.") || entry.action.starts_with("sign-in."))
            found.push_back(fmt::format("{} {} {}", entry.action, entry.actor,
                                        entry.details["why"].as_string()));
          return true;
        }));
    return found;
  }
  FakeProvider fake;
  RunningService service{with_provider(fake)};
};

TEST_F(SignIn, APersonOfTheProviderGetsASession) {
  const auto begun = begin();
  gives(begun);
  const auto answer = come_back(begun);
  ASSERT_EQ(answer.status, 303) << answer.body;
  EXPECT_EQ(answer.field("location"), "/");
  EXPECT_EQ(answer.body, "");
  const auto cookie = cookie_set(answer, "winnow_session");
  for (const auto* attribute : {"; Path=/", "; HttpOnly", "; SameSite=Strict"})
    EXPECT_NE(cookie.find(attribute), std::string::npos) << cookie;
  const auto fields = fmt::format("Cookie: {}\r\n", pair_of(cookie));
  const auto me = parse_json(service.ask("GET", "/v1/me", "", fields).body).value();
  EXPECT_EQ(me["name"].as_string(), "oidc:ann@example.com");
  EXPECT_EQ(me["role"].as_string(), "analyst");
  EXPECT_EQ(me["expires_at"].as_string(), "2026-03-04T17:00:00Z");
  EXPECT_EQ(service.ask("GET", "/v1/queue", "", fields).status, 200);
  EXPECT_EQ(service.ask("GET", "/v1/tokens", "", fields).status, 403) << "an analyst's role";
  EXPECT_EQ(service.ask("DELETE", "/v1/session", "", fields).status, 403) << "without its page";
  const auto changing = fmt::format("{}X-Winnow-CSRF: {}\r\n", fields, me["csrf"].as_string());
  EXPECT_EQ(service.ask("DELETE", "/v1/session", "", changing).status, 204);
  EXPECT_EQ(service.ask("GET", "/v1/me", "", fields).status, 401);
  EXPECT_EQ(recorded(), (std::vector<std::string>{"session.opened oidc:ann@example.com ",
                                                  "session.closed oidc:ann@example.com "}));
}

TEST_F(SignIn, ASessionOutlivesItsServerButNotTheSettingsThatGaveIt) {
  const auto begun = begin();
  gives(begun);
  const auto fields =
      fmt::format("Cookie: {}\r\n", pair_of(cookie_set(come_back(begun), "winnow_session")));
  const auto me = [&] { return service.ask("GET", "/v1/me", "", fields); };
  service.restart();
  EXPECT_EQ(parse_json(me().body).value()["name"].as_string(), "oidc:ann@example.com");
  const auto change_roles = [](ServiceOptions& options, FixedClock&) {
    options.oidc->roles = {{"soc", Role::Auditor}};
  };
  service.restart(change_roles);
  EXPECT_EQ(me().status, 401) << "an analyst no longer";
  service.restart();
  EXPECT_EQ(me().status, 401);
}

TEST_F(SignIn, TheFirstRoleThatSomebodyHasIsHis) {
  const auto role = [&](const char* changes) {
    const auto begun = begin();
    gives(begun, parse_json(changes).value());
    const auto cookie = cookie_set(come_back(begun), "winnow_session");
    const auto me =
        service.ask("GET", "/v1/me", "", fmt::format("Cookie: {}\r\n", pair_of(cookie)));
    return parse_json(me.body).value()["role"].as_string();
  };
  EXPECT_EQ(role(R"({"groups":["soc","soc-leads"]})"), "senior");
  EXPECT_EQ(role(R"({"groups":"soc"})"), "analyst");
}

TEST_F(SignIn, WhoHasNoRoleHasNoSession) {
  for (const auto* changes : {R"({"groups":[]})", R"({"groups":null})", R"({"groups":["SOC"]})",
                              R"({"groups":["soc "]})", R"({"groups":{"soc":1}})"}) {
    const auto begun = begin();
    gives(begun, parse_json(changes).value());
    EXPECT_EQ(refused(come_back(begun)), "/sign-in?problem=role") << changes;
  }
  EXPECT_EQ(recorded(), std::vector<std::string>(5, "sign-in.refused winnow oidc role"));
}

TEST_F(SignIn, ASignInEndsInTheBrowserWhereItBeganAndOnce) {
  const auto mine = begin(), other = begin();
  gives(mine);
  const auto expired = std::string("/sign-in?problem=expired");
  const auto with_state = [](const std::string& state) { return "code=c&state=" + state; };
  EXPECT_EQ(refused(come_back(with_state(mine.state), "")), expired) << "without its cookie";
  EXPECT_EQ(refused(come_back(with_state(mine.state), other.cookie)), expired);
  EXPECT_EQ(refused(come_back(with_state(""), mine.cookie)), expired);
  EXPECT_EQ(refused(come_back("code=c", mine.cookie)), expired);
  const auto invented = oidc::new_secret();
  EXPECT_EQ(
      refused(come_back(with_state(oidc::proof_of(invented).state), "winnow_sign_in=" + invented)),
      expired)
      << "a state that nobody was given";
  EXPECT_EQ(come_back(mine).field("location"), "/");
  EXPECT_EQ(refused(come_back(mine)), expired) << "a second time";
  EXPECT_EQ(fake.asked("/token"), 1) << "no other code was redeemed";
}

TEST_F(SignIn, ACodeOfAnotherSignInIsWorthless) {
  const auto mine = begin(), victims = begin();
  gives(victims);  // the attacker brings the victim's code into his own sign-in
  EXPECT_EQ(refused(come_back(mine)), "/sign-in?problem=refused");
}

TEST_F(SignIn, AnAnswerOfAnotherProviderIsRefused) {
  const auto begun = begin();
  gives(begun);
  EXPECT_EQ(refused(come_back("code=c&iss=https%3A%2F%2Fevil.example&state=" + begun.state,
                              begun.cookie)),
            "/sign-in?problem=refused");
  EXPECT_EQ(fake.asked("/token"), 0);
}

TEST_F(SignIn, WhatTheProviderRefusesIsTold) {
  const auto no = begin();
  EXPECT_EQ(refused(come_back("error=access_denied&state=" + no.state, no.cookie)),
            "/sign-in?problem=denied");
  const auto failed = begin();
  EXPECT_EQ(refused(come_back("error=server_error&state=" + failed.state, failed.cookie)),
            "/sign-in?problem=provider");
  const auto empty = begin();
  EXPECT_EQ(refused(come_back("state=" + empty.state, empty.cookie)), "/sign-in?problem=refused");
  const auto away = begin();
  fake.says("/token", {503, ""});
  EXPECT_EQ(refused(come_back(away)), "/sign-in?problem=provider");
}

TEST_F(SignIn, OverAnEncryptedWayTheCookiesAreSecure) {
  const auto encrypted = "X-Forwarded-Proto: https\r\n";
  const auto answer = service.ask("GET", "/v1/sign-in/oidc", "", encrypted);
  const auto cookie = cookie_set(answer, "__Host-winnow_sign_in");
  for (const auto* attribute :
       {"; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=600"})
    EXPECT_NE(cookie.find(attribute), std::string::npos) << cookie;
  const auto location = answer.field("location");
  const Begun begun{pair_of(cookie), in_query(location, "state"), in_query(location, "nonce")};
  gives(begun);
  const auto back =
      service.ask("GET", fmt::format("{}?code=c&state={}", kCallbackPath, begun.state), "",
                  fmt::format("{}Cookie: {}\r\n", encrypted, begun.cookie));
  EXPECT_NE(cookie_set(back, "__Host-winnow_session").find("; Secure"), std::string::npos);
}

TEST_F(SignIn, TellsTheWaysIn) {
  const auto ways = parse_json(service.ask("GET", "/v1/sign-in", "").body).value()["ways"];
  ASSERT_EQ(ways.size(), 2U);
  EXPECT_EQ(to_text(ways[0]), R"({"kind":"oidc","name":"Example","start":"/v1/sign-in/oidc"})");
  EXPECT_EQ(ways[1]["kind"].as_string(), "token");
}

TEST(SignInWithoutProvider, HasOneWayIn) {
  const RunningService service({}, RunningService::Champion::None);
  const auto ways = parse_json(service.ask("GET", "/v1/sign-in", "").body).value()["ways"];
  ASSERT_EQ(ways.size(), 1U);
  EXPECT_EQ(ways[0]["kind"].as_string(), "token");
  EXPECT_EQ(service.ask("GET", "/v1/sign-in/oidc", "").status, 404);
  EXPECT_EQ(service.ask("GET", kCallbackPath, "").status, 404);
}

TEST(SignInRate, OfAnAddressIsBounded) {
  const FakeProvider fake;
  auto options = with_provider(fake);
  options.gate.attempts = {.a_second = 0.01, .burst = 3};
  const RunningService service(options, RunningService::Champion::None);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(service.ask("GET", "/v1/sign-in/oidc", "").status, 303);
  for (const auto path : {std::string_view("/v1/sign-in/oidc"), kCallbackPath}) {
    const auto answer = service.ask("GET", path, "");
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.field("retry-after"), "100");
  }
}

// Accepts and says nothing: who signs in waits, nobody else does, and a stop does not wait long.
TEST(SignInProviderSilent, KeepsNobodyWaiting) {
  const FakeProvider fake;
  auto options = with_provider(fake);
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::listen(listener, 16), 0);  // on a port of the kernel's choice
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  options.oidc->provider.issuer = fmt::format("http://127.0.0.1:{}", ntohs(address.sin_port));
  options.oidc->provider.patience = std::chrono::minutes(2);
  RunningService service(options, RunningService::Champion::None);
  testing::Client waiting(service.port());
  ASSERT_TRUE(waiting.send("GET /v1/sign-in/oidc HTTP/1.1\r\nHost: x\r\n\r\n"));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(service.ask("GET", "/healthz", "").status, 200);
  EXPECT_EQ(service.ask("GET", "/v1/tokens", service.token(Role::Admin)).status, 200);
  service.service().drain(std::chrono::seconds(0));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes(1));
  ::close(listener);
}

TEST(OidcRoles, AreReadFromTheSettings) {
  const auto roles = oidc_roles(" SOC Analysts = analyst, a=b=senior ,x=admin");
  ASSERT_OK(roles);
  using Roles = std::vector<std::pair<std::string, Role>>;
  EXPECT_EQ(*roles,
            (Roles{{"SOC Analysts", Role::Analyst}, {"a=b", Role::Senior}, {"x", Role::Admin}}));
  EXPECT_EQ(oidc_roles("")->size(), 0U);
  for (const auto* wrong : {"analyst", "=analyst", "x=king", "x=", "x=sensor", "x=analyst,,"})
    EXPECT_EQ(code_of(oidc_roles(wrong)), Code::InvalidArgument) << wrong;
}

TEST(OidcIdentity, IsNoTokensAndNoOthers) {
  OidcOptions options;
  options.roles = {{"x", Role::Analyst}};
  const auto claims = parse_json(R"({"groups":["x"]})").value();
  const auto named = [&](std::string subject, std::string email) {
    return identity_of({"https://a.example", std::move(subject), std::move(email), claims},
                       options);
  };
  EXPECT_EQ(named("7", "Ann@Example.com")->name, "oidc:ann@example.com");
  EXPECT_EQ(named("ann@example.com", "")->name, "oidc:sub=ann@example.com")
      << "a name that the provider lets people choose is nobody's address";
  EXPECT_NE(named("7", "")->id, named("8", "")->id);
  EXPECT_EQ(named("7", "")->id, named("7", "a@b.example")->id);
}

TEST(SignInAttemptsTest, EndInTimeAndAreBounded) {
  const auto now = RunningService::kNow;
  SignInAttempts attempts(2);
  attempts.begin("a", now);
  EXPECT_FALSE(attempts.take("b", now));
  EXPECT_TRUE(attempts.take("a", now + std::chrono::seconds(599)));
  EXPECT_FALSE(attempts.take("a", now)) << "once";
  attempts.begin("a", now);
  EXPECT_FALSE(attempts.take("a", now + SignInAttempts::kTime));
  attempts.begin("a", now);
  attempts.begin("b", now + std::chrono::seconds(1));
  attempts.begin("c", now + std::chrono::seconds(2));
  EXPECT_FALSE(attempts.take("a", now)) << "the oldest gave way";
  EXPECT_TRUE(attempts.take("b", now));
  EXPECT_TRUE(attempts.take("c", now));
}

}  // namespace
}  // namespace winnow::server
