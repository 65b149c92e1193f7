// The shipped features and policy of alerts, on alerts as Wazuh and AMiner write them.
#include <fmt/format.h>

#include "features/entity_states.h"
#include "features/feature_set.h"
#include "ingest/mapping/mapping.h"
#include "pipeline/known_intelligence.h"
#include "pipeline/policy.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

Path content(std::string_view file) { return testing::source_folder() / "content" / file; }

LogReader reader_of(std::string_view mapping) {
  const auto yaml = Yaml::read(content(fmt::format("mappings/{}.yaml", mapping)).string());
  return LogReader(Mapping::compile(yaml.value()).value());
}

class AlertFeatures : public ::testing::Test {
 protected:
  // What is known of the alert before it is folded in.
  std::vector<float> raise(LogReader& reader, const std::string& record) {
    const auto event = reader.read(RecordForm::LogJson, record, sha256(record)).value();
    const KnownIntelligence none(nullptr, 0, event.time());
    const auto values = features_.read(event, states_, none).value().values;
    EXPECT_OK(features_.observe(event, event.time(), states_));
    return values;
  }
  std::vector<float> wazuh(std::string_view rule, std::string_view host, int minute) {
    return raise(wazuh_, fmt::format(R"({{"id":"{}","@timestamp":"2026-03-03T{:02}:{:02}:00Z",)"
                                     R"("rule":{{"id":"1","level":5,"description":"{}"}},)"
                                     R"("predecoder":{{"hostname":"{}"}}}})",
                                     ++raised_, 8 + minute / 60, minute % 60, rule, host));
  }
  std::vector<float> aminer(std::string_view rule, std::string_view host, int minute) {
    return raise(aminer_,
                 fmt::format(R"({{"AnalysisComponent":{{"AnalysisComponentIdentifier":1,)"
                             R"("AnalysisComponentName":"{}"}},"LogData":{{"RawLogData":["{}"],)"
                             R"("DetectionTimestamp":[{}]}},"AMiner":{{"ID":"{}"}}}})",
                             rule, ++raised_, 1772524800 + minute * 60, host));
  }
  float value(const std::vector<float>& values, std::string_view feature) const {
    const auto at = features_.index_of(feature);
    EXPECT_TRUE(at) << feature;
    return values[at.value_or(0)];
  }
  Policy policy() const {
    std::vector<std::string> names;
    for (const auto& feature : features_.features()) names.push_back(feature.name);
    return Policy::compile(Yaml::read(content("policies/alerts.yaml").string()).value(), names)
        .value();
  }

  FeatureSet features_ = FeatureSet::compile(content("features/alerts.yaml")).value();
  LogReader wazuh_ = reader_of("wazuh"), aminer_ = reader_of("aminer");
  MemoryEntityStates states_;
  int raised_ = 0;
};

TEST_F(AlertFeatures, TheFirstAlertOfARuleOnAHostIsNewAndLaterOnesAreNot) {
  EXPECT_EQ(value(wazuh("Login session opened.", "mail", 0), "new_here"), 1);
  EXPECT_EQ(value(wazuh("Login session opened.", "mail", 1), "new_here"), 0);
  EXPECT_EQ(value(wazuh("Login session opened.", "web", 2), "new_here"), 1);
}

TEST_F(AlertFeatures, RareRulesAreRareAndClocksAreRegular) {
  for (int i = 0; i < 200; ++i) wazuh("ClamAV database update", "mail", i);
  const auto clock = wazuh("ClamAV database update", "mail", 200);
  const auto rare = wazuh("Web shell found", "mail", 201);
  EXPECT_GT(value(rare, "rule_rarity"), 7);
  EXPECT_LT(value(clock, "rule_rarity"), 0.1);
  EXPECT_EQ(value(clock, "here_regularity"), 1);
  EXPECT_EQ(value(rare, "says_attack"), 1);
  EXPECT_EQ(value(clock, "says_attack"), 0);
  EXPECT_EQ(value(clock, "says_upkeep"), 1);
}

TEST_F(AlertFeatures, AnotherToolsAlertsOfTheHostCountAndThoseOfOtherHostsDoNot) {
  aminer("New request method in Apache Access log.", "web", 0);
  aminer("New request method in Apache Access log.", "mail", 0);
  const auto agreed = wazuh("Common web attack.", "web", 1);
  EXPECT_GT(value(agreed, "other_tools_1h"), 0.6);
  EXPECT_NEAR(value(agreed, "host_detectors_1h"), 1, 0.1);
  EXPECT_EQ(value(wazuh("Common web attack.", "vpn", 2), "other_tools_1h"), 0);
}

TEST_F(AlertFeatures, WhatWazuhPassesOnOfSuricataIsTheNetworksIds) {
  EXPECT_EQ(value(wazuh("Suricata: Alert - ET SCAN", "web", 0), "network_ids"), 1);
  EXPECT_EQ(value(wazuh("Common web attack.", "web", 1), "network_ids"), 0);
  EXPECT_EQ(value(aminer("New event type.", "web", 2), "anomaly_detector"), 1);
}

TEST_F(AlertFeatures, WithoutAModelTwoToolsThatAgreeOnANewThingAreQueued) {
  aminer("New event type.", "web", 0);
  aminer("High entropy in request.", "web", 0);
  wazuh("Login session opened.", "web", 0);
  const auto both = wazuh("Common web attack.", "web", 1);
  const auto shipped = policy();
  const auto* const rule = shipped.second_stage(both, std::numeric_limits<double>::quiet_NaN());
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->name, "several-tools");
}

}  // namespace
}  // namespace winnow
