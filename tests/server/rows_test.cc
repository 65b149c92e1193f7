// Rows of feature values in, judgements out.
#include <fmt/format.h>

#include "base/json.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::Answer;
using testing::raw_of;
using testing::RunningService;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";
constexpr std::string_view kLines = "Content-Type: application/x-ndjson\r\n";

class Rows : public ::testing::Test {
 protected:
  Answer ask(std::string_view body, std::string_view fields = kJson,
             Role role = Role::Sensor) const {
    return service.ask("POST", "/v1/score", service.token(role), fields, body);
  }
  Json judged(std::string_view body, std::string_view fields = kJson) const {
    const auto answer = ask(body, fields);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parse_json(answer.body).value();
  }
  std::string problem(std::string_view body, std::string_view fields = kJson) const {
    const auto answer = ask(body, fields);
    EXPECT_EQ(answer.status, 400) << answer.body;
    const auto json = parse_json(answer.body).value();
    return json["detail"].as_string() + "; " + json["hint"].as_string();
  }
  RunningService service;
};

TEST_F(Rows, AreJudgedAsTheDecisionOnTheirMail) {
  for (int links = 0; links < 4; ++links) {
    const auto decision = parse_json(service.score(raw_of({.links = links})).body).value();
    const auto answer = judged(fmt::format(R"({{"links":{},"listed":false}})", links));
    EXPECT_EQ(answer["bundle"], decision["bundle"]);
    ASSERT_EQ(answer["rows"].items().size(), 1U);
    const auto& row = answer["rows"].items()[0];
    EXPECT_EQ(row["probability"], decision["probability"]) << links;
    EXPECT_EQ(row["decided_by"], decision["decided_by"]);
  }
}

TEST_F(Rows, OfALineEach) {
  const auto answer = judged(
      "{\"links\":0}\r\n\n{\"links\":3, \"mails\":null}\n{\"links\":1,\"listed\":true}", kLines);
  const auto& rows = answer["rows"].items();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0]["route"].as_string(), "close");
  EXPECT_EQ(rows[1]["route"].as_string(), "escalate");
  EXPECT_TRUE(rows[1]["rule"].is_null());
  EXPECT_EQ(rows[2]["decided_by"].as_string(), "second stage");
  EXPECT_EQ(rows[2]["rule"].as_string(), "known-bad-link");
}

TEST_F(Rows, ThatCannotBeJudgedSayWhy) {
  EXPECT_EQ(problem(R"({"link":1})"), "the champion has no feature 'link'; did you mean 'links'?");
  EXPECT_EQ(problem(R"({"links":1,"links":2})"), "'links' comes twice; ");
  EXPECT_EQ(problem(R"({"links":1e39})"), "'links' is 1e+39, beyond the numbers of 32 bits; ");
  EXPECT_NE(problem("{\"links\":1}\n[]\n", kLines).find("line 2"), std::string::npos);
  EXPECT_EQ(problem(""), "the body has no row; ");
  EXPECT_EQ(problem("\n \n", kLines), "the body has no row; ");
  EXPECT_NE(problem(R"({"links":"<b>"})").find("'links' is neither"), std::string::npos);
  EXPECT_EQ(ask("a,b", "Content-Type: text/csv\r\n").status, 415);
  EXPECT_EQ(ask("{}", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n").status, 415);
  EXPECT_EQ(ask(std::string(300'000, ' ')).status, 413);
  std::string names = "{";
  for (int i = 0; i <= 4096; ++i) names += fmt::format("{}\"n{}\":1", i > 0 ? "," : "", i);
  EXPECT_NE(problem(names + '}').find("more than 4096 members"), std::string::npos);
}

TEST_F(Rows, AreAsManyAsALoopMayBeKeptFor) {
  std::string rows;
  for (int i = 0; i < 512; ++i) rows += "{}\n";
  EXPECT_EQ(judged(rows, kLines)["rows"].items().size(), 512U);
  EXPECT_EQ(problem(rows + "{}\n", kLines),
            "the body has more than 512 rows; send them in several requests");
}

TEST_F(Rows, AreForSensorsAndEngineers) {
  EXPECT_EQ(ask("{}", kJson, Role::Engineer).status, 200);
  EXPECT_EQ(ask("{}", kJson, Role::Analyst).status, 403);
}

TEST_F(Rows, LeaveNothingBehind) {
  judged(R"({"links":3})");
  const auto listed = service.ask("GET", "/v1/decisions", service.token(Role::Analyst));
  EXPECT_TRUE(parse_json(listed.body).value()["decisions"].items().empty()) << listed.body;
}

TEST(RowsWithoutAChampion, AreNotJudged) {
  const RunningService service({}, RunningService::Champion::None);
  const auto answer =
      service.ask("POST", "/v1/score", service.token(Role::Sensor), kJson, R"({"links":1})");
  EXPECT_EQ(answer.status, 503);
}

}  // namespace
}  // namespace winnow::server
