// A service in which the network is decided beside mail, each by a champion of its own.
#include <thread>

#include <fmt/format.h>

#include "rollout/deployments.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using testing::RunningService;

Path content(std::string_view file) { return testing::source_folder() / "content" / file; }

// The network's shipped content without a model: its rules decide alone.
Bundle network_bundle(Registry& registry) {
  const auto add = [&](ArtifactKind kind, std::string_view name, std::string_view bytes) {
    return registry.add({kind, std::string(name), bytes, "application/json"}, "ada").value().ref();
  };
  const auto mapping =
      Mapping::compile(Yaml::read(content("mappings/suricata.yaml").string()).value()).value();
  const auto features = FeatureSet::compile(content("features/network.yaml")).value();
  const auto policy = Yaml::read(content("policies/network.yaml").string()).value();
  return {"network",
          {add(ArtifactKind::Mapping, "suricata", mapping.canonical()),
           add(ArtifactKind::FeatureSet, "network", features.canonical()),
           add(ArtifactKind::Policy, "network", to_canonical(policy.json()).value())}};
}

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
  void start(RunningService::Champion mail) {
    service = std::make_unique<RunningService>(ServiceOptions{}, mail);
    service->restart([this](ServiceOptions&, FixedClock&) {
      std::filesystem::copy_file(content("mappings/suricata.yaml"),
                                 service->mappings() / "suricata.yaml");
    });
  }
  // As somebody would beside the service: what it says holds there soon.
  void promote_network() {
    service->restart([this](ServiceOptions&, FixedClock&) {
      auto& registry = service->registry();
      const auto id = registry.add(network_bundle(registry), "ada").value();
      auto deployments =
          Deployments::open(registry, service->folder() / "soc/data/winnow.db", Access::ReadWrite)
              .value();
      ASSERT_OK(deployments.promote(id.text(), "ada", "first"));
    });
    const auto ready = [&] { return service->ask("GET", "/readyz", "").body == "ready\n"; };
    for (int i = 0; i < 1'000 && !ready(); ++i) std::this_thread::sleep_for(5ms);
  }
  void post(const std::string& line) const {
    const auto answer = service->ask("POST", "/v1/events/ids", service->token(Role::Sensor),
                                     "Content-Type: application/x-ndjson\r\n", line + "\n");
    EXPECT_LT(answer.status, 300) << answer.body;
  }
  std::vector<Json> decisions(std::size_t count) const {
    for (int i = 0;; ++i) {
      const auto answer = service->ask("GET", "/v1/decisions", service->token(Role::Analyst));
      const auto body = parse_json(answer.body).value();
      if (body["decisions"].size() >= count || i == 1'000) return body["decisions"].items();
      std::this_thread::sleep_for(5ms);
    }
  }

  // The follower may still be on its way to the network's champion: then the first alerts are
  // history.
  std::vector<Json> first_decisions() const {
    std::vector<Json> made;
    for (int i = 0; i < 50 && made.empty(); ++i) {
      post(alert(i, 1));
      std::this_thread::sleep_for(100ms);
      made = decisions(0);
    }
    return made;
  }

  std::unique_ptr<RunningService> service;
};

TEST_F(Domains, WhatComesByADoorIsDecidedByTheChampionOfItsDomain) {
  start(RunningService::Champion::Small);
  promote_network();
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

TEST_F(Domains, TheNetworkIsDecidedWhereNobodyDecidesOnMail) {
  start(RunningService::Champion::None);
  promote_network();
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
  start(RunningService::Champion::None);
  post(many_mails());
  std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(decisions(0).empty());
  service->restart(RunningService::Champion::Small);
  EXPECT_GE(decisions(50).size(), 50U);  // a page
}

}  // namespace
}  // namespace winnow::server
