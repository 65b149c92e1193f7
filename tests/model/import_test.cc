// Reading models: what each form means, and that a hostile file ends with an error.
#include <cmath>

#include <fmt/format.h>

#include "base/json.h"
#include "model/forest_import.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

// A model of one tree: feature 0 at 0.5, then feature 1 at -1; missing goes left, then right.
std::string xgboost_json(std::string_view changes_from = "", std::string_view changes_to = "") {
  std::string text =
      R"({"learner":{"attributes":{},"feature_names":["a","b"],"feature_types":["float","float"],
"gradient_booster":{"model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"1"},"tree_info":[0],
"trees":[{"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[],
"default_left":[1,0,0,0,0],"left_children":[1,-1,3,-1,-1],"right_children":[2,-1,4,-1,-1],
"split_conditions":[0.5,10,-1,20,30],"split_indices":[0,0,1,0,0],"split_type":[0,0,0,0,0],
"sum_hessian":[8,4,4,1,3],
"tree_param":{"num_deleted":"0","num_feature":"2","num_nodes":"5","size_leaf_vector":"1"}}]},"name":"gbtree"},
"learner_model_param":{"base_score":"2E0","num_class":"0","num_feature":"2","num_target":"1"},
"objective":{"name":"reg:squarederror"}},"version":[3,1,0]})";
  if (!changes_from.empty()) {
    const auto at = text.find(changes_from);
    EXPECT_NE(at, std::string::npos) << changes_from;
    text.replace(at, changes_from.size(), changes_to);
  }
  return text;
}

float margin_of(const Forest& forest, std::vector<float> row) {
  float margin = 0;
  walk_margins(forest, row, {&margin, 1});
  return margin;
}

TEST(ReadXgboost, GoesTheWayItsSplitsSay) {
  const auto forest = read_xgboost(xgboost_json());
  ASSERT_OK(forest);
  EXPECT_EQ(forest->feature_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(margin_of(*forest, {0.25, 0}), 12);
  EXPECT_EQ(margin_of(*forest, {0.5, -2}), 22);  // equal goes right
  EXPECT_EQ(margin_of(*forest, {0.5, -1}), 32);
  EXPECT_EQ(margin_of(*forest, {NAN, -1}), 12);
  EXPECT_EQ(margin_of(*forest, {1, NAN}), 32);
}

TEST(ReadXgboost, ReadsBaseScoresOfEveryVersion) {
  for (const char* written : {"\"2E0\"", "\"[2E0]\"", "\"2\"", "\"2.0\""}) {
    const auto forest = read_xgboost(xgboost_json("\"2E0\"", written));
    ASSERT_OK(forest);
    EXPECT_EQ(forest->base_scores, std::vector<float>{2}) << written;
  }
  const auto logistic = read_xgboost(xgboost_json("reg:squarederror", "binary:logistic"));
  EXPECT_FALSE(logistic) << "a probability of 2 has no margin";
}

TEST(ReadXgboost, ARawMarginsBaseScoreIsAMargin) {  // as 1.7 to 3.2 predict
  const auto raw = read_xgboost(xgboost_json("reg:squarederror", "binary:logitraw"));
  ASSERT_OK(raw);
  EXPECT_EQ(raw->base_scores, std::vector<float>{2});
}

TEST(ReadXgboost, SendsListedCategoriesRight) {
  auto text = xgboost_json(R"("split_type":[0,0,0,0,0])", R"("split_type":[1,0,0,0,0])");
  text.replace(text.find("[0.5,"), 4, "[NaN");  // as XGBoost 2 writes
  const auto begin = text.find(R"("categories":[])");
  text.replace(
      begin, text.find(R"("default_left")") - begin,
      R"("categories":[1,3],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[2],)");
  const auto forest = read_xgboost(text);
  ASSERT_OK(forest);
  EXPECT_EQ(margin_of(*forest, {0, -2}), 12);
  EXPECT_EQ(margin_of(*forest, {1, -2}), 22);
  EXPECT_EQ(margin_of(*forest, {3.5, -2}), 22);  // truncated
  EXPECT_EQ(margin_of(*forest, {-3, -2}), 12);
  EXPECT_EQ(margin_of(*forest, {1e30F, -2}), 12);
  EXPECT_EQ(margin_of(*forest, {NAN, -2}), 12);
}

TEST(ReadXgboost, KeepsTheRoundsUpToTheBest) {
  const auto forest =
      read_xgboost(xgboost_json(R"("attributes":{})", R"("attributes":{"best_iteration":"0"})"));
  ASSERT_OK(forest);
  EXPECT_EQ(forest->trees.size(), 1U);
}

struct Hostile {
  const char* name;
  const char* from;
  const char* to;
  Code code;
};

class HostileXgboost : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileXgboost, IsRefused) {
  EXPECT_EQ(code_of(read_xgboost(xgboost_json(GetParam().from, GetParam().to))), GetParam().code);
}

