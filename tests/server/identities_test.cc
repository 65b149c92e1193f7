// Who was where, asked over HTTP.
#include "tests/server/log_service.h"

namespace winnow::server {
namespace {

using testing::LogService;
using testing::wait_until;

constexpr const char* kLease =
    R"({"timestamp":"2026-03-04T07:58:00.000000+0000","event_type":"dhcp","src_ip":"10.0.0.1","src_port":67,"dest_ip":"10.0.0.5","dest_port":68,"proto":"UDP","dhcp":{"type":"reply","id":1,"client_mac":"00:0c:29:79:2e:c8","assigned_ip":"10.0.0.5","dhcp_type":"ack","lease_time":86400,"hostname":"WS-0042"}})";
constexpr const char* kLogon =
    R"({"Channel":"Security","EventID":4624,"Hostname":"WS-0042.soc.example","TimeCreated":"2026-03-04T08:02:00.000Z","TargetUserName":"ann","TargetDomainName":"SOC","TargetLogonId":"0x1","LogonType":"2","IpAddress":"127.0.0.1"})";
constexpr const char* kAlert =
    R"({"timestamp":"2026-03-04T08:30:00+0000","event_type":"alert","src_ip":"10.0.0.5","src_port":5,"dest_ip":"192.0.2.9","dest_port":80,"proto":"TCP","alert":{"gid":1,"signature_id":7,"signature":"alert","category":"c","severity":1}})";

class WhoWasWhere : public ::testing::Test {
 protected:
  WhoWasWhere() { service.promote_network(); }
  void post(const std::string& line) const { service.post("ids", line + "\n"); }
  testing::Answer get(const std::string& target, Role role = Role::Analyst) {
    return service.ask("GET", target, service.token(role));
  }
  Json body_of(const std::string& target) { return parse_json(get(target).body).value(); }

  LogService service{{"suricata.yaml", "windows.yaml"}, LogService::Champion::None};
};

TEST_F(WhoWasWhere, FollowWhatArrives) {
  const std::string about = "/v1/identities?address=10.0.0.5&at=2026-03-04T08:30:00Z";
  EXPECT_EQ(body_of(about)["direct"].size(), 0U);
  post(kLease);
  post(kLogon);
  wait_until([&] { return body_of(about)["through"].size() > 0; });
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
  wait_until([&] {
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
