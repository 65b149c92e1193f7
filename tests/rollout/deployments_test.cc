#include "rollout/deployments.h"

#include <fmt/format.h>

#include "tests/pipeline/small_bundle.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

class DeploymentsTest : public ::testing::Test {
 protected:
  Registry& registry() { return *registry_; }
  Deployments open(Access access = Access::ReadWrite) {
    return Deployments::open(*registry_, folder_ / "winnow.db", access).value();
  }
  ArtifactRef artifact(ArtifactKind kind, std::string_view bytes,
                       std::optional<RunId> run = std::nullopt) {
    return registry_->add({kind, "mail", bytes, "application/json", 1, std::move(run)}, "ada")
        .value()
        .ref();
  }
  // A bundle that compiles; those of different names differ.
  BundleId bundle(std::string_view name, std::vector<ArtifactRef> more = {},
                  std::string domain = "mail") {
    const auto policy = testing::small_policy() + fmt::format("# {}\n", name);
    std::vector<ArtifactRef> parts = {
        artifact(ArtifactKind::Mapping,
                 domain == "mail" ? "{\"mapping\":\"mail\"}" : log_mapping()),
        artifact(ArtifactKind::FeatureSet, features_.canonical()),
        artifact(ArtifactKind::Policy, policy)};
    parts.insert(parts.end(), more.begin(), more.end());
    return registry_->add(Bundle{std::move(domain), std::move(parts)}, "ada").value();
  }
  static std::string log_mapping() {
    const auto yaml = Yaml::parse(R"(mapping: shop
title: Shop
domain: network
format: json
product: {name: Shop}
recognise: {has: [door]}
time: at
events: [{event: door, class: base_event, set: {severity_id: =1}}]
)",
                                  "shop.yaml");
    return Mapping::compile(yaml.value()).value().canonical();
  }
  // Models of different base scores are different models.
  static std::string model_bytes(float base_score) {
    const auto model = testing::model_by_links();
    auto forest = model.forest();
    forest.base_scores = {base_score};
    return Classifier::create(
               {model.features(), std::move(forest), std::nullopt, "", 1, 0, model.calibrator()})
        .value()
        .to_bytes();
  }
  // A model made by a run that ended as `status`, which names it among its outputs or does not.
  ArtifactRef model_of_run(RunStatus status, bool listed = true, std::string kind = "train",
                           Json metrics = Json::object(), float base_score = 0) {
    winnow::Run run;
    run.kind = std::move(kind);
    run.metrics = std::move(metrics);
    run.domain = "mail";
    run.actor = "ada";
    run.seed = static_cast<std::uint64_t>(base_score);
    run.started = run.ended = clock_.now();
    run.status = status;
    if (status == RunStatus::Failed) run.failure = "disk full";
    run.id = id_of(run).value();
    auto model = artifact(ArtifactKind::Model, model_bytes(base_score), run.id);
    if (listed) run.outputs = {model};
    EXPECT_OK(registry_->record(run));
    return model;
  }
  // As `winnow evaluate` records it.
  void measure(const ArtifactRef& model, double average_precision) {
    winnow::Run run;
    run.kind = "evaluate";
    run.domain = "mail";
    run.actor = "ada";
    run.inputs = {model};
    run.metrics = Json::object({{"rows", 500}, {"average_precision", average_precision}});
    run.started = run.ended = clock_.now();
    EXPECT_OK(registry_->record(run));
  }
  void forget_tables() {
    auto database = Sqlite::open(folder_ / "winnow.db", Access::ReadWrite).value();
    EXPECT_OK(database.execute("DELETE FROM promotions"));
    EXPECT_OK(database.execute("UPDATE promotions_cursor SET audit_entries = 0"));
  }

  testing::TemporaryFolder folder_;
  FixedClock clock_{testing::kMorning};
  FeatureSet features_ = testing::small_features();
  std::unique_ptr<Registry> registry_ =
      Registry::open(folder_.path(), clock_, Access::ReadWrite).value();
};