const Hostile kHostile[] = {
    {"cycle", "\"left_children\":[1,-1,3", "\"left_children\":[1,-1,0", Code::InvalidArgument},
    {"shared_child", "\"left_children\":[1,-1,3", "\"left_children\":[1,-1,1",
     Code::InvalidArgument},
    {"child_out_of_range", "\"right_children\":[2", "\"right_children\":[200000",
     Code::InvalidArgument},
    {"negative_child", "\"right_children\":[2", "\"right_children\":[-7", Code::InvalidArgument},
    {"feature_out_of_range", "\"split_indices\":[0", "\"split_indices\":[2", Code::InvalidArgument},
    {"infinite_leaf", "[0.5,10,", "[0.5,1e300,", Code::InvalidArgument},
    {"leaf_not_a_number", "[0.5,10,", "[0.5,NaN,", Code::InvalidArgument},
    {"threshold_not_a_number", "[0.5,10,", "[NaN,10,", Code::InvalidArgument},
    {"no_cover", "\"sum_hessian\":[8,", "\"sum_hessian\":[0,", Code::InvalidArgument},
    {"negative_cover", "\"sum_hessian\":[8,4,", "\"sum_hessian\":[8,-4,", Code::InvalidArgument},
    {"cover_grows", "\"sum_hessian\":[8,4,", "\"sum_hessian\":[8,1e9,", Code::InvalidArgument},
    {"short_array", "\"default_left\":[1,", "\"default_left\":[", Code::InvalidArgument},
    {"category_without_set", "\"split_type\":[0", "\"split_type\":[1", Code::InvalidArgument},
    {"category_nodes_unlike", "\"categories_nodes\":[]", "\"categories_nodes\":[0]",
     Code::InvalidArgument},
    {"huge_class_count", "\"num_class\":\"0\"", "\"num_class\":\"4000000000\"",
     Code::InvalidArgument},
    {"huge_feature_count", "\"num_feature\":\"2\",\"num_target",
     "\"num_feature\":\"4000000000\",\"num_target", Code::Exhausted},
    {"vector_leaf_without_values", "\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"3\"",
     Code::InvalidArgument},
    {"base_score_words", "\"2E0\"", "\"much\"", Code::InvalidArgument},
    {"base_score_infinite", "\"2E0\"", "\"inf\"", Code::InvalidArgument},
    {"tree_for_no_output", "\"tree_info\":[0]", "\"tree_info\":[1]", Code::InvalidArgument},
    {"unknown_objective", "reg:squarederror", "reg:magic", Code::Unsupported},
    {"linear_booster", "\"gbtree\"}", "\"gblinear\"}", Code::Unsupported},
};
INSTANTIATE_TEST_SUITE_P(Files, HostileXgboost, ::testing::ValuesIn(kHostile),
                         [](const auto& each) { return each.param.name; });

