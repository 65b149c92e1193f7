// The compiled forest against the walk that defines it, at every level of this machine.
#include "model/forest_model.h"

#include <bit>
#include <cmath>

#include "tests/model/random_forest.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::ForestShape;
using testing::random_forest;
using testing::random_rows;

struct Shaped {
  const char* name;
  ForestShape shape;
};

class ForestModels : public ::testing::TestWithParam<Shaped> {};

MatrixView view_of(const std::vector<float>& rows, std::size_t columns) {
  return {rows.data(), rows.size() / columns, columns};
}

TEST_P(ForestModels, MarginsEqualTheWalkBitForBitAtEveryLevel) {
  testing::for_each_seed(12, [](Rng& rng) {
    const auto forest = random_forest(GetParam().shape, rng);
    const std::size_t count = 1 + rng.below(rng.chance(0.5) ? 20 : 1500);
    const auto rows = random_rows(forest, count, rng);
    const auto view = view_of(rows, forest.features);
    std::vector<float> want(count * forest.outputs());
    for (std::size_t i = 0; i < count; ++i) {
      walk_margins(forest, view.row(i),
                   std::span(want).subspan(i * forest.outputs(), forest.outputs()));
    }
    for (const auto level : cpu_levels()) {
      const auto model = ForestModel::compile(forest, level);
      ASSERT_OK(model);
      std::vector<float> got(want.size(), NAN);
      model->margins(view, got);
      for (std::size_t i = 0; i < want.size(); ++i) {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(got[i]), std::bit_cast<std::uint32_t>(want[i]))
            << name_of(level) << ", " << count << " rows, value " << i << ": " << got[i]
            << ", expected " << want[i];
      }
    }
  });
}

const Shaped kShapes[] = {
    {"depth_6", {}},
    {"depth_3", {.max_depth = 3, .leaf_chance = 0}},
    {"stumps", {.trees = 30, .max_depth = 1, .leaf_chance = 0.2}},
    {"depth_8", {.max_depth = 8}},
    {"leaf_wise", {.trees = 12, .max_depth = 20, .leaf_chance = 0.35}},
    {"leaf_wise_in_dozens", {.trees = 60, .max_depth = 15, .leaf_chance = 0.3}},
    {"few_and_many_leaves", {.trees = 40, .max_depth = 11, .leaf_chance = 0.12}},
    {"thousands_of_leaves", {.trees = 3, .max_depth = 12, .leaf_chance = 0.02}},
    {"deep_with_equal_thresholds", {.trees = 40, .max_depth = 10, .distinct_thresholds = 2}},
    {"deep_with_everything",
     {.trees = 50,
      .max_depth = 14,
      .leaf_chance = 0.25,
      .categories = true,
      .zero_gaps = true,
      .weights = true}},
    {"deep_classes", {.outputs = 3, .trees = 40, .max_depth = 9, .leaf_chance = 0.2}},
    {"deep_vector_leaves", {.outputs = 3, .trees = 20, .max_depth = 9, .vector_leaves = true}},
    {"deep_with_hundreds_of_columns", {.features = 700, .trees = 60, .max_depth = 9}},
    {"many_thresholds",
     {.features = 2, .trees = 40, .leaf_chance = 0, .distinct_thresholds = 2000}},
    {"many_columns", {.features = 150, .trees = 40, .leaf_chance = 0}},
    {"hundreds_of_columns", {.features = 700, .trees = 60, .leaf_chance = 0}},
    {"thousands_of_columns", {.features = 5000, .trees = 120, .leaf_chance = 0}},
    {"categories", {.categories = true}},
    {"zero_gaps", {.zero_gaps = true}},
    {"weights", {.weights = true}},
    {"classes", {.outputs = 5, .trees = 23}},
    {"vector_leaves", {.outputs = 3, .vector_leaves = true}},
    {"everything",
     {.features = 40,
      .outputs = 2,
      .trees = 40,
      .max_depth = 9,
      .categories = true,
      .zero_gaps = true,
      .weights = true}},
    {"no_trees", {.trees = 0}},
};
INSTANTIATE_TEST_SUITE_P(Shapes, ForestModels, ::testing::ValuesIn(kShapes),
                         [](const auto& each) { return each.param.name; });

TEST(ForestModel, ManyTinyTreesTakeNoRoomForKernelsAndScoreTheSame) {
  Forest forest;
  forest.features = 1;
  forest.base_scores = {0.5F};
  Tree leaf;
  leaf.nodes.resize(1);
  leaf.leaf_values = {0.25F};
  forest.trees.assign(300'000, leaf);
  const auto model = ForestModel::compile(forest).value();
  const float row = 1;
  float margin = 0;
  model.margins({&row, 1, 1}, {&margin, 1});
  EXPECT_EQ(margin, 75'000.5F);
  Contributions out;
  model.explain({&row, 1, 1}, out);
  EXPECT_EQ(out.row(0)[0], 0);
  EXPECT_FLOAT_EQ(out.base(0), 75'000.5F);
}

TEST(ForestModel, ATreeOfMoreNodesThanPlacesScoresTheSame) {
  Rng rng(11);
  const auto forest =
      random_forest({.trees = 2, .max_depth = 16, .leaf_chance = 0, .distinct_thresholds = 9}, rng);
  ASSERT_GT(forest.trees[0].nodes.size(), std::size_t{1} << 16);
  const auto rows = random_rows(forest, 200, rng);
  const auto view = view_of(rows, forest.features);
  std::vector<float> got(view.rows);
  ForestModel::compile(forest).value().margins(view, got);
  for (std::size_t i = 0; i < view.rows; ++i) {
    float want = 0;
    walk_margins(forest, view.row(i), {&want, 1});
    EXPECT_EQ(got[i], want);
  }
}

TEST(ForestModel, ScoresThroughTheLink) {
  Rng rng(7);
  for (const auto link : {Link::Identity, Link::Logistic, Link::Softmax, Link::Exponential,
                          Link::Step, Link::SignedSquare}) {
    auto forest = random_forest({.outputs = 3}, rng);
    forest.link = link;
    const auto rows = random_rows(forest, 50, rng);
    const auto model = ForestModel::compile(forest).value();
    std::vector<float> scores(150);
    model.score(view_of(rows, forest.features), scores);
    for (std::size_t i = 0; i < 50; ++i) {
      std::vector<float> want(3);
      walk_margins(forest, {rows.data() + i * forest.features, forest.features}, want);
      apply_link(forest, want);
      EXPECT_EQ(want, std::vector<float>(scores.begin() + static_cast<std::ptrdiff_t>(3 * i),
                                         scores.begin() + static_cast<std::ptrdiff_t>(3 * i + 3)));
    }
  }
}

TEST(ApplyLink, MatchesTheMathematicalFunctions) {
  Forest forest;
  forest.base_scores = {0};
  for (float x = -100; x <= 80; x += 0.37F) {
    forest.link = Link::Logistic;
    float value = x;
    apply_link(forest, {&value, 1});
    EXPECT_FLOAT_EQ(value, static_cast<float>(1 / (1 + std::exp(-static_cast<double>(x)))));
    forest.link = Link::Exponential;
    value = x;
    apply_link(forest, {&value, 1});
    EXPECT_FLOAT_EQ(value, static_cast<float>(std::exp(static_cast<double>(x))));
  }
}

}  // namespace
}  // namespace winnow
