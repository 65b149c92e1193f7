// Who is shown what mails say: every route that answers with something of a mail, for every role.
#include <fmt/format.h>

#include "base/json.h"
#include "server/routes.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::Answer;
using testing::Client;
using testing::RunningService;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";
// Stands wherever a mail says something; nowhere else.
constexpr std::string_view kSecret = "wombat";
constexpr std::string_view kMail =
    "From: desk@pay-now.com\nTo: ann@soc.com\nSubject: Invoice 4411\nX-Preview: wombat\n"
    "Date: Tue, 3 Mar 2026 14:05:06 +0000\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b; name=wombat\n\n"
    "--b\nContent-Type: text/html\n\n<p>wombat <a href=\"http://pay-now.com/wombat\">wombat</a> "
    "<a href=\"http://pay-now.com/2\">2</a> <a href=\"http://pay-now.com/3\">3</a></p>\n"
    "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; "
    "filename=\"wombat.exe\"\n\nMZ wombat\n--b--\n";

ServiceOptions options_for(RoleSet readers) {
  ServiceOptions options;
  options.gate.requests = {.a_second = 1e6, .burst = 1e6, .known = 100};
  options.mail_readers = readers;
  return options;
}

class MailContentOfRoutes : public ::testing::TestWithParam<RoleSet> {
 protected:
  Answer ask(std::string_view method, std::string_view target, Role role,
             const Json& body = {}) const {
    return service_.ask(method, target, service_.token(role), body.is_null() ? "" : kJson,
                        body.is_null() ? "" : to_text(body));
  }
  Json json(std::string_view target, Role role) const {
    return parse_json(ask("GET", target, role).body).value();
  }
  // Scores the mail and waits until it is in a case.
  void find() {
    const auto scored = service_.score(kMail);
    ASSERT_EQ(scored.status, 200) << scored.body;
    finding_ = parse_json(scored.body).value()["id"].as_string();
    event_ = parse_json(scored.body).value()["event"].as_string();
    for (int i = 0; i < 2'000 && case_.empty(); ++i) {
      const auto in_case = json("/v1/findings/" + finding_, Role::Analyst)["case"];
      if (!in_case.is_null()) case_ = in_case.as_string();
      ask("POST", "/v1/cases/c-none/notes", Role::Analyst, Json::object({{"text", "x"}}));
    }
    ASSERT_FALSE(case_.empty());
  }
  // Every path of the route that something is at.
  std::vector<std::string> targets_of(const Route& route) const {
    if (route.pattern == "/v1/stream") return {};  // never ends: TheStream...
    if (variable_of(route.pattern).empty()) return {std::string(route.pattern)};
    std::vector<std::string> targets;
    for (const auto& id : {finding_, case_, event_, std::string("mail"), std::string("0")})
      targets.push_back(testing::target_of(route, id));
    return targets;
  }
  static bool tells(const Answer& answer) { return answer.body.find(kSecret) != std::string::npos; }
  std::string finding_, case_, event_;
  RunningService service_{options_for(GetParam())};
};

TEST_P(MailContentOfRoutes, ShowsItToThoseWhoMayReadItOnly) {
  find();
  std::size_t answered = 0, told = 0;
  for (const auto& route : routes()) {
    if (route.method != http::Method::Get) continue;
    for (const auto& target : targets_of(route)) {
      for (const auto role : kRoles) {
        const auto answer = ask("GET", target, role);
        answered += answer.status == 200 ? 1 : 0;
        told += tells(answer) ? 1 : 0;
        EXPECT_TRUE(!tells(answer) || GetParam().contains(role))
            << target << " as " << name_of(role) << ": " << answer.body;
      }
    }
  }
  EXPECT_GT(answered, 60U);
  std::size_t readers = 0;
  for (const auto role : kRoles) readers += GetParam().contains(role) ? 1 : 0;
  // Decisions, one decision, the queue, the case: their reasons quote it. The finding, the event.
  EXPECT_EQ(told, 6 * readers);
}

