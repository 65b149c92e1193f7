// Signing in, and what a session may do: over HTTP, as a browser would.
#include <thread>

#include <fmt/format.h>

#include "base/json.h"
#include "server/access/session_table.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::Answer;
using testing::RunningService;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

class Identities : public ::testing::Test {
 protected:
  struct Browser {
    std::string cookie, csrf;
    std::string fields() const { return fmt::format("Cookie: a=b; {}\r\n", cookie); }
    std::string changing() const { return fmt::format("{}X-Winnow-CSRF: {}\r\n", fields(), csrf); }
  };
  Answer sign_in(std::string_view token, std::string_view fields = "") const {
    return service.ask("POST", "/v1/session", "", fmt::format("{}{}", kJson, fields),
                       fmt::format(R"({{"token":"{}"}})", token));
  }
  Browser browser(Role role) const {
    const auto answer = sign_in(service.token(role));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto cookie = answer.field("set-cookie");
    return {cookie.substr(0, cookie.find(';')),
            parse_json(answer.body).value()["csrf"].as_string()};
  }
  // The audit log's entries of these actions, "action actor subject".
  std::vector<std::string> recorded(std::string_view prefix) {
    service.service().drain(std::chrono::seconds(5));
    std::vector<std::string> found;
    const auto& audit = service.registry().audit();
    EXPECT_OK(
        audit.scan(0, audit.size(), [&](std::uint64_t, std::string_view text) -> Result<bool> {
          const auto entry = audit_entry_of(text).value();
          if (entry.action.starts_with(prefix)) found.push_back(entry.action + " " + entry.actor);
          return true;
        }));
    return found;
  }
  RunningService service;
};

TEST_F(Identities, ATokenBecomesASession) {
  const auto answer = sign_in(service.token(Role::Analyst));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto cookie = answer.field("set-cookie");
  for (const auto* attribute : {"; Path=/", "; HttpOnly", "; SameSite=Strict"})
    EXPECT_NE(cookie.find(attribute), std::string::npos) << cookie;
  EXPECT_EQ(cookie.find("Secure"), std::string::npos) << "a browser would not keep it";
  const auto fields = fmt::format("Cookie: {}\r\n", cookie.substr(0, cookie.find(';')));
  const auto me = service.ask("GET", "/v1/me", "", fields);
  EXPECT_EQ(me.body, answer.body);
  const auto json = parse_json(me.body).value();
  EXPECT_EQ(json["name"].as_string(), "analyst");
  EXPECT_EQ(json["role"].as_string(), "analyst");
  EXPECT_EQ(json["workspace"].as_string(), "soc");
  EXPECT_EQ(json["expires_at"].as_string(), "2026-03-04T17:00:00Z");
  EXPECT_EQ(service.ask("GET", "/v1/decisions", "", fields).status, 200);
}

TEST_F(Identities, BehindTlsTheCookieIsSecure) {
  const auto answer = sign_in(service.token(Role::Analyst), "X-Forwarded-Proto: https\r\n");
  const auto cookie = answer.field("set-cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-winnow_session=")) << cookie;
  EXPECT_NE(cookie.find("; Secure"), std::string::npos) << cookie;
  const auto fields = fmt::format("Cookie: {}\r\n", cookie.substr(0, cookie.find(';')));
  EXPECT_EQ(service.ask("GET", "/v1/me", "", fields).status, 200);
}

TEST_F(Identities, ATokenItselfHasNoCsrf) {
  const auto me =
      parse_json(service.ask("GET", "/v1/me", service.token(Role::Sensor)).body).value();
  EXPECT_EQ(me["role"].as_string(), "sensor");
  EXPECT_TRUE(me["csrf"].is_null());
  EXPECT_TRUE(me["expires_at"].is_null());
}

TEST_F(Identities, OnlyItsOwnPageChangesSomething) {
  const auto admin = browser(Role::Admin), other = browser(Role::Admin);
  const auto create = [&](const std::string& fields) {
    return service
        .ask("POST", "/v1/tokens", "", std::string(kJson) + fields,
             R"({"name":"x","role":"sensor"})")
        .status;
  };
  EXPECT_EQ(create(admin.fields()), 403) << "what another site's form sends";
  EXPECT_EQ(create(admin.fields() + "X-Winnow-CSRF: \r\n"), 403);
  EXPECT_EQ(create(admin.fields() + "X-Winnow-CSRF: " + other.csrf + "\r\n"), 403);
  EXPECT_EQ(create("X-Winnow-CSRF: " + admin.csrf + "\r\n"), 401);
  EXPECT_EQ(create(admin.changing()), 201);
}

