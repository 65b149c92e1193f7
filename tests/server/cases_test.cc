// The analysts' queue over HTTP.
#include <fmt/format.h>

#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::testing {
namespace {

using server::Role;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

class CasesTest : public ::testing::Test {
 protected:
  Answer get(std::string_view target, Role role = Role::Analyst) const {
    return service_.ask("GET", target, service_.token(role));
  }
  Answer send(std::string_view method, std::string_view target, const Json& body,
              Role role = Role::Analyst, std::string_view fields = "") const {
    return service_.ask(method, target, service_.token(role), fmt::format("{}{}", kJson, fields),
                        to_text(body));
  }
  static Json json(const Answer& answer) {
    auto parsed = parse_json(answer.body);
    EXPECT_OK(parsed);
    return std::move(parsed).value();
  }
  // Scores a mail that is told of, and waits for its case. The desk takes it within a moment.
  Json found(const SmallMail& mail) {
    const auto answer = service_.score(raw_of(mail));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto id = json(answer)["id"].as_string();
    for (int i = 0; i < 2'000; ++i) {
      auto finding = json(get("/v1/findings/" + id));
      if (!finding["case"].is_null()) return finding;
      // Any change goes through the desk's thread, which makes cases between two of them.
      send("POST", "/v1/cases/c-none/notes", Json::object({{"text", "x"}}));
    }
    ADD_FAILURE() << "no case is made of it";
    return {};
  }
  std::string case_of(const SmallMail& mail) { return found(mail)["case"].as_string(); }

  const SmallMail kUrgent{.from = "desk@pay-now.com", .links = 3, .subject = "Invoice 4411"};
  RunningService service_{{.gate = {.requests = {.a_second = 1e6, .burst = 1e6, .known = 100}}}};
};

TEST_F(CasesTest, AFindingIsInTheQueueAndCanBeOpened) {
  const auto finding = found(kUrgent);
  const auto id = finding["case"].as_string();
  EXPECT_EQ(finding["mail"]["from"]["mailbox"].as_string(), "desk@pay-now.com");
  EXPECT_NE(finding["mail"]["text"].as_string().find("hxxp://"), std::string::npos);
  EXPECT_EQ(finding["features"][0]["name"].as_string(), "links");
  EXPECT_EQ(finding["features"][0]["value"].as_double(), 3);
  const auto queue = json(get("/v1/queue"));
  ASSERT_EQ(queue["cases"].size(), 1U);
  const auto& one = queue["cases"][0];
  EXPECT_EQ(one["id"].as_string(), id);
  EXPECT_EQ(one["title"].as_string(), "Invoice 4411");
  EXPECT_EQ(one["severity"].as_string(), "high");
  EXPECT_EQ(queue["counts"]["new"].as_int(), 1);
  const auto answer = get("/v1/cases/" + id);
  EXPECT_EQ(answer.field("etag"), "\"1\"");
  EXPECT_EQ(json(answer)["finding_list"][0]["id"].as_string(), finding["id"].as_string());
  EXPECT_EQ(get("/v1/cases/c-none").status, 404);
  EXPECT_EQ(get("/v1/findings/d-none").status, 400);
  EXPECT_EQ(get("/v1/findings/d-0123").status, 404);
}

TEST_F(CasesTest, TheQueueTakesFiltersAndRefusesOthers) {
  case_of(kUrgent);
  EXPECT_EQ(json(get("/v1/queue?state=resolved"))["total"].as_int(), 0);
  EXPECT_EQ(json(get("/v1/queue?owner=nobody&severity=high&q=invoice&sort=due"))["total"].as_int(),
            1);
  EXPECT_EQ(json(get("/v1/queue?owner=me"))["total"].as_int(), 0);
  const auto mail = json(get("/v1/queue?domain=mail"));
  EXPECT_EQ(mail["total"].as_int(), 1);
  EXPECT_EQ(to_text(mail["cases"][0]["domains"]), R"(["mail"])");
  EXPECT_EQ(json(get("/v1/queue?domain=cloud"))["total"].as_int(), 0);
  EXPECT_EQ(json(get("/v1/queue?q=%22%20OR%20(%20NEAR"))["total"].as_int(), 0);
  for (const std::string_view bad :
       {"state=odd", "severity=9", "sort=x", "limit=0", "limit=501", "cursor=x", "domain=post",
        "colour=red", "state=new&state=all"}) {
    EXPECT_EQ(get(fmt::format("/v1/queue?{}", bad)).status, 400) << bad;
  }
}

TEST_F(CasesTest, AnAnalystWorksACase) {
  const auto id = case_of(kUrgent);
  const auto target = "/v1/cases/" + id;
  auto answer = send("PATCH", target, Json::object({{"state", "in_progress"}, {"owner", "me"}}),
                     Role::Analyst, "If-Match: \"1\"\r\n");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.field("etag"), "\"2\"");
  EXPECT_EQ(json(answer)["owner"].as_string(), "analyst");
  answer = send("PATCH", target, Json::object({{"owner", Json()}}), Role::Analyst,
                "If-Match: \"1\"\r\n");
  EXPECT_EQ(answer.status, 412);
  EXPECT_EQ(
      send("PATCH", target, Json::object({{"owner", Json()}}), Role::Analyst, "If-Match: x\r\n")
          .status,
      400);
  answer = send("POST", target + "/notes", Json::object({{"text", "called them"}}));
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(json(answer)["history"][0]["detail"].as_string(), "called them");
  answer = send("POST", target + "/verdict",
                Json::object({{"verdict", "true_positive"}, {"reason", "a false shop"}}));
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(json(answer)["state"].as_string(), "resolved");
  EXPECT_EQ(json(get("/v1/queue"))["total"].as_int(), 0);
  // The next mail is decided knowing it: the sender's verdicts are the fourth feature.
  auto next = kUrgent;
  next.subject = "Invoice 4412";
  const auto finding = found(next);
  EXPECT_EQ(finding["features"][3]["name"].as_string(), "phishing");
  EXPECT_EQ(finding["features"][3]["value"].as_double(), 1);
  EXPECT_EQ(finding["case"].as_string(), id);
  EXPECT_EQ(json(get(target))["state"].as_string(), "new") << "it goes on";
}