TEST_F(DeploymentsTest, APromotionIsOnRecordAndDecidesFromThenOn) {
  auto deployments = open();
  EXPECT_EQ(code_of(deployments.champion("mail")), Code::NotFound);
  const auto id = bundle("one");
  const auto entries = registry().audit().size();
  const auto promotion = deployments.promote(id.text(), "ada", "first model");
  ASSERT_OK(promotion);
  EXPECT_EQ(promotion->champion, id);
  EXPECT_EQ(promotion->before, std::nullopt);
  EXPECT_EQ(promotion->actor, "ada");
  EXPECT_EQ(promotion->reason, "first model");
  EXPECT_EQ(promotion->at, clock_.now());
  EXPECT_FALSE(promotion->rollback);
  EXPECT_EQ(promotion->audit_entry, entries);
  EXPECT_EQ(registry().audit().size(), entries + 1);
  EXPECT_EQ(open(Access::ReadOnly).champion("mail")->champion, id);
  EXPECT_EQ(code_of(deployments.promote(id.text(), "ada", "")), Code::Conflict);
}

TEST_F(DeploymentsTest, ARollbackGoesToTheChampionBefore) {
  auto deployments = open();
  const auto one = bundle("one"), two = bundle("two"), three = bundle("three");
  ASSERT_OK(deployments.promote(one.text(), "ada", ""));
  EXPECT_EQ(code_of(deployments.rollback("mail", "ada", "")), Code::NotFound)
      << "the first champion has none before it";
  ASSERT_OK(deployments.promote(two.text(), "ada", ""));
  ASSERT_OK(deployments.promote(three.text(), "ada", ""));
  const auto back = deployments.rollback("mail", "bob", "too many alerts");
  ASSERT_OK(back);
  EXPECT_EQ(back->champion, two);
  EXPECT_EQ(back->before, three);
  EXPECT_TRUE(back->rollback);
  const auto further = deployments.plan_rollback("mail");
  ASSERT_OK(further);
  EXPECT_EQ(further->champion, one) << "not to the bundle that was just taken away";
  ASSERT_OK(deployments.rollback("mail", "bob", "still too many"));
  EXPECT_EQ(code_of(deployments.rollback("mail", "bob", "")), Code::NotFound);
  ASSERT_OK(deployments.promote(three.text(), "ada", "mended"));
  EXPECT_EQ(deployments.plan_rollback("mail")->champion, one);
  const auto history = deployments.history("mail");
  ASSERT_OK(history);
  std::vector<BundleId> champions;
  for (const auto& change : *history) champions.push_back(change.champion);
  EXPECT_EQ(champions, (std::vector{three, one, two, three, two, one})) << "newest first";
}

TEST_F(DeploymentsTest, WhenAPromotionTookEffectIsOnRecordOnce) {
  const auto one = bundle("one"), two = bundle("two");
  {
    auto deployments = open();
    ASSERT_OK(deployments.promote(one.text(), "ada", ""));
    ASSERT_OK(deployments.promote(two.text(), "ada", ""));
    ASSERT_OK(deployments.promote(one.text(), "ada", ""));
    EXPECT_EQ(deployments.champion("mail")->took_effect, std::nullopt);
    EXPECT_EQ(code_of(deployments.note_effect("network", one, clock_.now())), Code::NotFound);
    const auto promoted = clock_.now();
    clock_.advance(std::chrono::hours(2));
    const auto entries = registry().audit().size();
    for (int i = 0; i < 2; ++i)
      ASSERT_OK(deployments.note_effect("mail", one, promoted + std::chrono::hours(1)));
    EXPECT_EQ(registry().audit().size(), entries + 1);
  }
  for (int i = 0; i < 2; ++i) {
    const auto history = open().history("mail").value();
    EXPECT_EQ(history.at(0).took_effect, testing::kMorning + std::chrono::hours(1));
    EXPECT_EQ(history.at(1).took_effect, std::nullopt);
    EXPECT_EQ(history.at(2).took_effect, std::nullopt) << "an earlier promotion of the same";
    forget_tables();
  }
}

