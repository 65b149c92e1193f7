// A service in which the network is decided beside mail, each by a champion of its own.
#include <fmt/format.h>

#include "tests/server/log_service.h"

namespace winnow::server {
namespace {

using testing::LogService;

std::string alert(int number, int severity) {
  return fmt::format(
      R"({{"timestamp":"2026-03-04T08:{:02}:00+0000","event_type":"alert","src_ip":"10.0.0.{}",)"
      R"("src_port":5,"dest_ip":"192.0.2.9","dest_port":80,"proto":"TCP","alert":{{"gid":1,)"
      R"("signature_id":{},"signature":"alert {}","category":"c","severity":{}}}}})",
      number, number, number, number, severity);
}

// Rows of a mail log, more than the scorer takes at once.
std::string many_mails() {
  std::string rows;
  for (int i = 0; i < 300; ++i)
    rows += fmt::format(R"({{"sender":"a@b.example","subject":"{}","body":"hello"}})", i) + "\n";
  return rows;
}

class Domains : public ::testing::Test {
 protected:
  void start(LogService::Champion mail) {
    service = std::make_unique<LogService>(std::vector<std::string>{"suricata.yaml"}, mail);
  }
  void post(const std::string& line) const { service->post("ids", line + "\n"); }
  std::vector<Json> decisions(std::size_t count) const {
    Json made;
    testing::wait_until([&] {
      made = service->read("/v1/decisions", Role::Analyst)["decisions"];
      return made.size() >= count;
    });
    return made.items();
  }

  std::vector<Json> first_decisions() const {
    post(alert(0, 1));
    return decisions(1);
  }

  std::unique_ptr<LogService> service;
};

TEST_F(Domains, WhatComesByADoorIsDecidedByTheChampionOfItsDomain) {
  start(LogService::Champion::Small);
  service->promote_network();
  const auto made = first_decisions();
  ASSERT_FALSE(made.empty());
  EXPECT_TRUE(made[0]["sender"].as_string().starts_with("10.0.0."));
  EXPECT_TRUE(made[0]["subject"].as_string().starts_with("alert: alert "));
  EXPECT_EQ(made[0]["route"].as_string(), "queue");  // the IDS calls it severe
  EXPECT_EQ(service->score("From: a@b.example\n\nhello\n").status, 200);
  const auto count = decisions(0).size();
  post(alert(59, 3));  // decided and closed
  EXPECT_EQ(decisions(count + 1).size(), count + 1);

  // A finding of the network shows its event, one of mail its mail.
  const auto finding = parse_json(service
                                      ->ask("GET", "/v1/findings/" + made[0]["id"].as_string(),
                                            service->token(Role::Analyst))
                                      .body)
                           .value();
  EXPECT_TRUE(finding["mail"].is_null());
  EXPECT_EQ(finding["ocsf"]["evidences"][std::size_t{0}]["dst_endpoint"]["ip"].as_string(),
            "192.0.2.9");
  EXPECT_GT(finding["features"].size(), 50U);

  // It has no processes; what is no finding has no answer.
  const auto processes = [&](const std::string& id) {
    return service->ask("GET", "/v1/findings/" + id + "/processes", service->token(Role::Analyst));
  };
  const auto tree = processes(made[0]["id"].as_string());
  EXPECT_EQ(tree.status, 200);
  EXPECT_EQ(parse_json(tree.body).value()["processes"].size(), 0U);
  EXPECT_EQ(processes("d-" + std::string(64, '0')).status, 404);
}

TEST_F(Domains, ACaseOfTheNetworkIsListedUnderItAndTakesNoSuppressionOfASender) {
  start(LogService::Champion::None);
  service->promote_network();
  ASSERT_FALSE(first_decisions().empty());
  Json listed;
  testing::wait_until([&] {
    listed = service->read("/v1/queue?domain=network", Role::Analyst);
    return listed["cases"].size() > 0;
  });
  ASSERT_GT(listed["cases"].size(), 0U);
  EXPECT_EQ(to_text(listed["cases"][std::size_t{0}]["domains"]), R"(["network"])");
  EXPECT_EQ(service->read("/v1/queue?domain=mail", Role::Analyst)["total"].as_int(), 0);

  const auto target = "/v1/cases/" + listed["cases"][std::size_t{0}]["id"].as_string() + "/verdict";
  const auto judge = [&](std::string_view kind, std::string_view value) {
    return service->ask(
        "POST", target, service->token(Role::Senior), "Content-Type: application/json\r\n",
        fmt::format(
            R"({{"verdict":"benign_positive","reason":"a test","scope":{{"kind":"{}","value":"{}"}}}})",
            kind, value));
  };
  const auto refused = judge("sender_domain", "halvenmoor.example.com");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("no finding of this case is a mail"), std::string::npos)
      << refused.body;
  EXPECT_EQ(judge("campaign", listed["cases"][std::size_t{0}]["id"].as_string()).status, 200);
}

TEST_F(Domains, TheNetworkIsDecidedWhereNobodyDecidesOnMail) {
  start(LogService::Champion::None);
  service->promote_network();
  const auto made = first_decisions();
  ASSERT_FALSE(made.empty());
  EXPECT_EQ(service->score("From: a@b.example\n\nhello\n").status, 503);

  // Mail that nobody decides on is kept and holds nothing up, however much of it comes.
  post(many_mails());
  const auto count = decisions(0).size();
  post(alert(59, 3));
  EXPECT_EQ(decisions(count + 1).size(), count + 1);
}

TEST_F(Domains, WhileNothingIsDeployedMailWaitsAndIsThenDecided) {
  start(LogService::Champion::None);
  post(alert(0, 1) + "\n" + many_mails());  // once the alert is history, mails were looked at
  testing::wait_until(
      [&] { return service->read("/v1/events", Role::Analyst)["events"].size() > 0; });
  EXPECT_TRUE(decisions(0).empty());
  service->restart(LogService::Champion::Small);
  EXPECT_GE(decisions(50).size(), 50U);  // a page
}

}  // namespace
}  // namespace winnow::server
