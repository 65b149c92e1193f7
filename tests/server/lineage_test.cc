// From a decision back to data and code, and forward from a run to what holds it.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/json.h"
#include "rollout/deployments.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/registry/sample_run.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::RunningService;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

class LineageApi : public ::testing::Test {
 protected:
  ArtifactRef add(ArtifactKind kind, std::string_view bytes, std::optional<RunId> run = {}) {
    return registry
        .add({kind, "mail", bytes, "application/json", 1, std::move(run),
              Json::object({{"rows", 12}})},
             "ada")
        .value()
        .ref();
  }
  // A training that read a feature set and made a data set and an evaluation.
  winnow::Run train() {
    auto run = testing::sample_run();
    run.inputs = {features};
    run.id = {};
    run.id = id_of(run).value();
    run.outputs = {add(ArtifactKind::DataSet, "rows", run.id),
                   add(ArtifactKind::Evaluation, R"({"schema":"x"})", run.id)};
    EXPECT_OK(registry.record(run));
    return run;
  }
  // Decides by rules; `held` is one more artifact.
  BundleId bundle(std::optional<ArtifactRef> held = {}) {
    Bundle made{"mail",
                {add(ArtifactKind::Mapping, R"({"mapping":"mail"})"), features,
                 add(ArtifactKind::Policy, testing::small_policy())}};
    if (held) made.artifacts.push_back(*held);
    return registry.add(made, "ada").value();
  }
  testing::Answer ask(std::string_view target, Role role = Role::Auditor) const {
    return service.ask("GET", target, service.token(role));
  }
  Json graph(std::string_view id) const {
    const auto answer = ask(fmt::format("/v1/lineage/{}", id));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parse_json(answer.body).value();
  }
  // "decided by" and so on, each as often as it occurs.
  static std::multiset<std::string> ways(const Json& graph) {
    std::multiset<std::string> ways;
    for (const auto& edge : graph["edges"].items()) ways.insert(edge["how"].as_string());
    return ways;
  }
  static std::multiset<std::string> kinds(const Json& graph) {
    std::multiset<std::string> kinds;
    for (const auto& node : graph["nodes"].items()) kinds.insert(node["kind"].as_string());
    return kinds;
  }
  testing::Answer promote(const BundleId& id) const {
    return service.ask("POST", "/v1/deployments/mail/promote", service.token(Role::Senior), kJson,
                       fmt::format(R"({{"bundle":"{}","reason":"the first"}})", id.text()));
  }

  RunningService service{{}, RunningService::Champion::None};
  FixedClock clock{RunningService::kNow};
  std::unique_ptr<Workspace> beside =
      Workspace::open(service.folder() / "soc", Access::ReadWrite, clock).value();
  Registry& registry = beside->registry();
  ArtifactRef features = add(ArtifactKind::FeatureSet, testing::small_features().canonical());
};

TEST_F(LineageApi, LeadsFromADecisionToItsBundleAndWhoPromotedIt) {
  const auto champion = bundle();
  ASSERT_EQ(promote(champion).status, 200);
  const auto scored = service.score("From: a@b.example\nSubject: hello\n\nx\n");
  const auto id = parse_json(scored.body).value()["id"].as_string();
  const auto found = graph(id.substr(0, 20));
  EXPECT_EQ(found["start"].as_string(), id);
  EXPECT_EQ(kinds(found), (std::multiset<std::string>{"bundle", "decision", "event", "feature_set",
                                                      "mapping", "policy", "promotion"}));
  EXPECT_EQ(ways(found), (std::multiset<std::string>{"decided about", "decided by", "holds",
                                                     "holds", "holds", "promoted"}));
}

TEST_F(LineageApi, LeadsBackFromABundleThroughItsRunToDataAndCode) {
  const auto run = train();
  const auto found = graph(bundle(run.outputs.back()).text());
  const auto met = kinds(found);
  for (const auto* kind : {"run", "data_set", "code", "feature_set", "evaluation"})
    EXPECT_EQ(met.count(kind), 1U) << kind;
  const auto how = ways(found);
  for (const auto* way : {"made by", "read", "learned from", "ran with"})
    EXPECT_EQ(how.count(way), 1U) << way;
  std::set<std::string> known;
  for (const auto& node : found["nodes"].items()) known.insert(node["id"].as_string());
  EXPECT_EQ(known.size(), found["nodes"].size()) << "each once";
  for (const auto& edge : found["edges"].items()) {
    EXPECT_TRUE(known.contains(edge["from"].as_string()));
    EXPECT_TRUE(known.contains(edge["to"].as_string()));
  }
}

TEST_F(LineageApi, OfARunTellsWhatBecameOfIt) {
  const auto run = train();
  const auto holder = bundle(run.outputs.back());
  EXPECT_EQ(kinds(graph(run.id.text())).count("bundle"), 1U);
  EXPECT_EQ(kinds(graph(run.outputs.back().digest.hex())).count("bundle"), 1U);
  EXPECT_EQ(kinds(graph(run.outputs.front().digest.hex())).count("run"), 1U) << "of a data set";
}

TEST_F(LineageApi, RefusesWhatIsNoId) {
  EXPECT_EQ(ask("/v1/lineage/nothing").status, 400);
  EXPECT_EQ(ask("/v1/lineage/d-ffffffff").status, 404);
  EXPECT_EQ(ask("/v1/lineage/r-ffffffff").status, 404);
  EXPECT_EQ(ask("/v1/lineage/b-ffffffff").status, 404);
  EXPECT_EQ(ask("/v1/lineage/" + std::string(64, 'f')).status, 404);
}

TEST_F(LineageApi, PlansShowEveryCheckAndChangeNothing) {
  const auto one = bundle();
  const auto plan = ask("/v1/deployments/mail/plan?bundle=" + one.text().substr(0, 12));
  ASSERT_EQ(plan.status, 200) << plan.body;
  const auto json = parse_json(plan.body).value();
  EXPECT_TRUE(json["holds"].as_bool()) << plan.body;
  EXPECT_TRUE(json["before"].is_null());
  EXPECT_GE(json["checks"].size(), 1U);
  EXPECT_EQ(ask("/v1/deployments/mail/plan").status, 404) << "nothing to go back to";
  ASSERT_EQ(promote(one).status, 200);
  EXPECT_EQ(ask("/v1/deployments/mail/plan?bundle=" + one.text()).status, 409)
      << "champion already";
  const auto listed = parse_json(ask("/v1/deployments/mail/bundles").body).value()["bundles"];
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_TRUE(listed[0]["champion"].as_bool());
  EXPECT_EQ(listed[0]["artifacts"].size(), 3U);
  EXPECT_TRUE(listed[0]["run"].is_null());
}

}  // namespace
}  // namespace winnow::server
