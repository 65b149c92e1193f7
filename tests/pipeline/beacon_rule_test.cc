// The network policy's rule for beacons, on requests as an implant makes them.
#include <cmath>

#include <fmt/format.h>

#include "features/entity_states.h"
#include "features/feature_set.h"
#include "ingest/mapping/mapping.h"
#include "pipeline/known_intelligence.h"
#include "pipeline/policy.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::for_each_seed;

Yaml shipped(std::string_view file) {
  return Yaml::read((testing::source_folder() / "content" / file).string()).value();
}

class BeaconRule : public ::testing::Test {
 protected:
  BeaconRule() {
    std::vector<std::string> names;
    for (const auto& feature : features_.features()) names.push_back(feature.name);
    policy_ = Policy::compile(shipped("policies/network.yaml"), names).value();
  }

  // Whether the rule decides on one of 40 requests with such pauses. Besides it `others` reach the
  // site.
  template <typename Pause>
  bool decides(Pause pause_s, int others = 0) {
    MemoryEntityStates states;
    auto at = Timestamp::from_civil(2026, 3, 4, 8);
    for (int other = 0; other < others; ++other)
      request(fmt::format("10.0.0.{}", 20 + other), at, states);
    bool decided = false;
    for (int call = 0; call < 40; ++call) {
      at = at + Duration(static_cast<std::int64_t>(pause_s() * 1e6));
      const auto values = request("10.0.0.9", at, states);
      const auto* const rule =
          policy_->second_stage(values, std::numeric_limits<double>::quiet_NaN());
      decided = decided || (rule != nullptr && rule->name == "beacon");
    }
    return decided;
  }

 private:
  std::vector<float> request(std::string_view from, Timestamp at, MemoryEntityStates& states) {
    const auto raw = fmt::format(
        R"({{"timestamp":"{}","event_type":"http","src_ip":"{}","src_port":5,)"
        R"("dest_ip":"192.0.2.7","dest_port":80,"proto":"TCP","http":{{"hostname":"orders.com",)"
        R"("url":"/","http_method":"GET","http_user_agent":"Mozilla/5.0","status":200}}}})",
        at.text(), from);
    const auto event = suricata_.read(RecordForm::LogJson, raw, sha256(raw)).value();
    const auto values =
        features_.read(event, states, KnownIntelligence(nullptr, 0, at)).value().values;
    EXPECT_OK(features_.observe(event, at, states));
    return values;
  }

  FeatureSet features_ =
      FeatureSet::compile(testing::source_folder() / "content/features/network.yaml").value();
  LogReader suricata_{Mapping::compile(shipped("mappings/suricata.yaml")).value()};
  std::optional<Policy> policy_;
};

TEST_F(BeaconRule, FindsPausesThatAreShortenedByUpToHalf) {
  for_each_seed(
      20, [&](Rng& rng) { EXPECT_TRUE(decides([&] { return 300 * (1 - 0.5 * rng.unit()); })); });
}

TEST_F(BeaconRule, LeavesCallersWithoutRhythmAlone) {
  int decided = 0;
  for_each_seed(
      20, [&](Rng& rng) { decided += decides([&] { return 1 + rng.exponential(300); }) ? 1 : 0; });
  EXPECT_LE(decided, 2);
}

TEST_F(BeaconRule, LeavesWhatOthersReachTooAlone) {
  EXPECT_TRUE(decides([] { return 300.0; }));
  EXPECT_FALSE(decides([] { return 300.0; }, 5));
}

}  // namespace
}  // namespace winnow
