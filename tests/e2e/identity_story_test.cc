// Who it was, and what it is worth: logs and a list of assets in, decisions and answers out.
#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

constexpr std::string_view kLease =
    R"({"_path":"dhcp","ts":1772697480.5,"uids":["C1"],"server_addr":"10.0.0.1","mac":"08:00:27:00:00:05","host_name":"WS-0042","assigned_addr":"10.0.0.5","lease_time":86400.0,"msg_types":["REQUEST","ACK"]})"
    "\n";
constexpr std::string_view kLogon =
    R"({"Channel":"Security","EventID":4624,"Hostname":"WS-0042.soc.example","TimeCreated":"2026-03-05T08:02:00.000Z","TargetUserName":"Ann","TargetDomainName":"SOC","TargetLogonId":"0x1","LogonType":"2","IpAddress":"127.0.0.1"})"
    "\n"
    R"({"Channel":"Security","EventID":4634,"Hostname":"WS-0042.soc.example","TimeCreated":"2026-03-05T16:31:00.000Z","TargetUserName":"Ann","TargetDomainName":"SOC","TargetLogonId":"0x1","LogonType":"2"})"
    "\n";
constexpr std::string_view kAlert =
    R"({"timestamp":"2026-03-05T09:30:00+0000","event_type":"alert","src_ip":"10.0.0.5","src_port":5,"dest_ip":"10.0.0.4","dest_port":445,"proto":"TCP","alert":{"gid":1,"signature_id":7,"signature":"EXAMPLE","category":"Misc activity","severity":1}})"
    "\n";

class IdentityStory : public ::testing::Test {
 protected:
  IdentityStory() {
    EXPECT_OK(write_atomically(soc_.path() / "dhcp.log", kLease));
    EXPECT_OK(write_atomically(soc_.path() / "logons.json", kLogon));
    EXPECT_OK(write_atomically(soc_.path() / "alerts.json", kAlert));
  }
  Outcome run(const std::vector<std::string>& words) const { return soc_.run(words); }
  Json who(const std::vector<std::string>& words) const {
    std::vector<std::string> all = {"identities", "who"};
    all.insert(all.end(), words.begin(), words.end());
    all.push_back("--json");
    return soc_.must_run(all).json()["answers"];
  }
  Soc soc_;
};

TEST_F(IdentityStory, AnAddressLeadsToTheMachineAndThePerson) {
  EXPECT_ENDS(run({"ingest", "zeek", "dhcp.log"}), 0);
  EXPECT_ENDS(run({"ingest", "windows", "logons.json"}), 0);
  const auto then = who({"10.0.0.5", "--at", "2026-03-05T09:30:00Z"})[0];
  ASSERT_EQ(then["direct"].size(), 1U);
  EXPECT_EQ(then["direct"][0]["host"].as_string(), "ws-0042");
  EXPECT_EQ(then["direct"][0]["hardware"].as_string(), "08:00:27:00:00:05");
  ASSERT_EQ(then["through"].size(), 1U);
  EXPECT_EQ(then["through"][0]["user"].as_string(), "ann");
  EXPECT_EQ(then["through"][0]["ending"].as_string(), "told");
  EXPECT_EQ(then["through"][0]["evidence"].size(), 2U);
  // After the logoff, and before anything of it had arrived.
  EXPECT_EQ(who({"10.0.0.5", "--at", "2026-03-05T17:00:00Z"})[0]["through"].size(), 0U);
  EXPECT_EQ(who({"10.0.0.5", "--known-by", "2020-01-01T00:00:00Z"})[0]["direct"].size(), 0U);
  // Made again it is the same.
  const auto all = who({"ann", "--kind", "user"});
  EXPECT_ENDS(run({"identities", "rebuild"}), 0);
  EXPECT_EQ(who({"ann", "--kind", "user"}), all);
  const auto wrong = run({"identities", "who", "127.0.0.1"});
  EXPECT_ENDS(wrong, 2);
}

TEST_F(IdentityStory, WhatAMappingThatIsLeftOutWouldReadIsNotPassedOver) {
  EXPECT_ENDS(run({"ingest", "zeek", "dhcp.log"}), 0);
  ASSERT_EQ(who({"10.0.0.5"})[0]["direct"].size(), 1U);
  const auto file = soc_.path() / "content/mappings/zeek.yaml";
  const auto zeek = read_file(file, 1 << 20).value();
  ASSERT_OK(write_atomically(file, zeek + "\nnonsense: true\n"));
  const auto refused = run({"identities", "rebuild"});
  EXPECT_ENDS(refused, 2);
  EXPECT_NE(refused.err.find("nonsense"), std::string::npos) << refused.err;
  EXPECT_EQ(who({"10.0.0.5"})[0]["direct"].size(), 1U) << "what is known is not forgotten";
  EXPECT_ENDS(run({"ingest", "windows", "logons.json"}), 0);
  const auto users = [&] {
    return who({"10.0.0.5", "--at", "2026-03-05T09:30:00Z"})[0]["through"].size();
  };
  EXPECT_EQ(users(), 0U) << "until all that arrived can be read";
  // By the name in the file, not by the file's.
  const auto moved = soc_.path() / "content/mappings/zeek-v2.yaml";
  std::filesystem::rename(file, moved);
  EXPECT_ENDS(run({"mappings", "test", "zeek"}), 3);
  std::filesystem::remove(moved);
  ASSERT_OK(write_atomically(file, zeek));
  EXPECT_ENDS(run({"mappings", "test", "zeek"}), 0);
  EXPECT_EQ(users(), 1U);
}

TEST_F(IdentityStory, AnAlertAboutACriticalAssetIsEscalated) {
  const auto route_of_alert = [&] {
    soc_.deploy_rules("network");
    const auto scored = soc_.must_run({"score", "network", "alerts.json", "--json"});
    return scored.json()["decisions"][0]["route"].as_string();
  };
  EXPECT_OK(write_atomically(soc_.path() / "assets.csv",
                             "kind,name,criticality\nnetwork,10.0.0.4,hihg\n"));
  const auto refused = run({"assets", "import", "assets.csv"});
  EXPECT_ENDS(refused, 2);
  EXPECT_NE(refused.err.find("assets.csv:2: 'hihg' is no criticality"), std::string::npos);
  EXPECT_NE(refused.err.find("did you mean 'high'?"), std::string::npos);
  EXPECT_OK(write_atomically(
      soc_.path() / "assets.csv",
      "kind,name,criticality,owner,purpose\nnetwork,10.0.0.4,critical,IT,domain controller\n"));
  EXPECT_ENDS(run({"assets", "import", "assets.csv"}), 0);
  EXPECT_EQ(route_of_alert(), "escalate");
  EXPECT_ENDS(run({"decisions", "replay", "latest"}), 0);
  // Lists from elsewhere leave it as it is.
  EXPECT_ENDS(run({"intel", "import", "content/intel/intel.yaml"}), 0);
  const auto listed = run({"assets", "list", "--json"}).json();
  ASSERT_EQ(listed["assets"].size(), 1U);
  EXPECT_EQ(listed["assets"][0]["purpose"].as_string(), "domain controller");
  EXPECT_ENDS(run({"audit", "verify"}), 0);
}

}  // namespace
}  // namespace winnow::testing
