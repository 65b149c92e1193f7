// Contributions against the definition of Shapley values, at every level of this machine.
#include <cmath>
#include <set>

#include "model/detail/decide.h"
#include "model/forest_model.h"
#include "tests/model/random_forest.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::ForestShape;
using testing::random_forest;
using testing::random_rows;

// What a tree gives when only the features in `known` are: the others follow the training rows
// (Lundberg et al. 2018, algorithm 1).
double expected_value(const Tree& tree, std::uint32_t output, std::span<const float> row,
                      std::uint32_t known, std::uint32_t at) {
  const auto& node = tree.nodes[at];
  if (node.kind == TreeNode::Kind::Leaf) {
    if (tree.output == Tree::kAllOutputs)
      return static_cast<double>(tree.leaf_values[node.slot + output] * tree.weight);
    return tree.output == output ? static_cast<double>(tree.leaf_values[node.slot] * tree.weight)
                                 : 0;
  }
  if ((known >> node.feature & 1) != 0) {
    const bool left = goes_left(tree, node, row[node.feature]);
    return expected_value(tree, output, row, known, left ? node.left : node.right);
  }
  double sum = 0;
  for (const auto child : {node.left, node.right}) {
    sum += static_cast<double>(tree.nodes[child].cover) / static_cast<double>(node.cover) *
           expected_value(tree, output, row, known, child);
  }
  return sum;
}

// Every coalition of the features, weighted |S|! (n - |S| - 1)! / n!.
std::vector<double> brute_force(const Forest& forest, std::uint32_t output,
                                std::span<const float> row) {
  const auto n = forest.features;
  std::vector<double> value(std::size_t{1} << n, 0.0);
  for (std::uint32_t known = 0; known < value.size(); ++known) {
    for (const auto& tree : forest.trees)
      value[known] += expected_value(tree, output, row, known, 0);
  }
  std::vector<double> phi(n + 1, 0.0);
  for (std::uint32_t f = 0; f < n; ++f) {
    for (std::uint32_t known = 0; known < value.size(); ++known) {
      if ((known >> f & 1) != 0) continue;
      const auto size = std::popcount(known);
      const double weight =
          std::tgamma(size + 1) * std::tgamma(n - static_cast<double>(size)) / std::tgamma(n + 1.0);
      phi[f] += weight * (value[known | 1U << f] - value[known]);
    }
  }
  phi[n] = value[0] + static_cast<double>(forest.base_scores[output]);
  return phi;
}

struct Shaped {
  const char* name;
  ForestShape shape;
};

class Explanations : public ::testing::TestWithParam<Shaped> {};

TEST_P(Explanations, AreShapleyValuesAtEveryLevel) {
  testing::for_each_seed(4, [](Rng& rng) {
    const auto forest = random_forest(GetParam().shape, rng);
    const std::size_t count = 70;
    const auto rows = random_rows(forest, count, rng);
    for (const auto level : cpu_levels()) {
      const auto model = ForestModel::compile(forest, level).value();
      for (std::uint32_t output = 0; output < forest.outputs(); ++output) {
        Contributions all;
        model.explain_output({rows.data(), count, forest.features}, output, all);
        for (std::size_t i = 0; i < count; i += 7) {
          const std::span<const float> row{rows.data() + i * forest.features, forest.features};
          const auto want = brute_force(forest, output, row);
          for (std::uint32_t f = 0; f < forest.features; ++f) {
            ASSERT_NEAR(all.row(i)[f], want[f], 1e-5)
                << name_of(level) << " row " << i << " feature " << f;
          }
          ASSERT_NEAR(all.base(i), want[forest.features], 1e-5);
          Contributions one;
          model.explain_output({row.data(), 1, forest.features}, output, one);
          ASSERT_TRUE(std::equal(one.row(0).begin(), one.row(0).end(), all.row(i).begin()))
              << name_of(level) << ": one row is explained as it is among many";
        }
      }
    }
  });
}

const Shaped kShapes[] = {
    {"depth_6", {.features = 7, .trees = 6}},
    {"depth_3", {.features = 5, .trees = 10, .max_depth = 3, .leaf_chance = 0}},
    {"one_feature", {.features = 1, .trees = 5, .max_depth = 4}},
    {"stumps", {.features = 4, .trees = 9, .max_depth = 1}},
    {"depth_10", {.features = 9, .trees = 2, .max_depth = 10, .leaf_chance = 0.2}},
    {"categories", {.features = 6, .trees = 6, .categories = true}},
    {"zero_gaps", {.features = 6, .trees = 6, .zero_gaps = true}},
    {"classes", {.features = 5, .outputs = 3, .trees = 7, .weights = true}},
    {"vector_leaves", {.features = 5, .outputs = 2, .trees = 4, .vector_leaves = true}},
};
INSTANTIATE_TEST_SUITE_P(Shapes, Explanations, ::testing::ValuesIn(kShapes),
                         [](const auto& each) { return each.param.name; });

TEST(Explanation, SumsToTheMarginHoweverDeepTheTree) {
  testing::for_each_seed(3, [](Rng& rng) {
    const auto forest =
        random_forest({.features = 60, .trees = 3, .max_depth = 40, .leaf_chance = 0.4}, rng);
    const auto rows = random_rows(forest, 5, rng);
    const auto model = ForestModel::compile(forest).value();
    const MatrixView view{rows.data(), 5, forest.features};
    std::vector<float> margins(5);
    model.margins(view, margins);
    Contributions out;
    model.explain(view, out);
    for (std::size_t i = 0; i < 5; ++i) {
      double sum = static_cast<double>(out.base(i));
      for (const float value : out.row(i)) sum += static_cast<double>(value);
      EXPECT_NEAR(sum, margins[i], 1e-4);
    }
  });
}

}  // namespace
}  // namespace winnow