TEST_F(DeploymentsTest, TheTableIsMadeAgainFromTheAuditLog) {
  std::vector<std::uint64_t> entries;
  {
    auto deployments = open();
    ASSERT_OK(deployments.promote(bundle("one").text(), "ada", ""));
    ASSERT_OK(deployments.promote(bundle("two").text(), "ada", ""));
    ASSERT_OK(deployments.rollback("mail", "ada", ""));
    for (const auto& change : *deployments.history("")) entries.push_back(change.audit_entry);
  }
  forget_tables();
  auto again = open();
  std::vector<std::uint64_t> rebuilt;
  for (const auto& change : *again.history("")) rebuilt.push_back(change.audit_entry);
  EXPECT_EQ(rebuilt, entries);
}

TEST_F(DeploymentsTest, ACrashBetweenRecordAndTableIsCaughtUp) {
  const auto one = bundle("one");
  { open(); }
  // What promote() records first.
  ASSERT_OK(registry().audit().append(
      {clock_.now(), "ada", "deployment.promoted", one.text(),
       Json::object({{"domain", "mail"}, {"before", Json()}, {"reason", "r"}})}));
  EXPECT_EQ(open().champion("mail")->champion, one);
}

TEST_F(DeploymentsTest, OthersEntriesAreNoneOfItsBusiness) {
  auto deployments = open();
  const auto one = bundle("one");
  ASSERT_OK(deployments.promote(one.text(), "ada", ""));
  for (const auto* action : {"verdict.given", "deployment.refused", "deployment.halted"}) {
    ASSERT_OK(registry().audit().append(
        {clock_.now(), "eve", action, sha256("x").hex(), Json::object({{"domain", "mail"}})}));
  }
  EXPECT_EQ(open().history("")->size(), 1U);
}

TEST_F(DeploymentsTest, DomainsDoNotMeddle) {
  auto deployments = open();
  const auto mail = bundle("one"), network = bundle("one", {}, "network");
  ASSERT_OK(deployments.promote(mail.text(), "ada", ""));
  ASSERT_OK(deployments.promote(network.text(), "ada", ""));
  EXPECT_EQ(deployments.champion("mail")->champion, mail);
  EXPECT_EQ(deployments.champion("network")->champion, network);
  EXPECT_EQ(deployments.champions()->size(), 2U);
  EXPECT_EQ(deployments.history("network")->size(), 1U);
  EXPECT_EQ(code_of(deployments.rollback("network", "ada", "")), Code::NotFound);
  // A bundle reads the records of its own domain, or is none.
  EXPECT_EQ(code_of(deployments.promote(bundle("two", {}, "cloud").text(), "ada", "")),
            Code::Denied);
  EXPECT_EQ(code_of(deployments.promote(bundle("three", {}, "weather").text(), "ada", "")),
            Code::Denied);
}

TEST_F(DeploymentsTest, AnUnknownBundleChangesNothing) {
  auto deployments = open();
  const auto entries = registry().audit().size();
  EXPECT_EQ(code_of(deployments.promote("b-ffffffffffff", "ada", "")), Code::NotFound);
  EXPECT_EQ(registry().audit().size(), entries);
}

struct Refusal {
  const char* name;
  RunStatus status;
  bool listed;
  const char* detail;
};
class ModelOf : public DeploymentsTest, public ::testing::WithParamInterface<Refusal> {};
TEST_P(ModelOf, ADoubtfulRunDoesNotDecideAndTheRefusalIsOnRecord) {
  auto deployments = open();
  const auto id = bundle("one", {model_of_run(GetParam().status, GetParam().listed)});
  const auto plan = deployments.plan(id.text());
  ASSERT_OK(plan);
  EXPECT_FALSE(plan->holds());
  const auto refused = deployments.promote(id.text(), "ada", "");
  ASSERT_EQ(code_of(refused), Code::Denied);
  EXPECT_NE(refused.error().message().find(GetParam().detail), std::string::npos)
      << refused.error().message();
  EXPECT_EQ(code_of(deployments.champion("mail")), Code::NotFound);
  const auto last = registry().audit().entry(registry().audit().size() - 1);
  ASSERT_OK(last);
  EXPECT_EQ(audit_entry_of(*last)->action, "deployment.refused");
}
INSTANTIATE_TEST_SUITE_P(
    Deployments, ModelOf,
    ::testing::Values(Refusal{"Failed", RunStatus::Failed, false, "failed: disk full"},
                      Refusal{"UnlistedOutput", RunStatus::Succeeded, false, "among its outputs"}),
    [](const auto& one) { return one.param.name; });

