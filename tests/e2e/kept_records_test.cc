// A log source that is new to a running service: its records are kept until the champion reads
// them, and then decided once each, over kills.
#include <csignal>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "pipeline/decision_store.h"
#include "tests/e2e/ask.h"
#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kRecords = 6'000, kAtOnce = 1'000;
const std::vector<std::string> kServe = {"serve", "--listen", "127.0.0.1:0"};

std::string eve(int number) {
  return fmt::format(R"({{"timestamp":"2026-03-03T14:{:02}:{:02}.000000+0000","flow_id":{},)"
                     R"("event_type":"dns","src_ip":"192.0.2.{}","src_port":5353,)"
                     R"("dest_ip":"192.0.2.1","dest_port":53,"proto":"UDP",)"
                     R"("dns":{{"type":"query","id":1,"rrname":"a{}.example","rrtype":"A"}}}})"
                     "\n",
                     number / 60 % 60, number % 60, number, number % 200, number);
}

class KeptRecords : public ::testing::Test {
 protected:
  KeptRecords()
      : sensor_(soc_.token_of("ids", "sensor")), analyst_(soc_.token_of("ann", "analyst")) {}

  Path mapping() const { return soc_.path() / "content/mappings/suricata.yaml"; }
  Path aside() const { return soc_.beside() / "suricata.yaml"; }
  // What the status says of the mapping; null when it says nothing.
  Json drift(RunningWinnow& server) const {
    const auto status = ask(server, "GET /v1/status", analyst_);
    for (const auto& drift : status["drift"].items()) {
      if (drift["mapping"].as_string() == "suricata") return drift;
    }
    return {};
  }
  template <typename Done>
  Json wait_for(RunningWinnow& server, const Done& done) const {
    for (int i = 0;; ++i) {
      auto found = drift(server);
      if (done(found) || i == 3'000) return found;
      std::this_thread::sleep_for(20ms);
    }
  }
  void post(RunningWinnow& server) const {
    for (int i = 0; i < kRecords;) {
      std::string lines;
      for (const auto end = i + kAtOnce; i < end; ++i) lines += eve(i);
      (void)ask(server, "POST /v1/events/suricata", sensor_, lines);
    }
  }

  Soc soc_;
  std::string sensor_, analyst_;
};

TEST_F(KeptRecords, AreAllDecidedOnceAChampionReadsThem) {
  std::filesystem::rename(mapping(), aside());
  soc_.deploy_rules("network");
  const auto all_wait = [](const Json& drift) { return drift["waiting"].as_int() == kRecords; };
  {
    RunningWinnow server(soc_.path(), kServe);
    ASSERT_NE(server.port(), 0);
    EXPECT_TRUE(drift(server).is_null());
    std::filesystem::copy_file(aside(), mapping());
    const auto missing = wait_for(server, [](const Json& drift) { return !drift.is_null(); });
    EXPECT_EQ(missing["state"].as_string(), "missing");
    EXPECT_EQ(missing["domain"].as_string(), "network");
    EXPECT_EQ(missing["advice"].as_string(),
              "winnow bundles build --domain network, then winnow deployments promote latest");
    post(server);
    EXPECT_EQ(wait_for(server, all_wait)["waiting"].as_int(), kRecords);
    server.end(SIGKILL);
  }
  {
    RunningWinnow server(soc_.path(), kServe);
    EXPECT_EQ(wait_for(server, all_wait)["waiting"].as_int(), kRecords) << "a kill forgot some";
    const auto doctor = soc_.must_run({"doctor"});
    EXPECT_NE(doctor.out.find("suricata"), std::string::npos) << doctor.out;
    soc_.deploy_rules("network");
    wait_for(server, [](const Json& drift) { return drift["waiting"].as_int() < kRecords; });
    server.end(SIGKILL);
  }
  RunningWinnow server(soc_.path(), kServe);
  const auto left = wait_for(server, [](const Json& drift) { return drift.is_null(); });
  EXPECT_TRUE(left.is_null()) << to_text(left);
  EXPECT_EQ(server.end(SIGTERM).exit, 0);

  auto decisions = DecisionStore::open(soc_.path() / "data/winnow.db", Access::ReadOnly).value();
  std::set<Digest> events;
  const auto made = decisions.list({.limit = 2 * kRecords}).value();
  for (const auto& record : made) events.insert(record.decision.event);
  EXPECT_EQ(made.size(), events.size()) << "decided twice";
  EXPECT_EQ(events.size(), std::size_t{kRecords});
  soc_.must_run({"decisions", "replay", "--limit", "500"});
  const auto doctor = soc_.must_run({"doctor"});
  EXPECT_EQ(doctor.out.find("suricata"), std::string::npos) << doctor.out;
}

}  // namespace
}  // namespace winnow::testing
