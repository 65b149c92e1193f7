// Records that the champion of their domain cannot read: kept, told, and decided by the next one.
#include <fmt/format.h>

#include "tests/server/log_service.h"

namespace winnow::server {
namespace {

using testing::LogService;

std::string dns(int number) {
  return fmt::format(
      R"({{"timestamp":"2026-03-04T08:{:02}:00+0000","event_type":"dns","src_ip":"10.0.0.7",)"
      R"("src_port":5,"dest_ip":"192.0.2.53","dest_port":53,"proto":"UDP","dns":)"
      R"({{"type":"query","id":{},"rrname":"n{}.example","rrtype":"A"}}}})"
      "\n",
      number, number, number);
}

class KeptRecords : public ::testing::Test {
 protected:
  std::size_t decisions() const {
    return service.read("/v1/decisions", Role::Analyst)["decisions"].size();
  }
  Json drift(std::string_view of = "/v1/status") const {
    return service.read(of, Role::Engineer)["drift"];
  }
  bool tells(std::string_view line) const {
    const auto text = service.ask("GET", "/metrics", service.token(Role::Engineer)).body;
    return text.find(line) != std::string::npos;
  }
  Json retry() const {
    const auto answer = service.ask("POST", "/v1/quarantine/retry", service.token(Role::Engineer),
                                    "Content-Type: application/json\r\n", "{}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parse_json(answer.body).value_or(Json());
  }
  void take_up(const std::string& mapping) {
    service.restart([&](ServiceOptions&, FixedClock&) {
      std::filesystem::copy_file(testing::source_folder() / "content/mappings" / mapping,
                                 service.mappings() / mapping);
    });
  }
  LogService service{{"zeek.yaml"}};
};

TEST_F(KeptRecords, OfANewMappingAreDecidedByTheNextChampion) {
  service.promote({{Domain::Network, {"zeek.yaml"}}});
  EXPECT_EQ(drift().size(), 0U);
  take_up("suricata.yaml");
  service.wait_for({{Domain::Network, {"zeek.yaml"}}});
  service.post("suricata", dns(1) + dns(2) + dns(3));
  service.wait_for_empty_spool();
  for (const auto* const of : {"/v1/status", "/v1/sources"}) {
    const auto told = drift(of);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0]["mapping"].as_string(), "suricata");
    EXPECT_EQ(told[0]["domain"].as_string(), "network");
    EXPECT_EQ(told[0]["state"].as_string(), "missing");
    EXPECT_EQ(told[0]["waiting"].as_int(), 3);
    EXPECT_EQ(told[0]["advice"].as_string(),
              "winnow bundles build --domain network, then winnow deployments promote latest");
  }
  EXPECT_TRUE(tells(R"(winnow_kept_waiting_records{domain="network",mapping="suricata"} 3)"));
  EXPECT_TRUE(
      tells(R"(winnow_mapping_drift{domain="network",mapping="suricata",state="missing"} 1)"));
  EXPECT_EQ(decisions(), 0U);

  service.promote({{Domain::Network, {"suricata.yaml", "zeek.yaml"}}});
  testing::wait_until([&] { return decisions() == 3 && drift().size() == 0; });
  EXPECT_EQ(decisions(), 3U);
  EXPECT_EQ(drift().size(), 0U);
  service.post("suricata", dns(1) + dns(4));  // one of them again
  service.wait_for_empty_spool();
  EXPECT_EQ(decisions(), 4U);
}

TEST_F(KeptRecords, OutOfQuarantineAreToldApartFromDecidedOnes) {
  service.promote({{Domain::Network, {"zeek.yaml"}}});
  service.post("ids", dns(1) + dns(2));
  service.wait_for_empty_spool();
  take_up("suricata.yaml");
  service.wait_for({{Domain::Network, {"zeek.yaml"}}});
  auto retried = retry();
  EXPECT_EQ(retried["released"].as_int(), 2);
  EXPECT_EQ(retried["decided"].as_int(), 0);
  EXPECT_EQ(retried["kept"].as_int(), 2);
  EXPECT_EQ(drift()[0]["waiting"].as_int(), 2);
  service.promote({{Domain::Network, {"suricata.yaml", "zeek.yaml"}}});
  testing::wait_until([&] { return decisions() == 2; });
  EXPECT_EQ(decisions(), 2U);
}

TEST_F(KeptRecords, OutOfQuarantineThatTheChampionReadsAreDecidedTogether) {
  std::string lines;
  for (int i = 0; i < 60; ++i) lines += dns(i);
  service.post("ids", lines);
  service.wait_for_empty_spool();
  take_up("suricata.yaml");
  service.promote({{Domain::Network, {"suricata.yaml", "zeek.yaml"}}});
  const auto retried = retry();
  EXPECT_EQ(retried["released"].as_int(), 60);
  EXPECT_EQ(retried["decided"].as_int(), 60);
  EXPECT_EQ(retried["kept"].as_int(), 0);
  EXPECT_EQ(retry()["tried"].as_int(), 0);
}

}  // namespace
}  // namespace winnow::server
