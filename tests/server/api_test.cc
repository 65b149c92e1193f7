// What every route does with who asks: the route table, walked with every kind of token.
#include <set>

#include <fmt/format.h>

#include "base/json.h"
#include "server/routes.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::Answer;
using testing::RunningService;

const Gate::Config kPatient{.requests = {.a_second = 1e6, .burst = 1e6},
                            .failures = {.a_second = 1e6, .burst = 1e6}};

class RouteTable : public ::testing::Test {
 protected:
  Answer ask(const Route& route, std::string_view token) const {
    return service.ask(http::name_of(route.method), testing::target_of(route), token, "",
                       route.body_type.empty() ? "" : "x");
  }
  RunningService service{{.gate = kPatient, .console = {}}};
};

TEST_F(RouteTable, EveryRouteAsksForItsRolesAndNoOther) {
  for (const auto& route : routes()) {
    for (const auto role : kRoles) {
      const auto status = ask(route, service.token(role)).status;
      if (route.roles.is_empty() || route.roles.contains(role)) {
        EXPECT_NE(status, 401) << route.pattern << " " << name_of(role);
        EXPECT_NE(status, 403) << route.pattern << " " << name_of(role);
        EXPECT_NE(status, 0) << route.pattern;
      } else {
        EXPECT_EQ(status, 403) << route.pattern << " " << name_of(role);
      }
    }
  }
}

TEST_F(RouteTable, NoRouteTakesWhatIsNoValidToken) {
  auto wrong = service.token(Role::Admin);
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  auto unknown = service.token(Role::Admin);
  unknown[5] = unknown[5] == '0' ? '1' : '0';
  for (const auto& route : routes()) {
    if (route.roles.is_empty()) continue;
    for (const auto& token : {std::string(), wrong, unknown, service.expired, service.revoked,
                              std::string("wnw_"), std::string("nonsense")}) {
      const auto answer = ask(route, token);
      // Splunk's collector has 403 for a token that it does not know.
      const bool is_known = answer.status == 401 ||
                            (route.dialect != nullptr && !token.empty() && answer.status == 403);
      EXPECT_TRUE(is_known) << route.pattern << " '" << token << "' " << answer.status;
      EXPECT_EQ(answer.field("www-authenticate"), "Bearer realm=\"winnow\"");
      EXPECT_EQ(answer.body.find("wnw_0"), std::string::npos) << "no token is repeated";
    }
  }
}

TEST_F(RouteTable, EveryAnswerCarriesTheSecurityFields) {
  std::vector<Answer> answers = {
      service.ask("GET", "/nowhere", ""), service.ask("PUT", "/healthz", ""),
      service.ask("GET", "/%", "", "Host: again\r\n"), service.ask("HEAD", "/healthz", "")};
  for (const auto& route : routes()) {
    answers.push_back(ask(route, ""));
    answers.push_back(ask(route, service.token(Role::Admin)));
    answers.push_back(ask(route, service.token(Role::Sensor)));
  }
  for (const auto& answer : answers) {
    EXPECT_NE(answer.status, 0);
    EXPECT_EQ(answer.field("x-content-type-options"), "nosniff") << answer.head;
    EXPECT_EQ(answer.field("cache-control"), "no-store") << answer.head;
    EXPECT_TRUE(answer.field("content-security-policy").starts_with("default-src 'none'; "));
    EXPECT_NE(answer.field("content-security-policy").find("frame-ancestors 'none'"),
              std::string::npos);
  }
}

TEST_F(RouteTable, WhatGoesWrongIsAProblemDocument) {
  const auto sensor = service.token(Role::Sensor);
  for (const auto& answer :
       {service.ask("GET", "/nowhere", ""), service.ask("DELETE", "/healthz", ""),
        service.ask("GET", "/v1/decisions", ""), service.ask("GET", "/v1/decisions", sensor),
        service.ask("GET", "/v1/decisions?limt=3", service.token(Role::Analyst)),
        service.ask("GET", "/v1/decisions/d-xyz", service.token(Role::Analyst)),
        service.ask("POST", "/v1/score/mail", sensor, "", "x"),
        service.ask("GET", "/healthz", "", "Content-Length: 99999999\r\n")}) {
    EXPECT_EQ(answer.field("content-type"), "application/problem+json") << answer.head;
    const auto problem = parse_json(answer.body);
    ASSERT_OK(problem);
    EXPECT_EQ((*problem)["status"].as_int(), answer.status);
    EXPECT_TRUE((*problem)["type"].as_string().starts_with("urn:winnow:problem:"));
    EXPECT_FALSE((*problem)["title"].as_string().empty());
    EXPECT_FALSE((*problem)["detail"].as_string().empty());
    EXPECT_EQ(answer.body.find(service.folder().string()), std::string::npos);
  }
  EXPECT_EQ(service.ask("DELETE", "/healthz", "").field("allow"), "GET, HEAD");
}

TEST_F(RouteTable, AStrangersLargeBodyIsNotRead) {
  testing::Client client(service.port());
  ASSERT_TRUE(
      client.send("POST /v1/score/mail HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"));
  EXPECT_EQ(client.read_answer().status, 401) << "before any of the body was sent";
}

TEST(Rates, ATokenThatIsUsedTooOftenIsTold) {
  const RunningService service(
      {.gate = {.requests = {.a_second = 0.01, .burst = 3}, .failures = {}}});
  const auto ask = [&](Role role) {
    return service.ask("GET", "/v1/decisions", service.token(role));
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(Role::Analyst).status, 200);
  const auto refused = ask(Role::Analyst);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.field("retry-after"), "100");
  EXPECT_EQ(ask(Role::Senior).status, 200) << "another token has its own rate";
}

TEST(Rates, GuessingTokensIsSlowedDownAndHonestUseIsNot) {
  const RunningService service(
      {.gate = {.requests = {}, .failures = {.a_second = 0.01, .burst = 5}}});
  auto wrong = service.token(Role::Analyst);
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  std::multiset<int> told;
  for (int i = 0; i < 10; ++i) told.insert(service.ask("GET", "/v1/decisions", wrong).status);
  EXPECT_EQ(told.count(401), 4U);
  EXPECT_EQ(told.count(429), 6U);
  EXPECT_EQ(service.ask("GET", "/v1/decisions", service.token(Role::Analyst)).status, 200);
  EXPECT_EQ(service.ask("GET", "/v1/decisions", "").status, 401) << "who says nothing guesses not";
}

TEST(Readiness, TellsWhetherMailsAreDecided) {
  const RunningService with, without({}, RunningService::Champion::None);
  for (int i = 0; i < 500 && with.ask("GET", "/readyz", "").status != 200; ++i) {
  }
  EXPECT_EQ(with.ask("GET", "/readyz", "").status, 200);
  EXPECT_EQ(without.ask("GET", "/readyz", "").status, 503);
  EXPECT_EQ(without.ask("GET", "/healthz", "").status, 200);
  const auto refused = without.score("Subject: x\n\nx");
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("/v1/deployments/mail/promote"), std::string::npos) << refused.body;
}

}  // namespace
}  // namespace winnow::server