TEST_P(MailContentOfRoutes, SaysThatItLeftSomethingOut) {
  find();
  for (const auto role : kRoles) {
    if (!kPeople.contains(role)) continue;
    const auto finding = json("/v1/findings/" + finding_, role);
    const bool reads = GetParam().contains(role);
    EXPECT_EQ(finding["mail"]["redacted"].as_bool(), !reads);
    EXPECT_EQ(finding["mail"]["text"].is_null(), !reads);
    EXPECT_EQ(finding["subject"].as_string(), "Invoice 4411");
    EXPECT_EQ(finding["sender"].as_string(), "desk@pay-now.com");
    EXPECT_GT(finding["reasons"].size(), 0U);
  }
}

TEST_P(MailContentOfRoutes, WhatIsChangedIsAnsweredTheSameWay) {
  find();
  const auto target = "/v1/cases/" + case_;
  const auto note = Json::object({{"text", "called them"}});
  for (const auto role : {Role::Analyst, Role::Senior, Role::Admin}) {
    for (const auto& answer :
         {ask("POST", target + "/notes", role, note),
          ask("PATCH", target, role, Json::object({{"owner", "me"}})),
          ask("POST", target + "/verdict", role,
              Json::object({{"verdict", "true_positive"}, {"reason", "a false shop"}}))}) {
      EXPECT_EQ(answer.status, 200) << answer.body;
      EXPECT_EQ(tells(answer), GetParam().contains(role)) << name_of(role);
    }
  }
}

// A search that finds something by it would tell it word by word.
TEST_P(MailContentOfRoutes, IsFoundByThoseWhoMayReadItOnly) {
  find();
  for (const auto role : kRoles) {
    if (!kPeople.contains(role)) continue;
    const auto hits = [&](std::string_view words) {
      return json(fmt::format("/v1/queue?q={}", words), role)["total"].as_int();
    };
    EXPECT_EQ(hits(kSecret), GetParam().contains(role) ? 1 : 0) << name_of(role);
    EXPECT_EQ(hits("invoice"), 1) << name_of(role);
    EXPECT_EQ(hits("invoice%20desk"), 1) << name_of(role);
    const auto events = [&](std::string_view words) {
      return json(fmt::format("/v1/events?q={}", words), role)["events"].size();
    };
    EXPECT_EQ(events(kSecret), GetParam().contains(role) ? 1U : 0U) << name_of(role);
    EXPECT_EQ(events("invoice"), 1U) << name_of(role);
  }
}

TEST_P(MailContentOfRoutes, TheStreamTellsIdsOnly) {
  find();
  Client page(service_.port());
  page.send(fmt::format("GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
                        service_.token(Role::Auditor)));
  page.read_until("\r\n\r\n", std::chrono::seconds(20));
  ask("POST", fmt::format("/v1/cases/{}/notes", case_), Role::Analyst,
      Json::object({{"text", "x"}}));
  std::string heard;
  while (heard.find("event: case") == std::string::npos) {
    heard = page.read_until("\n\n", std::chrono::seconds(20));
    ASSERT_FALSE(heard.empty());
    EXPECT_EQ(heard.find(kSecret), std::string::npos);
  }
}

// A page that was shown the whole one must not be told that it still holds.
TEST_P(MailContentOfRoutes, TheTagTellsWhetherItIsWhole) {
  find();
  const auto target = "/v1/decisions/" + finding_;
  const auto tag = [&](Role role) { return ask("GET", target, role).field("etag"); };
  EXPECT_EQ(tag(Role::Analyst) == tag(Role::Auditor),
            GetParam().contains(Role::Analyst) == GetParam().contains(Role::Auditor));
}

INSTANTIATE_TEST_SUITE_P(Each, MailContentOfRoutes,
                         ::testing::Values(kReadMail, RoleSet(), RoleSet{Role::Auditor},
                                           RoleSet{Role::Analyst, Role::Senior, Role::Engineer,
                                                   Role::Admin, Role::Auditor}));

TEST(RolesNamed, AreSeparatedByCommas) {
  const auto named = [](std::string_view names) { return roles_named(names).value(); };
  for (const auto role : kRoles) {
    EXPECT_EQ(named("analyst, senior").contains(role), kReadMail.contains(role));
    EXPECT_EQ(named("auditor").contains(role), role == Role::Auditor);
    EXPECT_FALSE(named(" nobody ").contains(role));
  }
  for (const std::string_view wrong : {"", "analyst,", "everybody", "analyst senior", "nobody, x"})
    EXPECT_EQ(testing::code_of(roles_named(wrong)), Code::InvalidArgument) << wrong;
}

}  // namespace
}  // namespace winnow::server
