// What holds for every policy in content/policies that decides on events.
#include <filesystem>

#include "features/feature_set.h"
#include "pipeline/policy.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

class ShippedPolicy : public ::testing::TestWithParam<const char*> {
 protected:
  static Path file(std::string_view kind) {
    return testing::source_folder() / "content" / kind / (std::string(GetParam()) + ".yaml");
  }
  const Yaml yaml_ = Yaml::read(file("policies").string()).value();
};

TEST_P(ShippedPolicy, CompilesWithTheFeaturesOfItsDomain) {
  const auto features = FeatureSet::compile(file("features"));
  ASSERT_OK(features);
  std::vector<std::string> names;
  for (const auto& feature : features->features()) names.push_back(feature.name);
  EXPECT_OK(Policy::compile(yaml_, names));
}

// Who reads what a rule queued wants to know what the model found, too.
TEST_P(ShippedPolicy, ExplainsWhatItsRulesDecideInTheBand) {
  EXPECT_LE(yaml_["explain"]["from"].as_number().value(),
            yaml_["abstain"]["from"].as_number().value());
}

TEST_P(ShippedPolicy, LetsRulesRaiseWhereTheBandEnds) {
  EXPECT_EQ(yaml_["raise"]["from"].as_number().value(), yaml_["abstain"]["to"].as_number().value());
}

INSTANTIATE_TEST_SUITE_P(Content, ShippedPolicy,
                         ::testing::Values("alerts", "cloud", "endpoint", "mail", "network"),
                         [](const auto& one) { return std::string(one.param); });

TEST(ShippedPolicies, AreAllLookedAt) {
  std::size_t found = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(testing::source_folder() / "content/policies")) {
    if (entry.path().filename() != "cases.yaml") ++found;  // it decides on cases
  }
  EXPECT_EQ(found, 5U) << "name the new policy above";
}

}  // namespace
}  // namespace winnow