TEST_F(CasesTest, FindingsComePageByPage) {
  const auto id = case_of(kUrgent);
  auto next = kUrgent;
  next.subject = "Invoice 4412";
  ASSERT_EQ(case_of(next), id);
  const auto whole = json(get("/v1/cases/" + id));
  ASSERT_EQ(whole["finding_list"].size(), 2U);
  EXPECT_EQ(whole["kinds"].size(), 2U);
  EXPECT_EQ(whole["kinds"][0]["subject"].as_string(),
            whole["finding_list"][0]["subject"].as_string());
  const auto target = fmt::format("/v1/cases/{}/findings", id);
  const auto second = json(get(target + "?offset=1&limit=1"))["findings"];
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(to_text(second[0]), to_text(whole["finding_list"][1]));
  EXPECT_EQ(json(get(target + "?offset=2"))["findings"].size(), 0U);
  EXPECT_EQ(get(target + "?limit=501").status, 400);
  EXPECT_EQ(get(target + "?offset=-1").status, 400);
  EXPECT_EQ(get("/v1/cases/c-none/findings").status, 404);
}

TEST_F(CasesTest, BodiesThatMakeNoSenseAreRefused) {
  const auto target = "/v1/cases/" + case_of(kUrgent);
  for (const auto& body :
       {Json::object(), Json::object({{"state", "snoozed"}}), Json::object({{"state", 1}}),
        Json::object({{"owner", ""}}), Json::object({{"owner", "a\nb"}}),
        Json::object({{"snoozed_until", "soon"}}),
        Json::object({{"snoozed_until", "2020-01-01T00:00:00Z"}}),
        Json::object({{"verdict", "true_positive"}})}) {
    EXPECT_EQ(send("PATCH", target, body).status, 400) << to_text(body);
  }
  EXPECT_EQ(send("POST", target + "/notes", Json::object({{"text", ""}})).status, 400);
  EXPECT_EQ(
      send("POST", target + "/notes", Json::object({{"text", std::string(9'000, 'x')}})).status,
      400);
  EXPECT_EQ(
      send("POST", target + "/verdict", Json::object({{"verdict", "odd"}, {"reason", "x"}})).status,
      400);
  EXPECT_EQ(send("POST", "/v1/cases/bulk", Json::object({{"ids", Json::array()}})).status, 400);
  EXPECT_EQ(json(get(target))["version"].as_int(), 1);
}

TEST_F(CasesTest, ManyAtOnceHaveEachTheirResult) {
  const auto id = case_of(kUrgent);
  const auto answer = send("POST", "/v1/cases/bulk",
                           Json::object({{"ids", Json::array({id, "c-none"})},
                                         {"change", Json::object({{"owner", "bea"}})},
                                         {"verdict", Json()}}));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto results = json(answer)["results"];
  EXPECT_EQ(results[0]["status"].as_int(), 200);
  EXPECT_EQ(results[1]["status"].as_int(), 404);
  EXPECT_EQ(json(get("/v1/cases/" + id))["owner"].as_string(), "bea");
}

TEST_F(CasesTest, SuppressionsAreForSeniorsAndNarrowOnesForAnalysts) {
  const auto id = case_of(kUrgent);
  const auto scope = [](std::string_view kind, std::string_view value) {
    return Json::object({{"kind", kind}, {"value", value}});
  };
  const auto wish = Json::object({{"scope", scope("sender_domain", "partner.com")},
                                  {"reason", "our own exercise"},
                                  {"expires", "2026-04-01T00:00:00Z"}});
  EXPECT_EQ(send("POST", "/v1/suppressions", wish, Role::Analyst).status, 403);
  const auto made = send("POST", "/v1/suppressions", wish, Role::Senior);
  ASSERT_EQ(made.status, 201) << made.body;
  const auto suppression = json(made)["id"].as_string();
  EXPECT_EQ(json(get("/v1/suppressions", Role::Auditor))["suppressions"][0]["by"].as_string(),
            "senior");
  const auto judge = [&](const Json& wanted, Role role) {
    return send("POST", "/v1/cases/" + id + "/verdict",
                Json::object({{"verdict", "benign_positive"},
                              {"reason", "a drill"},
                              {"scope", wanted},
                              {"expires", "2026-03-20T00:00:00Z"}}),
                role)
        .status;
  };
  EXPECT_EQ(judge(scope("sender_domain", "pay-now.com"), Role::Analyst), 403);
  EXPECT_EQ(judge(scope("sender", std::string(321, 'a')), Role::Senior), 400);
  EXPECT_EQ(judge(scope("sender", "desk@pay-now.com"), Role::Analyst), 200);
  const auto target = "/v1/suppressions/" + suppression;
  EXPECT_EQ(service_.ask("DELETE", target, service_.token(Role::Analyst)).status, 403);
  EXPECT_EQ(service_.ask("DELETE", target, service_.token(Role::Admin)).status, 200);
  EXPECT_EQ(service_.ask("DELETE", target, service_.token(Role::Admin)).status, 409);
}

TEST_F(CasesTest, OpenPagesAreToldOfWhatChanges) {
  const auto id = case_of(kUrgent);
  Client page(service_.port());
  page.send(fmt::format("GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
                        service_.token(Role::Auditor)));
  page.read_until("\r\n\r\n", std::chrono::seconds(30));
  const auto noted =
      json(send("POST", fmt::format("/v1/cases/{}/notes", id), Json::object({{"text", "x"}})));
  const auto told =
      fmt::format("data: {{\"id\":\"{}\",\"version\":{}}}\n\n", id, noted["version"].as_int());
  std::string heard;
  for (int i = 0; i < 5 && !heard.ends_with(told); ++i)
    heard = page.read_until("\n\n", std::chrono::seconds(30));
  EXPECT_EQ(heard, "event: case\n" + told);
}

TEST_F(CasesTest, CasesOutliveTheService) {
  const auto id = case_of(kUrgent);
  ASSERT_EQ(send("PATCH", "/v1/cases/" + id, Json::object({{"owner", "me"}})).status, 200);
  service_.restart();
  EXPECT_EQ(json(get("/v1/cases/" + id))["owner"].as_string(), "analyst");
}

}  // namespace
}  // namespace winnow::testing