TEST(ReadXgboost, RefusesTreesThatAreTooDeep) {
  std::string left;
  std::string right;
  std::string zeros;
  std::string ones;
  const int splits = 5000;  // a chain: each split's left child is a leaf
  for (int i = 0; i < splits; ++i) {
    left += fmt::format("{},-1,", 2 * i + 1);
    right += fmt::format("{},-1,", 2 * i + 2);
    zeros += "0,0,";
    ones += "1,1,";
  }
  auto text = xgboost_json();
  const auto replace = [&](std::string_view key, const std::string& items) {
    const auto begin = text.find(fmt::format("\"{}\":[", key)) + key.size() + 4;
    text.replace(begin, text.find(']', begin) - begin, items);
  };
  replace("left_children", left + "-1");
  replace("right_children", right + "-1");
  for (const char* key : {"default_left", "split_indices", "split_type", "split_conditions"})
    replace(key, zeros + "0");
  replace("sum_hessian", ones + "1");
  EXPECT_EQ(code_of(read_xgboost(text)), Code::Exhausted);
  ForestLimits deeper;
  deeper.max_depth = splits;
  EXPECT_OK(read_xgboost(text, deeper));
}

TEST(ReadXgboost, RefusesWhatIsNoModel) {
  for (const std::string bytes :
       {"", "{", "{}", "[]", "{\"learner\":{}}", "binf", "\177ELF", "{L", "{#L"}) {
    EXPECT_FALSE(read_xgboost(bytes)) << bytes;
  }
  ForestLimits small;
  small.max_bytes = 100;
  EXPECT_EQ(code_of(read_xgboost(xgboost_json(), small)), Code::Exhausted);
}

std::string lightgbm_text(std::string_view decision = "2 10",
                          std::string_view threshold = "0.5 -1") {
  return fmt::format(
      "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=1\n"
      "objective=regression\nfeature_names=a b\nfeature_infos=[0:1] [0:1]\ntree_sizes=300\n\n"
      "Tree=0\nnum_leaves=3\nnum_cat=0\nsplit_feature=0 1\nsplit_gain=1 "
      "1\nthreshold={}\ndecision_type={}\n"
      "left_child=-1 -2\nright_child=1 -3\nleaf_value=10 20 30\nleaf_weight=4 1 3\nleaf_count=4 1 "
      "3\n"
      "internal_value=0 0\ninternal_weight=8 4\ninternal_count=8 4\nis_linear=0\nshrinkage=1\n\n\n"
      "end of trees\n\nfeature_importances:\na=1\n\nparameters:\n[boosting: gbdt]\nend of "
      "parameters\n",
      threshold, decision);
}

struct Missing {
  const char* name;
  const char* decision;   // of the first split
  const char* threshold;  // likewise
  float x;
  float want;  // 10: left
};

class LightgbmMissing : public ::testing::TestWithParam<Missing> {};

// Bits of decision_type: 2 default left; 4 zero is missing; 8 NaN is missing.
TEST_P(LightgbmMissing, GoesWhereLightgbmSendsIt) {
  const auto& c = GetParam();
  const auto forest = read_lightgbm(
      lightgbm_text(fmt::format("{} 2", c.decision), fmt::format("{} 100", c.threshold)));
  ASSERT_OK(forest);
  EXPECT_EQ(margin_of(*forest, {c.x, 0}), c.want);
}

const Missing kMissing[] = {
    {"equal_goes_left", "0", "0.5", 0.5F, 10},
    {"above_goes_right", "0", "0.5", 0.50000006F, 20},
    {"nan_is_zero_where_none_is_missing", "0", "0.5", NAN, 10},
    {"nan_is_zero_and_goes_right", "2", "-0.5", NAN, 20},
    {"nan_missing_goes_left", "10", "-0.5", NAN, 10},
    {"nan_missing_goes_right", "8", "0.5", NAN, 20},
    {"zero_is_no_nan", "8", "0.5", 0, 10},
    {"zero_missing_goes_right", "4", "0.5", 0, 20},
    {"zero_missing_nan_too", "4", "0.5", NAN, 20},
    {"zero_missing_only_zero", "4", "0.5", 0.25F, 10},
    {"zero_missing_goes_left", "6", "-0.5", 0, 10},
    {"zero_missing_negative_zero", "6", "-0.5", -0.F, 10},
    {"zero_missing_tiny", "6", "-0.5", 1e-36F, 10},
    {"zero_missing_not_so_tiny", "6", "-0.5", 1e-34F, 20},
    {"infinite_threshold_goes_left", "8", "inf", 3e38F, 10},  // all but missing values
    {"infinite_threshold_nan", "8", "inf", NAN, 20},
    {"zero_missing_below", "6", "-0.5", -1, 10},
};
INSTANTIATE_TEST_SUITE_P(Values, LightgbmMissing, ::testing::ValuesIn(kMissing),
                         [](const auto& each) { return each.param.name; });

