#include "pipeline/policy.h"

#include <cmath>
#include <limits>

#include "tests/support/support.h"

namespace winnow {
namespace {

constexpr double kNoNovelty = std::numeric_limits<double>::quiet_NaN();
const std::vector<std::string> kFeatures = {"auth.dmarc", "links.count", "sender.lookalike"};

constexpr const char* kPolicy = R"(
policy: mail
routes:
  - {route: escalate, from: 0.9}
  - {route: queue, from: 0.5}
  - {route: close, from: 0}
abstain: {from: 0.4, to: 0.6, novelty: 0.99}
second_stage:
  - rule: look-alike-sender
    when: ["sender.lookalike >= 1", "auth.dmarc missing"]
    route: escalate
    says: the sender's domain imitates one you know
  - rule: novel
    when: ["novelty >= 0.999"]
    route: queue
    says: nothing like it was seen
otherwise: queue
explain: {from: 0.3, reasons: 4}
model_deadline: 250ms
)";

Result<Policy> compiled(const std::string& text) {
  WINNOW_TRY(const Yaml yaml, Yaml::parse(text, "p.yaml"));
  return Policy::compile(yaml, kFeatures);
}

TEST(Policy, RoutesByTheHighestThresholdReached) {
  const auto policy = compiled(kPolicy);
  ASSERT_OK(policy);
  EXPECT_EQ(policy->route_of(0.95), Route::Escalate);
  EXPECT_EQ(policy->route_of(0.9), Route::Escalate);
  EXPECT_EQ(policy->route_of(0.89999), Route::Queue);
  EXPECT_EQ(policy->route_of(0), Route::Close);
  EXPECT_EQ(policy->route_of(std::nan("")), Route::Queue) << "no number is never closed";
}

TEST(Policy, AbstainsInsideTheBandOnly) {
  const auto policy = *compiled(kPolicy);
  EXPECT_FALSE(policy.abstains(0.39, kNoNovelty));
  EXPECT_TRUE(policy.abstains(0.4, kNoNovelty));
  EXPECT_FALSE(policy.abstains(0.6, kNoNovelty));
}

TEST(Policy, AbstainsBelowTheBandFromWhatIsNovel) {
  const auto policy = *compiled(kPolicy);
  EXPECT_FALSE(policy.abstains(0.01, 0.98));
  EXPECT_TRUE(policy.abstains(0.01, 0.99));
  EXPECT_FALSE(policy.abstains(0.9, 0.999)) << "what is malicious anyway need not be novel";
  EXPECT_FALSE(policy.is_novel(kNoNovelty));
}

TEST(Policy, ARuleMayAskForNovelty) {
  const auto policy = *compiled(kPolicy);
  const std::vector<float> row{1, 3, 0};
  ASSERT_NE(policy.second_stage(row, 0.9995), nullptr);
  EXPECT_EQ(policy.second_stage(row, 0.9995)->name, "novel");
  EXPECT_EQ(policy.second_stage(row, 0.9), nullptr);
  EXPECT_EQ(policy.second_stage(row, kNoNovelty), nullptr);
}

TEST(Policy, ARuleNeedsAllItsConditionsAndMissingIsItsOwnTest) {
  const auto policy = *compiled(kPolicy);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> matching{nan, 3, 1}, authenticated{1, 3, 1}, unknown{nan, 3, nan};
  ASSERT_NE(policy.second_stage(matching, kNoNovelty), nullptr);
  EXPECT_EQ(policy.second_stage(matching, kNoNovelty)->name, "look-alike-sender");
  EXPECT_EQ(policy.second_stage(authenticated, kNoNovelty), nullptr);
  EXPECT_EQ(policy.second_stage(unknown, kNoNovelty), nullptr);
}

struct Raised {
  const char* name;
  double probability;
  bool looks_alike;
  double novelty;
  const char* rule;  // empty: none
};
class PolicyRaises : public ::testing::TestWithParam<Raised> {};
TEST_P(PolicyRaises, ByTheFirstRuleThatIsMoreUrgent) {
  const auto& c = GetParam();
  std::string text = kPolicy;
  text.insert(text.find("second_stage:"), "raise: {from: 0.6}\n");
  const auto policy = compiled(text);
  ASSERT_OK(policy);
  const std::vector<float> row{std::numeric_limits<float>::quiet_NaN(), 3,
                               c.looks_alike ? 1.0F : 0.0F};
  const auto* const rule = policy->raising(c.probability, row, c.novelty);
  EXPECT_EQ(rule == nullptr ? "" : rule->name, c.rule);
  EXPECT_EQ(compiled(kPolicy)->raising(c.probability, row, c.novelty), nullptr)
      << "a policy that does not say so raises nothing";
}
INSTANTIATE_TEST_SUITE_P(
    Rules, PolicyRaises,
    ::testing::Values(Raised{"FromThereOn", 0.6, true, kNoNovelty, "look-alike-sender"},
                      Raised{"NotBelow", 0.59, true, kNoNovelty, ""},
                      Raised{"NotWhatIsAsUrgent", 0.95, true, kNoNovelty, ""},
                      Raised{"NotByARuleOfTheSameRoute", 0.6, false, 0.9999, ""},
                      Raised{"NotWithoutARule", 0.8, false, kNoNovelty, ""},
                      Raised{"NotWithoutAProbability", std::nan(""), true, kNoNovelty, ""}),
    [](const auto& one) { return std::string(one.param.name); });

struct Refused {
  const char* find;
  const char* replace;
  const char* error;
};
class PolicyRefuses : public ::testing::TestWithParam<Refused> {};
TEST_P(PolicyRefuses, WithFileAndLine) {
  std::string text = kPolicy;
  const auto at = text.find(GetParam().find);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string_view(GetParam().find).size(), GetParam().replace);
  const auto policy = compiled(text);
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().text(), GetParam().error);
}
INSTANTIATE_TEST_SUITE_P(
    Mistakes, PolicyRefuses,
    ::testing::Values(
        Refused{"sender.lookalike >=", "sender.lookalik >=",
                "p.yaml:10: the feature set has no feature 'sender.lookalik' (did you mean "
                "'sender.lookalike'?)"},
        Refused{"from: 0.5}", "from: 0.95}",
                "p.yaml:5: routes run from the highest threshold down"},
        Refused{"close, from: 0}", "close, from: 0.1}",
                "p.yaml:4: the last route begins at 0, so that every probability has one"},
        Refused{"route: queue,", "route: drop,",
                "p.yaml:5: 'drop' is no route (one of close, queue, escalate, playbook)"},
        Refused{"otherwise:", "otherwize:",
                "p.yaml:17: unknown key 'otherwize' (did you mean 'otherwise'?)"},
        Refused{"250ms", "250", "p.yaml:19: a duration like 500ms or 2s expected, found '250'"},
        Refused{"to: 0.6", "to: 0.3", "p.yaml:7: the abstain band ends before it begins"},
        Refused{"{from: 0.4, to: 0.6, novelty: 0.99}", "0.4", "p.yaml:7: 'abstain' is a map"},
        Refused{"novelty: 0.99}", "novelty: 1.1}",
                "p.yaml:7: a probability from 0 to 1 expected, found 1.1"},
        Refused{"{from: 0.3, reasons: 4}", "0.3", "p.yaml:18: 'explain' is a map"},
        Refused{"otherwise: queue", "raise: 0.6", "p.yaml:17: 'raise' is a map"},
        Refused{"otherwise: queue", "raise: {to: 0.6}", "p.yaml:17: unknown key 'to'"},
        Refused{"lookalike >= 1", "lookalike >= nan",
                "p.yaml:10: 'sender.lookalike >= nan' does not end with a number"}));

}  // namespace
}  // namespace winnow
