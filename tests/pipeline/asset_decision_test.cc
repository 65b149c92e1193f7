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

// Shipped content without a model, with a snapshot or without.
class AssetDecisions : public ::testing::Test {
 protected:
  AssetDecisions() {
    EXPECT_OK(Workspace::init(folder_ / "soc", "", clock_));
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
  }
  std::shared_ptr<const BundleRuntime> bundle_with(const std::string& snapshot,
                                                   std::string_view domain = "network",
                                                   std::string_view log = "suricata") {
    auto& registry = workspace_->registry();
    const auto add = [&](ArtifactKind kind, std::string_view name, std::string_view bytes) {
      return registry.add({kind, std::string(name), bytes, "application/json"}, "ada")
          .value()
          .ref();
    };
    const auto mapping = Mapping::compile(shipped("mappings", log)).value();
    const auto features =
        FeatureSet::compile(content(fmt::format("features/{}.yaml", domain))).value();
    Bundle bundle{std::string(domain),
                  {add(ArtifactKind::Mapping, log, mapping.canonical()),
                   add(ArtifactKind::FeatureSet, domain, features.canonical()),
                   add(ArtifactKind::Policy, domain,
                       to_canonical(shipped("policies", domain).json()).value())}};
    if (!snapshot.empty())
      bundle.artifacts.push_back(add(ArtifactKind::IntelSnapshot, "mail", snapshot));
    const auto id = registry.add(bundle, "ada").value();
    return load_bundle(registry, registry.bundle(id.text()).value()).value();
  }
  static Yaml shipped(std::string_view folder, std::string_view name) {
    return Yaml::read(content(fmt::format("{}/{}.yaml", folder, name)).string()).value();
  }
  static ocsf::Event read(const BundleRuntime& bundle, const std::string& raw) {
    LogReader reader(bundle.mapping.logs().front());
    return reader.read(RecordForm::LogJson, raw, sha256(raw)).value();
  }
  static ocsf::Event alert(const BundleRuntime& bundle, std::string_view from, std::string_view to,
                           int severity) {
    const auto raw = fmt::format(
        R"({{"timestamp":"2026-03-04T08:30:00+0000","event_type":"alert","src_ip":"{}",)"
        R"("src_port":5,"dest_ip":"{}","dest_port":80,"proto":"TCP","alert":{{"gid":1,)"
        R"("signature_id":7,"signature":"alert","category":"c","severity":{}}}}})",
        from, to, severity);
    return read(bundle, raw);
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

// An alert as another domain's log has it, with places for whom it is about.
struct Alert {
  const char *domain, *log, *raw;
};
constexpr Alert kOfMachines = {
    "endpoint", "defender",
    R"({"id":"da1","incidentId":"1","status":"new","severity":"SEVERITY","title":"Odd",)"
    R"("serviceSource":"microsoftDefenderForEndpoint","category":"Execution",)"
    R"("createdDateTime":"2026-03-03T14:05:06Z","evidence":[)"
    R"({"@odata.type":"#microsoft.graph.security.deviceEvidence","deviceDnsName":"HOST"},)"
    R"({"@odata.type":"#microsoft.graph.security.processEvidence","processId":1,)"
    R"("imageFile":{"fileName":"a.exe"},"userAccount":{"accountName":"USER"}}]})"};
constexpr Alert kOfCloud = {
    "cloud", "guardduty",
    R"({"schemaVersion":"2.0","accountId":"1","region":"r","id":"f","type":"Discovery:X/Odd",)"
    R"("resource":{"resourceType":"AccessKey","accessKeyDetails":{"userName":"USER"},)"
    R"("instanceDetails":{"instanceId":"HOST"}},"service":{"serviceName":"guardduty","action":{)"
    R"("awsApiCallAction":{"api":"ListUsers","serviceName":"iam"}}},"severity":SEVERITY,)"
    R"("createdAt":"2026-03-03T14:05:00Z","updatedAt":"2026-03-03T14:05:06Z","title":"Odd"})"};
constexpr Alert kOfOtherTools = {
    "alerts", "wazuh",
    R"({"predecoder":{"hostname":"HOST"},"agent":{"name":"a","id":"1"},"data":{"dstuser":"USER"},)"
    R"("rule":{"level":SEVERITY,"description":"Odd","id":"1"},"id":"1.2",)"
    R"("@timestamp":"2026-03-03T14:05:06.000Z"})"};

constexpr const char* kWorth =
    "kind,name,criticality,aliases,since\n"
    "host,dc1.soc.example,critical,dc1 i-0a1,\n"
    "host,ws1.soc.example,low,ws1 i-0a2,\n"
    "host,later.soc.example,critical,later,2026-03-04T00:00:00Z\n"
    "user,ann@soc.example,high,ann,\n"
    "user,bo@soc.example,low,bo,\n";

struct DomainCase {
  const char* name;
  Alert alert;
  const char *host, *user, *severity;
  Route route;
  const char* rule;  // that decided; "" for none
};

class AssetsOfDomains : public AssetDecisions, public ::testing::WithParamInterface<DomainCase> {
 protected:
  static std::string raised(const Alert& alert, std::string_view host, std::string_view user,
                            std::string_view severity) {
    std::string raw = alert.raw;
    for (const auto& [place, text] :
         {std::pair("HOST", host), std::pair("USER", user), std::pair("SEVERITY", severity)}) {
      for (auto at = raw.find(place); at != std::string::npos; at = raw.find(place))
        raw.replace(at, std::string_view(place).size(), text);
    }
    return raw;
  }
};

// As alerts of many others before, so that none of the rules for what is rare decides.
TEST_P(AssetsOfDomains, WeighWhatTheListSaysOfMachinesAndPeople) {
  const auto& [name, alert, host, user, severity, route, rule] = GetParam();
  const auto assets = checked(read_assets(kWorth, "assets.csv").value()).value();
  const auto bundle = bundle_with(snapshot_with_assets(nullptr, assets, sha256(kWorth)).value(),
                                  alert.domain, alert.log);
  MemoryEntityStates states;
  const auto& features = bundle->pipeline.features();
  for (const auto* const other : {"x1", "x2", "x3", "x4", "x5", "x6"}) {
    const auto before = read(*bundle, raised(alert, other, other, severity));
    EXPECT_OK(features.observe(before, before.time(), states));
  }
  const auto event = read(*bundle, raised(alert, host, user, severity));
  const auto decision =
      bundle->pipeline.decide(event, features.slice(event, states).value(), ModelState::Available);
  EXPECT_EQ(decision.route, route);
  EXPECT_EQ(decision.reasons.empty() ? "" : decision.reasons.front().feature, rule);
  const auto again = bundle->pipeline.replay(event, decision);
  ASSERT_OK(again);
  EXPECT_EQ(again->id(), decision.id());
}

INSTANTIATE_TEST_SUITE_P(
    , AssetsOfDomains,
    ::testing::Values(
        DomainCase{"MachineOfNoWorth", kOfMachines, "ws1.soc.example", "bo", "medium", Route::Close,
                   ""},
        DomainCase{"CriticalMachine", kOfMachines, "DC1.soc.example", "bo", "medium", Route::Queue,
                   "alert-about-a-critical-asset"},
        DomainCase{"SevereOnACriticalMachine", kOfMachines, "dc1", "bo", "high", Route::Escalate,
                   "severe-alert-about-a-critical-asset"},
        DomainCase{"SevereOnAnother", kOfMachines, "ws1", "bo", "high", Route::Queue,
                   "severe-alert"},
        DomainCase{"MachineThatWasCriticalOnlyLater", kOfMachines, "later", "bo", "medium",
                   Route::Close, ""},
        DomainCase{"UserOfWorth", kOfMachines, "ws1", "Ann", "medium", Route::Queue,
                   "alert-about-a-user-worth-much"},
        DomainCase{"PrincipalOfNoWorth", kOfCloud, "i-0a2", "bo", "5", Route::Close, ""},
        DomainCase{"PrincipalOfWorth", kOfCloud, "i-0a2", "ann", "5", Route::Queue,
                   "alert-about-who-is-worth-much"},
        DomainCase{"SevereAboutAPrincipalOfWorth", kOfCloud, "i-0a2", "ann", "8", Route::Escalate,
                   "severe-alert-about-who-is-worth-much"},
        DomainCase{"InstanceOfWorth", kOfCloud, "i-0a1", "bo", "5", Route::Queue,
                   "alert-about-what-is-worth-much"},
        DomainCase{"HostOfNoWorth", kOfOtherTools, "ws1", "bo", "9", Route::Close, ""},
        DomainCase{"CriticalHost", kOfOtherTools, "dc1", "bo", "9", Route::Queue,
                   "about-a-critical-asset"},
        DomainCase{"SevereOnACriticalHost", kOfOtherTools, "dc1", "bo", "12", Route::Escalate,
                   "severe-about-a-critical-asset"},
        DomainCase{"AlertThatNamesAUserOfWorth", kOfOtherTools, "ws1", "ann", "9", Route::Queue,
                   "about-a-user-worth-much"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace winnow
