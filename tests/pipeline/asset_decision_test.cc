// What an asset is worth, in decisions: by rules of the policy that ships.
#include <fmt/format.h>

#include "intel/asset_statements.h"
#include "intel/snapshot_builder.h"
#include "pipeline/bundle_loader.h"
#include "registry/workspace.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

Path content(std::string_view file) { return testing::source_folder() / "content" / file; }

// The network's shipped content without a model, with a snapshot or without.
class AssetDecisions : public ::testing::Test {
 protected:
  AssetDecisions() {
    EXPECT_OK(Workspace::init(folder_ / "soc", "", clock_));
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
  }
  std::shared_ptr<const BundleRuntime> bundle_with(const std::string& snapshot) {
    auto& registry = workspace_->registry();
    const auto add = [&](ArtifactKind kind, std::string_view name, std::string_view bytes) {
      return registry.add({kind, std::string(name), bytes, "application/json"}, "ada")
          .value()
          .ref();
    };
    const auto mapping =
        Mapping::compile(Yaml::read(content("mappings/suricata.yaml").string()).value()).value();
    const auto features = FeatureSet::compile(content("features/network.yaml")).value();
    const auto policy = Yaml::read(content("policies/network.yaml").string()).value();
    Bundle bundle{"network",
                  {add(ArtifactKind::Mapping, "suricata", mapping.canonical()),
                   add(ArtifactKind::FeatureSet, "network", features.canonical()),
                   add(ArtifactKind::Policy, "network", to_canonical(policy.json()).value())}};
    if (!snapshot.empty())
      bundle.artifacts.push_back(add(ArtifactKind::IntelSnapshot, "mail", snapshot));
    const auto id = registry.add(bundle, "ada").value();
    return load_bundle(registry, registry.bundle(id.text()).value()).value();
  }
  static ocsf::Event alert(const BundleRuntime& bundle, std::string_view from, std::string_view to,
                           int severity) {
    const auto raw = fmt::format(
        R"({{"timestamp":"2026-03-04T08:30:00+0000","event_type":"alert","src_ip":"{}",)"
        R"("src_port":5,"dest_ip":"{}","dest_port":80,"proto":"TCP","alert":{{"gid":1,)"
        R"("signature_id":7,"signature":"alert","category":"c","severity":{}}}}})",
        from, to, severity);
    LogReader reader(bundle.mapping.logs().front());
    return reader.read(RecordForm::LogJson, raw, sha256(raw)).value();
  }
  // After the same alert of another source, so that it is not rare.
  static Decision decide(const BundleRuntime& bundle, std::string_view from, std::string_view to,
                         int severity) {
    MemoryEntityStates states;
    const auto& features = bundle.pipeline.features();
    for (const auto* const other : {"10.9.0.1", "10.9.0.2", "10.9.0.3"}) {
      const auto before = alert(bundle, other, to, severity);
      EXPECT_OK(features.observe(before, before.time(), states));
    }
    const auto event = alert(bundle, from, to, severity);
    return bundle.pipeline.decide(event, features.slice(event, states).value(),
                                  ModelState::Available);
  }

  testing::TemporaryFolder folder_;
  FixedClock clock_{Timestamp::from_civil(2026, 3, 4, 9)};
  std::unique_ptr<Workspace> workspace_;
};

constexpr const char* kAssets =
    "kind,name,criticality,until\n"
    "network,10.0.0.4,critical,\n"
    "network,10.0.0.8,critical,2026-01-01T00:00:00Z\n"
    "network,10.0.0.0/24,low,\n";

std::string snapshot() {
  const auto assets = checked(read_assets(kAssets, "assets.csv").value()).value();
  return snapshot_with_assets(nullptr, assets, sha256(kAssets)).value();
}

TEST_F(AssetDecisions, AnAlertAboutACriticalAssetIsQueuedWhereAnotherIsClosed) {
  const auto bundle = bundle_with(snapshot());
  const auto critical = decide(*bundle, "192.0.2.9", "10.0.0.4", 2);  // 2 of Suricata's: medium
  EXPECT_EQ(critical.route, Route::Queue);
  EXPECT_EQ(critical.reasons.front().feature, "alert-about-a-critical-asset");
  EXPECT_EQ(decide(*bundle, "192.0.2.9", "10.0.0.5", 2).route, Route::Close);
  EXPECT_EQ(decide(*bundle, "10.0.0.4", "192.0.2.9", 2).route, Route::Queue);
  EXPECT_EQ(decide(*bundle, "192.0.2.9", "10.0.0.4", 1).route, Route::Escalate);
  EXPECT_EQ(decide(*bundle, "192.0.2.9", "10.0.0.5", 1).route, Route::Queue);
}

TEST_F(AssetDecisions, AnAssetCountsAsLongAsItsListSays) {
  const auto bundle = bundle_with(snapshot());
  EXPECT_EQ(decide(*bundle, "192.0.2.9", "10.0.0.8", 2).route, Route::Close);
}

// A list of one's own machines, and lists of what is popular, are no lists of known-bad ones.
TEST_F(AssetDecisions, WhatIsKnownWithoutBeingBadIsNotListed) {
  SnapshotBuilder builder;
  builder.add(IntelSnapshot::from_bytes(snapshot()).value().entry(0).indicator());
  int last = 0;
  for (const auto* const label : {"popular", "benign", "malware"}) {
    Indicator indicator;
    indicator.kind = IndicatorKind::Ip;
    indicator.value = fmt::format("198.51.100.{}", ++last);
    indicator.source = "feed";
    indicator.labels = {label};
    builder.add(indicator);
  }
  const auto bundle = bundle_with(std::move(builder).build().value());
  const auto column = bundle->pipeline.features().index_of("target_listed").value();
  const auto listed = [&](std::string_view target) {
    return decide(*bundle, "192.0.2.9", target, 3).features[column];
  };
  EXPECT_EQ(listed("10.0.0.4"), 0);
  EXPECT_EQ(listed("198.51.100.1"), 0);
  EXPECT_EQ(listed("198.51.100.2"), 0);
  EXPECT_EQ(listed("198.51.100.3"), 1);
}

TEST_F(AssetDecisions, ADecisionReplaysWithTheListThatItWasMadeWith) {
  const auto bundle = bundle_with(snapshot());
  const auto event = alert(*bundle, "192.0.2.9", "10.0.0.4", 2);
  MemoryEntityStates states;
  const auto decision = bundle->pipeline.decide(
      event, bundle->pipeline.features().slice(event, states).value(), ModelState::Available);
  const auto again = bundle->pipeline.replay(event, decision);
  ASSERT_OK(again);
  EXPECT_EQ(again->id(), decision.id());
  const auto without = bundle_with("");
  EXPECT_EQ(testing::code_of(without->pipeline.replay(event, decision)), Code::Conflict);
  EXPECT_NE(without->pipeline
                .decide(event, without->pipeline.features().slice(event, states).value(),
                        ModelState::Available)
                .features,
            decision.features);
}

}  // namespace
}  // namespace winnow