// What the check of a plan says of the model's figures; empty where nothing speaks against it.
std::string doubt_of(const PromotionPlan& plan) {
  EXPECT_TRUE(plan.holds());
  const auto& last = plan.checks.back();
  EXPECT_EQ(last.name, "evaluation");
  EXPECT_FALSE(last.detail.empty());
  return last.doubtful ? last.detail : "";
}

TEST_F(DeploymentsTest, AModelNobodyMeasuredIsInDoubtUntilItIs) {
  auto deployments = open();
  const auto model =
      model_of_run(RunStatus::Succeeded, true, "model_import", Json::object({{"columns", 30}}));
  const auto id = bundle("one", {model});
  const auto plan = deployments.plan(id.text());
  ASSERT_OK(plan);
  EXPECT_NE(doubt_of(*plan).find("never measured"), std::string::npos) << doubt_of(*plan);
  measure(model, 0.8);
  const auto measured = deployments.plan(id.text());
  ASSERT_OK(measured);
  EXPECT_EQ(doubt_of(*measured), "");
  EXPECT_NE(measured->checks.back().detail.find("500 labelled events"), std::string::npos);
  ASSERT_OK(deployments.promote(id.text(), "ada", ""));
}

TEST_F(DeploymentsTest, AModelWorseThanTheBaselineOrTheChampionIsInDoubt) {
  auto deployments = open();
  const auto trained = [](double precision, double baseline) {
    return Json::object({{"rows", 900},
                         {"average_precision", precision},
                         {"baseline_average_precision", baseline}});
  };
  const auto first = model_of_run(RunStatus::Succeeded, true, "train", trained(0.4, 0.6));
  const auto one = bundle("one", {first});
  EXPECT_NE(doubt_of(*deployments.plan(one.text())).find("baseline's was 0.600"),
            std::string::npos);
  measure(first, 0.9);
  ASSERT_OK(deployments.promote(one.text(), "ada", ""));
  // The same bytes, so the same model: another bundle is as good, and nothing speaks against it.
  const auto two = bundle("two", {first});
  EXPECT_EQ(doubt_of(*deployments.plan(two.text())), "");
  const auto other = model_of_run(RunStatus::Succeeded, true, "train", trained(0.7, 0.6), 1);
  const auto doubt = doubt_of(*deployments.plan(bundle("three", {other}).text()));
  EXPECT_NE(doubt.find("0.700"), std::string::npos) << doubt;
  EXPECT_NE(doubt.find("the champion has average precision 0.900"), std::string::npos) << doubt;
}

TEST_F(DeploymentsTest, AModelNeedsARunAndItsOwnFeatures) {
  auto deployments = open();
  const auto orphan = artifact(ArtifactKind::Model, testing::model_by_links().to_bytes());
  EXPECT_EQ(code_of(deployments.promote(bundle("one", {orphan}).text(), "ada", "")), Code::Denied);
  const auto broken = artifact(ArtifactKind::IntelSnapshot, "no snapshot");
  EXPECT_EQ(code_of(deployments.promote(bundle("two", {broken}).text(), "ada", "")), Code::Denied);
}

TEST_F(DeploymentsTest, AModelFromARunThatSucceededDecides) {
  auto deployments = open();
  const auto id = bundle("one", {model_of_run(RunStatus::Succeeded)});
  const auto plan = deployments.plan(id.text());
  ASSERT_OK(plan);
  for (const auto& check : plan->checks) EXPECT_TRUE(check.holds) << check.detail;
  EXPECT_EQ(plan->checks.size(), 3U);
  EXPECT_OK(deployments.promote(id.text(), "ada", ""));
}

}  // namespace
}  // namespace winnow
