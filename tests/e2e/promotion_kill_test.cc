// A bundle with other windows is promoted on a running service, which is killed while it fills the
// states for it and when it switches: in the end it decides as a service that nobody killed.
#include <csignal>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "base/rng.h"
#include "pipeline/decision_store.h"
#include "registry/bundle.h"
#include "tests/e2e/ask.h"
#include "tests/e2e/soc.h"
#include "tests/support/wait.h"

namespace winnow::testing {
namespace {

constexpr int kBefore = 5'000;  // in the log when the bundle is promoted
constexpr int kAtOnce = 50;     // that come between two kills
constexpr int kKills = 5;
const std::vector<std::string> kServe = {"serve", "--listen", "127.0.0.1:0"};

std::string eve(int number) {
  return fmt::format(R"({{"timestamp":"2026-03-03T14:{:02}:{:02}.000000+0000","flow_id":{},)"
                     R"("event_type":"dns","src_ip":"192.0.2.{}","src_port":5353,)"
                     R"("dest_ip":"192.0.2.1","dest_port":53,"proto":"UDP",)"
                     R"("dns":{{"type":"query","id":1,"rrname":"a{}.example","rrtype":"A"}}}})"
                     "\n",
                     number / 60 % 60, number % 60, number, number % 200, number % 999);
}

class PromotedSoc {
 public:
  PromotedSoc() {
    std::string past;
    for (int i = 0; i < kBefore; ++i) past += eve(i);
    EXPECT_OK(write_atomically(soc_.beside() / "past.json", past));
    soc_.must_run({"ingest", "suricata", "../past.json", "--source", "ids"});
    soc_.deploy_rules("network");
    sensor_ = soc_.token_of("ids", "sensor");
    analyst_ = soc_.token_of("ann", "analyst");
    next_ = kBefore;
  }
  // With other windows than before.
  void promote_another() const {
    const auto file = soc_.path() / "content/features/network.yaml";
    auto text = read_file(file, 1UL << 20).value();
    const std::string_view shipped = "buckets: 168";
    text.replace(text.find(shipped), shipped.size(), "buckets: 167");
    EXPECT_OK(write_atomically(file, text));
    soc_.deploy_rules("network");
  }
  // While a file stands where the states' folder belongs, no states are filled.
  void hold_filling() const { EXPECT_OK(write_atomically(obstacle(), "in the way")); }
  void let_fill() const { EXPECT_TRUE(std::filesystem::remove(obstacle())); }
  // Accepted for sure, and decided some time.
  void come(RunningWinnow& server) {
    std::string lines;
    for (const auto end = next_ + kAtOnce; next_ < end; ++next_) lines += eve(next_);
    EXPECT_EQ(ask(server, "POST /v1/events/ids", sensor_, lines)["accepted"].as_int(), kAtOnce);
  }
  Json network(RunningWinnow& server) const {
    const auto status = ask(server, "GET /v1/status", analyst_);
    for (const auto& one : status["domains"].items()) {
      if (one["domain"].as_string() == "network") return one;
    }
    return {};
  }
  bool fills(RunningWinnow& server) const { return !network(server)["next"].is_null(); }
  std::string champion(RunningWinnow& server) const {
    const auto found = network(server)["champion"];
    return found.is_null() ? "" : found["bundle"].as_string();
  }
  // What came is decided, and can be read.
  bool is_idle(RunningWinnow& server) const {
    if (ask(server, "GET /v1/status", analyst_)["spool"]["records"].as_int() > 0) return false;
    return !ask(server, "GET /v1/decisions?limit=1", analyst_).is_null();
  }
  Json newest_promotion() const {
    return soc_.must_run({"deployments", "show", "--history", "--json"}).json()["deployments"][0];
  }
  std::vector<DecisionRecord> decided() const {
    auto store = DecisionStore::open(soc_.path() / "data/winnow.db", Access::ReadOnly);
    return store->list({.limit = 100'000}).value();
  }
  const Soc& soc() const { return soc_; }

 private:
  Path obstacle() const { return soc_.path() / "data/states/network.beside"; }

  Soc soc_;
  std::string sensor_, analyst_;
  int next_ = 0;
};

// What was decided by this bundle, by event: the states that it read.
std::map<std::string, std::string> seen_by(const std::string& bundle,
                                           const std::vector<DecisionRecord>& decided) {
  std::map<std::string, std::string> seen;
  for (const auto& record : decided) {
    if (bundle_id_of(record.decision.bundle).text() == bundle)
      seen[record.decision.event.hex()] = record.decision.state_slice;
  }
  return seen;
}

// Returns the bundle that decides in the end, and what it decided of what came last.
std::pair<std::string, std::map<std::string, std::string>> run(PromotedSoc& soc, Rng* kills) {
  const auto wait_until_ready = [&](RunningWinnow& server) {
    wait_until([&] { return !soc.champion(server).empty(); });
  };
  const auto wait_until_idle = [&](RunningWinnow& server) {
    wait_until([&] { return soc.is_idle(server); });
  };
  std::string former;
  {
    RunningWinnow server(soc.soc().path(), kServe);
    wait_until_ready(server);
    former = soc.champion(server);
    soc.come(server);
    soc.hold_filling();
    soc.promote_another();
    wait_until([&] { return soc.fills(server); });
    EXPECT_EQ(soc.champion(server), former) << "it goes on until the states are filled";
    wait_until_idle(server);
    if (kills != nullptr) server.end(SIGKILL);
    soc.let_fill();
    if (kills == nullptr) {
      wait_until([&] { return !soc.fills(server); });
      EXPECT_EQ(server.end(SIGTERM).exit, 0);
    }
  }
  for (int i = 0; i < kKills; ++i) {
    RunningWinnow server(soc.soc().path(), kServe);
    wait_until_ready(server);
    soc.come(server);
    if (kills == nullptr) {
      wait_until_idle(server);
      EXPECT_EQ(server.end(SIGTERM).exit, 0);
      continue;
    }
    // Some while the states are filled, some about when they take their place.
    if (i % 2 == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(kills->between(0, 400)));
    else
      wait_until([&] { return soc.champion(server) != former; });
    server.end(SIGKILL);
  }
  RunningWinnow server(soc.soc().path(), kServe);
  wait_until(
      [&] { return !soc.champion(server).empty() && !soc.fills(server) && soc.is_idle(server); });
  const auto champion = soc.champion(server);
  EXPECT_NE(champion, former);
  const auto before = seen_by(champion, soc.decided());
  soc.come(server);
  wait_until_idle(server);
  wait_until([&] { return !soc.newest_promotion()["took_effect"].is_null(); });
  EXPECT_EQ(server.end(SIGTERM).exit, 0);
  auto seen = seen_by(champion, soc.decided());
  std::erase_if(seen, [&](const auto& one) { return before.contains(one.first); });
  EXPECT_EQ(seen.size(), std::size_t{kAtOnce});
  return {champion, seen};
}

TEST(PromotionAmidKills, EndsInTheSameStates) {
  Rng rng(23);
  PromotedSoc undisturbed, disturbed;
  const auto wanted = run(undisturbed, nullptr);
  const auto found = run(disturbed, &rng);
  EXPECT_EQ(found.first, wanted.first) << "the same content is the same bundle";
  EXPECT_EQ(found.second, wanted.second) << "other states";

  // Nothing is decided twice, each by the one or the other, and each comes out the same again.
  const auto decided = disturbed.decided();
  std::map<std::string, int> times;
  for (const auto& record : decided) ++times[record.decision.event.hex()];
  EXPECT_EQ(times.size(), decided.size()) << "decided twice";
  EXPECT_EQ(decided.size(), std::size_t{kAtOnce * (kKills + 2)}) << "what was accepted is decided";
  disturbed.soc().must_run({"decisions", "replay", "--limit", "1000"});
  const auto beside = disturbed.soc().path() / "data/states";
  std::size_t sets = 0;
  for (const auto& folder : std::filesystem::directory_iterator(beside))
    sets += folder.path().filename().string().starts_with("network") ? 1 : 0;
  EXPECT_LE(sets, 2U);
}

}  // namespace
}  // namespace winnow::testing