TEST(ReadLightgbm, SendsListedCategoriesLeft) {
  auto text = lightgbm_text("1 2", "0 100");
  text.replace(text.find("left_child"), 0, "cat_boundaries=0 2\ncat_threshold=2 1\n");  // {1, 32}
  const auto forest = read_lightgbm(text);
  ASSERT_OK(forest);
  for (const auto& [x, want] :
       {std::pair{1.F, 10.F}, {32.F, 10.F}, {0.F, 20.F}, {33.F, 20.F}, {-1.F, 20.F}, {NAN, 20.F}}) {
    EXPECT_EQ(margin_of(*forest, {x, 0}), want) << x;
  }
}

TEST(ReadLightgbm, RefusesWhatContradictsItself) {
  const auto changed = [](std::string_view from, std::string_view to) {
    auto text = lightgbm_text();
    text.replace(text.find(from), from.size(), to);
    return code_of(read_lightgbm(text));
  };
  EXPECT_EQ(changed("left_child=-1 -2", "left_child=0 -2"), Code::InvalidArgument);  // a cycle
  EXPECT_EQ(changed("left_child=-1 -2", "left_child=-9 -2"),
            Code::InvalidArgument);  // no such leaf
  EXPECT_EQ(changed("left_child=-1 -2", "left_child=-2 -2"),
            Code::InvalidArgument);  // a leaf twice
  EXPECT_EQ(changed("threshold=0.5 -1", "threshold=nan -1"), Code::InvalidArgument);
  EXPECT_EQ(changed("decision_type=2 10", "decision_type=1 10"),
            Code::InvalidArgument);  // no such set
  EXPECT_EQ(changed("decision_type=2 10", "decision_type=77 10"), Code::InvalidArgument);
  EXPECT_EQ(changed("num_leaves=3", "num_leaves=4000000000"), Code::InvalidArgument);
  EXPECT_EQ(changed("num_leaves=3", "num_leaves=0"), Code::InvalidArgument);
  EXPECT_EQ(changed("num_tree_per_iteration=1", "num_tree_per_iteration=0"), Code::InvalidArgument);
  EXPECT_EQ(changed("max_feature_idx=1", "max_feature_idx=4294967295"), Code::Exhausted);
  EXPECT_EQ(changed("split_feature=0 1", "split_feature=0 2"), Code::InvalidArgument);
  EXPECT_EQ(changed("leaf_value=10 20 30", "leaf_value=10 20 inf"), Code::InvalidArgument);
  EXPECT_EQ(changed("internal_count=8 4", "internal_count=0 4"), Code::InvalidArgument);
  EXPECT_EQ(changed("is_linear=0", "is_linear=1"), Code::Unsupported);
  EXPECT_EQ(changed("version=v4", "version=v9"), Code::Unsupported);
  EXPECT_EQ(changed("objective=regression", "objective=magic"), Code::Unsupported);
}

TEST(ReadLightgbm, RefusesAnAveragedModelOfNothing) {
  EXPECT_EQ(code_of(read_lightgbm("tree\nversion=v4\nnum_tree_per_iteration=0\nmax_feature_idx=1\n"
                                  "objective=binary\naverage_output\n\nend of trees\n")),
            Code::InvalidArgument);
}

TEST(ReadForest, KnowsTheFormByItsBeginning) {
  const auto forest = read_forest(xgboost_json());
  ASSERT_OK(forest);
  EXPECT_EQ(read_forest(to_bytes(*forest)).value(), *forest);
  EXPECT_OK(read_forest(lightgbm_text()));
}

TEST(ForestBytes, NoFlippedByteGoesUnseen) {
  const auto bytes = to_bytes(read_forest(lightgbm_text()).value());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto broken = bytes;
    broken[i] = static_cast<char>(broken[i] ^ 0x10);
    EXPECT_FALSE(forest_from_bytes(broken)) << i;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(forest_from_bytes(bytes.substr(0, size)));
}

}  // namespace
}  // namespace winnow
