#include "simulate/cloud_traffic.h"

#include <map>
#include <set>

#include "ingest/mapping/mapping.h"
#include "simulate/intrusion_plan.h"
#include "tests/simulate/simulated_logs.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

TEST(CloudTraffic, ItsIntrusionsAreThoseOfThePlan) {
  const auto company = small_company(5);
  std::map<std::string, IntrusionPlan> planned;
  for (auto& plan : plan_intrusions(company, {.seed = 5, .days = 40}))
    planned.emplace(plan.name, plan);
  std::set<std::string> seen;
  for (const auto& record : cloud_log(5, 40)) {
    if (record.intrusion.empty()) continue;
    seen.insert(record.intrusion);
    const auto& plan = planned.at(record.intrusion);
    EXPECT_GE(record.time, plan.begins) << record.raw;
    EXPECT_LT(record.time, plan.ends + std::chrono::hours(1)) << record.raw;
  }
  EXPECT_GE(seen.size(), 4U);
  EXPECT_LT(seen.size(), planned.size());  // some never reach the cloud
}

// Whatever is written, the mapping that ships reads it, and an attack is amid what looks like it:
// hardly anything is called by intruders only, and they do not show by whom they are.
TEST(CloudTraffic, EachRecordIsReadAndHonestOnesLookLikeAttacks) {
  const auto file = testing::source_folder() / "content/mappings/cloudtrail.yaml";
  LogReader reader(Mapping::compile(Yaml::read(file.string()).value()).value());
  std::map<std::string, std::map<Label, int>> acts, callers;
  for (const auto& record : cloud_log(5, 40)) {
    const auto event = reader.read(RecordForm::LogJson, record.raw, sha256(record.raw));
    ASSERT_TRUE(event) << event.error() << record.raw;
    EXPECT_LE(std::chrono::abs(event->time() - record.time), std::chrono::seconds(1));
    EXPECT_EQ(record.intrusion.empty(), record.truth == Label::Benign);
    const auto text = [&](const char* path) {
      return std::string(event->get(ocsf::Attribute::of(path)).as_text());
    };
    ++acts[text("api.operation")][record.truth];
    ++callers[text("actor.user.uid")][record.truth];
  }
  int malicious = 0, only_malicious = 0;
  for (auto& [act, counts] : acts) {
    malicious += counts[Label::Malicious];
    if (counts[Label::Benign] == 0) only_malicious += counts[Label::Malicious];
  }
  ASSERT_GT(malicious, 100);
  EXPECT_LT(only_malicious, malicious / 10);
  int by_known = 0;
  for (auto& [caller, counts] : callers) {
    if (counts[Label::Benign] > 0) by_known += counts[Label::Malicious];
  }
  EXPECT_GT(by_known, malicious / 3);
}

}  // namespace
}  // namespace winnow::simulate