TEST_F(Identities, SigningOutEndsTheSession) {
  const auto ann = browser(Role::Analyst), elsewhere = browser(Role::Analyst);
  EXPECT_EQ(service.ask("DELETE", "/v1/session", "", ann.fields()).status, 403);
  const auto answer = service.ask("DELETE", "/v1/session", "", ann.changing());
  EXPECT_EQ(answer.status, 204);
  EXPECT_NE(answer.field("set-cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(service.ask("GET", "/v1/me", "", ann.fields()).status, 401);
  EXPECT_EQ(service.ask("GET", "/v1/me", "", elsewhere.fields()).status, 200);
  EXPECT_EQ(service.ask("DELETE", "/v1/session", service.token(Role::Analyst)).status, 409);
  EXPECT_EQ(recorded("session."),
            (std::vector<std::string>{"session.opened analyst", "session.opened analyst",
                                      "session.closed analyst"}));
}

TEST_F(Identities, WhatIsNoTokenOpensNothingAndIsOnRecord) {
  auto wrong = service.token(Role::Admin);
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  for (const auto& token : {wrong, service.expired, service.revoked, std::string("nonsense")})
    EXPECT_EQ(sign_in(token).status, 401) << token;
  EXPECT_EQ(sign_in(service.token(Role::Sensor)).status, 403) << "programs need none";
  const auto refused = recorded("token.refused");
  EXPECT_EQ(refused, std::vector<std::string>(4, "token.refused winnow"));
  EXPECT_TRUE(recorded("session.").empty());
}

TEST_F(Identities, WhatIsNoSignInIsRefused) {
  const auto status = [&](std::string_view fields, std::string_view body) {
    return service.ask("POST", "/v1/session", "", fields, body).status;
  };
  EXPECT_EQ(status("Content-Type: text/plain\r\n", R"({"token":"x"})"), 415) << "a foreign form";
  EXPECT_EQ(status(kJson, R"({"token":1})"), 400);
  EXPECT_EQ(status(kJson, R"({"tokens":"x"})"), 400);
  EXPECT_EQ(status(kJson, "{"), 400);
  EXPECT_EQ(status(kJson, std::string(100'000, ' ')), 413);
}

TEST_F(Identities, GuessedCookiesAreNobody) {
  const auto real = browser(Role::Admin).cookie;
  auto near = real;
  near.back() = near.back() == '0' ? '1' : '0';
  for (const auto& cookie : {near, std::string("winnow_session="), std::string("winnow_session"),
                             "winnow_sessio" + real, "x" + real, std::string("=;=;;")}) {
    EXPECT_EQ(service.ask("GET", "/v1/me", "", fmt::format("Cookie: {}\r\n", cookie)).status, 401)
        << cookie;
  }
}

TEST_F(Identities, ATokenTakesEffectAtOnceAndEndsAtOnce) {
  const auto admin = service.token(Role::Admin);
  const auto made = service.ask("POST", "/v1/tokens", admin, kJson,
                                R"({"name":"gate-7","role":"analyst","expires":null})");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto token = parse_json(made.body).value()["token"].as_string();
  EXPECT_EQ(service.ask("GET", "/v1/decisions", token).status, 200);
  const auto signed_in = sign_in(token);
  const auto cookie = signed_in.field("set-cookie");
  const auto fields = fmt::format("Cookie: {}\r\n", cookie.substr(0, cookie.find(';')));
  EXPECT_EQ(service.ask("GET", "/v1/me", "", fields).status, 200);
  EXPECT_EQ(service.ask("POST", "/v1/tokens", admin, kJson, R"({"name":"gate-7","role":"sensor"})")
                .status,
            409);
  EXPECT_EQ(service.ask("DELETE", "/v1/tokens/gate-7", admin).status, 200);
  EXPECT_EQ(service.ask("GET", "/v1/decisions", token).status, 401);
  EXPECT_EQ(service.ask("GET", "/v1/me", "", fields).status, 401) << "and so do its sessions";
  EXPECT_EQ(service.ask("DELETE", "/v1/tokens/gate-7", admin).status, 404);
  const auto listed = service.ask("GET", "/v1/tokens", service.token(Role::Auditor));
  EXPECT_NE(listed.body.find("gate-7"), std::string::npos);
  EXPECT_EQ(listed.body.find(token.substr(token.rfind('_'))), std::string::npos);
  service.restart();
  EXPECT_EQ(service.ask("GET", "/v1/decisions", token).status, 401);
}

TEST_F(Identities, RefusesTokensThatMakeNoSense) {
  for (const auto* body :
       {R"({"name":"x"})", R"({"role":"sensor"})", R"({"name":"X Y","role":"sensor"})",
        R"({"name":"x","role":"king"})", R"({"name":"x","role":"sensor","expires":"tomorrow"})",
        R"({"name":"x","role":"sensor","expires":"2020-01-01T00:00:00Z"})",
        R"({"name":"x","role":"sensor","expires":7})", R"({"name":"x","role":"sensor","a":1})"}) {
    EXPECT_EQ(service.ask("POST", "/v1/tokens", service.token(Role::Admin), kJson, body).status,
              400)
        << body;
  }
}

TEST_F(Identities, ASessionOutlivesItsServer) {
  const auto admin = browser(Role::Admin);
  service.restart();
  const auto me = service.ask("GET", "/v1/me", "", admin.fields());
  ASSERT_EQ(me.status, 200) << me.body;
  EXPECT_EQ(parse_json(me.body).value()["csrf"].as_string(), admin.csrf);
  EXPECT_EQ(service
                .ask("POST", "/v1/tokens", "", std::string(kJson) + admin.changing(),
                     R"({"name":"x","role":"sensor"})")
                .status,
            201);
}

TEST_F(Identities, WhatEndedHasEndedForTheNextServerToo) {
  const auto out = browser(Role::Analyst), revoked = browser(Role::Senior);
  EXPECT_EQ(service.ask("DELETE", "/v1/session", "", out.changing()).status, 204);
  EXPECT_EQ(service.ask("DELETE", "/v1/tokens/senior", service.token(Role::Admin)).status, 200);
  service.restart();
  EXPECT_EQ(service.ask("GET", "/v1/me", "", out.fields()).status, 401);
  EXPECT_EQ(service.ask("GET", "/v1/me", "", revoked.fields()).status, 401);
}

TEST_F(Identities, AServerThatStandsStillEndsSessionsAndAClockSetBackBringsNoneBack) {
  const auto ann = browser(Role::Analyst);
  const auto shifted = [&](Duration by) {
    service.restart([&](ServiceOptions&, FixedClock& clock) { clock.advance(by); });
    return service.ask("GET", "/v1/me", "", ann.fields()).status;
  };
  EXPECT_EQ(shifted(std::chrono::hours(7)), 200);
  EXPECT_EQ(shifted(std::chrono::hours(9)), 401);
  EXPECT_EQ(shifted(-std::chrono::hours(16)), 401);
}

TEST_F(Identities, ASessionFromTheFutureIsNobody) {
  const auto ann = browser(Role::Analyst);
  const auto shifted = [&](Duration by) {
    service.restart([&](ServiceOptions&, FixedClock& clock) { clock.advance(by); });
    return service.ask("GET", "/v1/me", "", ann.fields()).status;
  };
  EXPECT_EQ(shifted(-std::chrono::hours(24)), 401) << "the clock was wrong when it was opened";
  EXPECT_EQ(shifted(std::chrono::hours(24)), 401);
}

TEST_F(Identities, WhomAnotherProcessSignsOutIsOutSoon) {
  const auto ann = browser(Role::Analyst), admin = browser(Role::Admin);
  auto table = SessionTable::open(service.folder() / "soc/data/sessions.db").value();
  const auto kept = table.list().value();
  ASSERT_EQ(kept.size(), 2U);
  const auto me = *token_id_in(service.token(Role::Analyst));
  EXPECT_EQ(table.end_all_of(me).value(), 1U);
  const auto status = [&] { return service.ask("GET", "/v1/me", "", ann.fields()).status; };
  for (int i = 0; i < 1'000 && status() == 200; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(status(), 401);
  EXPECT_EQ(service.ask("GET", "/v1/me", "", admin.fields()).status, 200);
}

TEST_F(Identities, AnAdminSeesWhoIsSignedInAndSignsThemOutAtOnce) {
  const auto ann = browser(Role::Analyst), again = browser(Role::Analyst);
  const auto admin = browser(Role::Admin);
  const auto ask = [&](std::string_view method, std::string_view target, Role role) {
    return service.ask(method, target, service.token(role));
  };
  const auto told = parse_json(ask("GET", "/v1/sessions", Role::Auditor).body).value()["sessions"];
  ASSERT_EQ(told.size(), 3U);
  std::vector<std::string> names;
  for (const auto& one : told.items()) names.push_back(one["name"].as_string());
  EXPECT_EQ(names, (std::vector<std::string>{"admin", "analyst", "analyst"}));
  EXPECT_EQ(told.items()[1]["role"].as_string(), "analyst");
  EXPECT_FALSE(told.items()[1]["by_provider"].as_bool());

  EXPECT_EQ(ask("DELETE", "/v1/sessions/nobody", Role::Admin).status, 404);
  const auto ended = ask("DELETE", "/v1/sessions/analyst", Role::Admin);
  ASSERT_EQ(ended.status, 200) << ended.body;
  EXPECT_EQ(parse_json(ended.body).value()["ended"].as_int(), 2);
  for (const auto* page : {&ann, &again})
    EXPECT_EQ(service.ask("GET", "/v1/me", "", page->fields()).status, 401) << "from the next on";
  EXPECT_EQ(service.ask("GET", "/v1/me", "", admin.fields()).status, 200);
  auto table = SessionTable::open(service.folder() / "soc/data/sessions.db").value();
  EXPECT_EQ(table.list().value().size(), 1U) << "nor after a restart";
  EXPECT_EQ(ask("DELETE", "/v1/sessions/analyst", Role::Admin).status, 404);
  EXPECT_EQ(ask("GET", "/v1/me", Role::Analyst).status, 200) << "the token goes on";
}

TEST_F(Identities, ASessionOfARevokedTokenIsNobodys) {
  const auto ann = browser(Role::Analyst);
  ASSERT_EQ(service.ask("DELETE", "/v1/tokens/analyst", service.token(Role::Admin)).status, 200);
  const auto told = service.ask("GET", "/v1/sessions", service.token(Role::Admin));
  EXPECT_EQ(told.body, "{\"sessions\":[]}\n");
}

TEST_F(Identities, NothingOnDiskOpensASession) {
  const auto ann = browser(Role::Analyst);
  const auto secret = ann.cookie.substr(ann.cookie.find('=') + 1);
  ASSERT_EQ(secret.size(), 64U);
  service.service().drain(std::chrono::seconds(5));
  for (const auto& path : list_files(service.folder()).value()) {
    const auto bytes = read_file(path, 64UL << 20).value();
    EXPECT_EQ(bytes.find(secret), std::string::npos) << path;
    EXPECT_EQ(bytes.find(ann.csrf), std::string::npos) << path;
  }
}

TEST(SignInRates, GuessingIsSlowedDownAndTheRecordStaysSmall) {
  RunningService service({.gate = {.failures = {.a_second = 0.01, .burst = 30}},
                          .recorded_failures = {.a_second = 0.001, .burst = 3, .known = 1}});
  std::map<int, int> told;
  for (int i = 0; i < 40; ++i)
    ++told[service.ask("POST", "/v1/session", "", kJson, R"({"token":"x"})").status];
  EXPECT_EQ(told, (std::map<int, int>{{401, 30}, {429, 10}}));
  service.service().drain(std::chrono::seconds(5));
  int refused = 0;
  const auto& audit = service.registry().audit();
  EXPECT_OK(audit.scan(0, audit.size(), [&](std::uint64_t, std::string_view text) -> Result<bool> {
    refused += audit_entry_of(text).value().action == "token.refused" ? 1 : 0;
    return true;
  }));
  EXPECT_EQ(refused, 3);
}

TEST(People, AreThoseWhoMayOwnACaseNow) {
  const RunningService service;
  const auto people = [&](server::Role role) {
    return service.ask("GET", "/v1/people", service.token(role));
  };
  EXPECT_EQ(people(server::Role::Analyst).body,
            R"({"people":[{"name":"admin","role":"admin"},{"name":"analyst","role":"analyst"},)"
            R"({"name":"senior","role":"senior"}]})"
            "\n")
      << "neither those whose token has expired or was revoked, nor sensors";
  EXPECT_EQ(people(server::Role::Auditor).status, 403);
}

}  // namespace
}  // namespace winnow::server
