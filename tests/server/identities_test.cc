// Who was where, asked over HTTP.
#include <thread>

#include <fmt/format.h>

#include "rollout/deployments.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using testing::RunningService;

Path content(std::string_view file) { return testing::source_folder() / "content" / file; }

constexpr const char* kLease =
    R"({"timestamp":"2026-03-04T07:58:00.000000+0000","event_type":"dhcp","src_ip":"10.0.0.1","src_port":67,"dest_ip":"10.0.0.5","dest_port":68,"proto":"UDP","dhcp":{"type":"reply","id":1,"client_mac":"00:0c:29:79:2e:c8","assigned_ip":"10.0.0.5","dhcp_type":"ack","lease_time":86400,"hostname":"WS-0042"}})";
constexpr const char* kLogon =
    R"({"Channel":"Security","EventID":4624,"Hostname":"WS-0042.soc.example","TimeCreated":"2026-03-04T08:02:00.000Z","TargetUserName":"ann","TargetDomainName":"SOC","TargetLogonId":"0x1","LogonType":"2","IpAddress":"127.0.0.1"})";
constexpr const char* kAlert =
    R"({"timestamp":"2026-03-04T08:30:00+0000","event_type":"alert","src_ip":"10.0.0.5","src_port":5,"dest_ip":"192.0.2.9","dest_port":80,"proto":"TCP","alert":{"gid":1,"signature_id":7,"signature":"alert","category":"c","severity":1}})";

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

class WhoWasWhere : public ::testing::Test {
 protected:
  WhoWasWhere() {
    service.restart([this](ServiceOptions&, FixedClock&) {
      for (const auto* const name : {"suricata.yaml", "windows.yaml"})
        std::filesystem::copy_file(content("mappings") / name, service.mappings() / name);
      auto& registry = service.registry();
      const auto id = registry.add(network_bundle(registry), "ada").value();
      auto deployments =
          Deployments::open(registry, service.folder() / "soc/data/winnow.db", Access::ReadWrite)
              .value();
      EXPECT_OK(deployments.promote(id.text(), "ada", "first"));
    });
    until([&] { return service.ask("GET", "/readyz", "").body == "ready\n"; });
  }
  static void until(const std::function<bool()>& done) {
    for (int i = 0; i < 2'000 && !done(); ++i) std::this_thread::sleep_for(5ms);
  }
  void post(const std::string& line) {
    const auto answer = service.ask("POST", "/v1/events/ids", service.token(Role::Sensor),
                                    "Content-Type: application/x-ndjson\r\n", line + "\n");
    EXPECT_LT(answer.status, 300) << answer.body;
  }
  testing::Answer get(const std::string& target, Role role = Role::Analyst) {
    return service.ask("GET", target, service.token(role));
  }
  Json body_of(const std::string& target) { return parse_json(get(target).body).value(); }

  RunningService service{{}, RunningService::Champion::None};
};

TEST_F(WhoWasWhere, FollowWhatArrives) {
  const std::string about = "/v1/identities?address=10.0.0.5&at=2026-03-04T08:30:00Z";
  EXPECT_EQ(body_of(about)["direct"].size(), 0U);
  post(kLease);
  post(kLogon);
  until([&] { return body_of(about)["through"].size() > 0; });
  const auto body = body_of(about);
  ASSERT_EQ(body["direct"].size(), 1U);
  EXPECT_EQ(body["direct"][0]["host"].as_string(), "ws-0042");
  EXPECT_EQ(body["direct"][0]["witness"].as_string(), "DHCP lease");
  EXPECT_EQ(body["direct"][0]["evidence"][0]["event"].as_string(), sha256(kLease).hex());
  ASSERT_EQ(body["through"].size(), 1U);
  EXPECT_EQ(body["through"][0]["user"].as_string(), "ann");
  // All of it arrived at the service's time; before, nothing was known.
  EXPECT_EQ(body_of(about + "&known_by=2026-03-04T08:59:59Z")["direct"].size(), 0U);
  EXPECT_EQ(body_of(about + "&known_by=2026-03-04T09:00:00Z")["direct"].size(), 1U);
}

TEST_F(WhoWasWhere, OfAFindingAreThoseOfItsMoment) {
  post(kLease);
  post(kLogon);
  post(kAlert);
  std::string id;
  until([&] {
    const auto decisions = body_of("/v1/decisions")["decisions"];
    for (const auto& one : decisions.items()) {
      if (one["event"].as_string() == sha256(kAlert).hex()) id = one["id"].as_string();
    }
    return !id.empty() &&
           body_of("/v1/findings/" + id + "/identities")["answers"][0]["through"].size() > 0;
  });
  const auto body = body_of("/v1/findings/" + id + "/identities");
  EXPECT_EQ(body["at"].as_string(), "2026-03-04T08:30:00Z");
  ASSERT_EQ(body["answers"].size(), 1U);  // of the other address nothing is known
  EXPECT_EQ(body["answers"][0]["key"].as_string(), "10.0.0.5");
  EXPECT_EQ(body["answers"][0]["direct"][0]["host"].as_string(), "ws-0042");
  EXPECT_EQ(body["answers"][0]["through"][0]["user"].as_string(), "ann");
  EXPECT_EQ(get("/v1/findings/" + id + "/identities", Role::Engineer).status, 403);
  EXPECT_EQ(get("/v1/findings/d-ffffffffffffffff/identities").status, 404);
}

TEST_F(WhoWasWhere, AreForThoseWhoWorkTheQueue) {
  for (const auto role : kRoles) {
    const int want = kWorkTheQueue.contains(role) ? 200 : 403;
    EXPECT_EQ(get("/v1/identities?user=ann", role).status, want) << name_of(role);
  }
}

TEST_F(WhoWasWhere, QuestionsAreChecked) {
  for (const auto* const query :
       {"", "?address=10.0.0.5&user=ann", "?address=ws-0042", "?address=127.0.0.1", "?user=WS$",
        "?user=ann&at=yesterday", "?user=ann&limit=501", "?user=ann&kind=user", "?host="}) {
    EXPECT_EQ(get(std::string("/v1/identities") + query).status, 400) << query;
  }
}

}  // namespace
}  // namespace winnow::server
