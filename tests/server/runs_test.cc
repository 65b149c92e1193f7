// What was executed, as engineers and auditors read it.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/json.h"
#include "tests/registry/sample_run.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::RunningService;

constexpr std::string_view kEvaluation =
    R"({"schema":"winnow.evaluation/1",
        "model":{"rows":500,"malicious":50,
                 "average_precision":{"value":0.9,"low":0.85,"high":0.95},
                 "curve":[{"threshold":0.5,"recall":1,"precision":0.5,"false_positive_rate":0.1}]},
        "baseline":{"rows":500,"malicious":50,
                    "average_precision":{"value":0.7,"low":0.6,"high":0.8}}})";

class Runs : public ::testing::Test {
 protected:
  // On record beside the running service, as `winnow train mail` does it.
  std::string record(int number, bool evaluated = true) {
    auto run = testing::sample_run();
    run.id = {};
    run.seed = static_cast<std::uint64_t>(number);
    run.metrics = Json::object({{"rows", number}});
    run.outputs.clear();
    if (evaluated) {
      run.outputs.push_back(
          registry
              .add({ArtifactKind::Evaluation, "mail", kEvaluation, "application/json", 1, {}},
                   "ada")
              .value()
              .ref());
    }
    return registry.record(run).value().text();
  }
  Json get(std::string_view target, int status = 200, Role role = Role::Engineer) const {
    const auto answer = service.ask("GET", target, service.token(role));
    EXPECT_EQ(answer.status, status) << target << ": " << answer.body;
    return parse_json(answer.body).value();
  }
  RunningService service;
  FixedClock clock{RunningService::kNow};
  std::unique_ptr<Workspace> beside =
      Workspace::open(service.folder() / "soc", Access::ReadWrite, clock).value();
  Registry& registry = beside->registry();
};

TEST_F(Runs, AreListedNewestFirstPageByPage) {
  EXPECT_EQ(get("/v1/runs")["runs"].size(), 0U);
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) made.push_back(record(i));
  std::vector<std::string> listed;
  std::string target = "/v1/runs?limit=2";
  for (;;) {
    const auto page = get(target);
    for (const auto& run : page["runs"].items()) listed.push_back(run["id"].as_string());
    if (page["next"].is_null()) break;
    target = "/v1/runs?limit=2&cursor=" + page["next"].as_string();
  }
  std::ranges::reverse(listed);
  EXPECT_EQ(listed, made);
  EXPECT_EQ(get("/v1/runs?kind=evaluate")["runs"].size(), 0U);
  EXPECT_EQ(get("/v1/runs?kind=train&domain=mail")["runs"].size(), 5U);
}

TEST_F(Runs, SayHowGoodTheirModelIsBesideTheBaseline) {
  record(1);
  const auto listed = get("/v1/runs")["runs"][0];
  EXPECT_EQ(listed["figures"]["model"]["average_precision"]["low"].as_double(), 0.85);
  EXPECT_EQ(listed["figures"]["baseline"]["average_precision"]["value"].as_double(), 0.7);
  EXPECT_EQ(listed["figures"]["model"].find("curve"), nullptr) << "that is for the run itself";
  record(2, false);
  EXPECT_TRUE(get("/v1/runs")["runs"][0]["figures"].is_null());
}

TEST_F(Runs, AreToldWholeWithTheirEvaluationAndWhatBecameOfIt) {
  const auto id = record(7);
  const auto evaluation = registry.run(id).value().outputs.front();
  const auto bundle = registry.add(Bundle{"mail", {evaluation}}, "ada").value();
  const auto run = get("/v1/runs/" + id.substr(0, 8), 200, Role::Auditor);
  const auto recorded = to_json(registry.run(id).value());
  for (const auto& [name, value] : recorded.members()) EXPECT_EQ(run[name], value) << name;
  EXPECT_EQ(run["evaluation"]["model"]["curve"].size(), 1U);
  ASSERT_EQ(run["bundles"].size(), 1U);
  EXPECT_EQ(run["bundles"][0]["id"].as_string(), bundle.text());
  get("/v1/runs/r-ffff", 404);
  get("/v1/runs/" + id + "?x=1", 400);
}

TEST_F(Runs, AreCompared) {
  const auto one = record(1), two = record(2);
  const auto found = get(fmt::format("/v1/runs/{}/diff?with={}", one, two));
  EXPECT_EQ(found["before"].as_string(), one);
  std::map<std::string, std::string> after;
  for (const auto& change : found["changes"].items())
    after[change["field"].as_string()] = change["after"].as_string();
  EXPECT_EQ(after.at("seed"), "2");
  EXPECT_EQ(after.at("metrics.rows"), "2");
  EXPECT_FALSE(after.contains("kind"));
  get(fmt::format("/v1/runs/{}/diff", one), 400);
  get(fmt::format("/v1/runs/{}/diff?with=r-none", one), 404);
}

}  // namespace
}  // namespace winnow::server
