// Novelty against the definition, at every level of this machine; bytes that are not trusted.
#include "model/isolation_forest.h"

#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::for_each_seed;

void grow(IsolationTree& tree, std::uint32_t features, std::uint32_t depth, Rng& rng) {
  const auto at = tree.size();
  tree.emplace_back();
  if (depth == 0 || rng.chance(0.2)) {
    tree[at].samples = static_cast<std::uint32_t>(1 + rng.below(40));
    return;
  }
  tree[at].feature = static_cast<std::uint32_t>(rng.below(features));
  tree[at].threshold = static_cast<float>(rng.normal());
  tree[at].missing_left = rng.chance(0.5);
  grow(tree, features, depth - 1, rng);
  tree[at].right = static_cast<std::uint32_t>(tree.size());
  grow(tree, features, depth - 1, rng);
}

IsolationTrees random_trees(Rng& rng) {
  IsolationTrees trees;
  const auto features = static_cast<std::uint32_t>(1 + rng.below(12));
  for (std::uint32_t f = 0; f < features; ++f)
    trees.features.push_back(fmt::format("column {}", f));
  trees.trees.resize(1 + rng.below(40));
  const auto depth = static_cast<std::uint32_t>(rng.below(11));
  for (auto& tree : trees.trees) grow(tree, features, depth, rng);
  trees.usual_path = average_path(256);
  return trees;
}

std::vector<float> random_rows(std::size_t columns, std::size_t count, Rng& rng) {
  std::vector<float> rows;
  const double missing = rng.chance(0.5) ? 0.1 : 0;  // complete rows take a shorter way
  for (std::size_t i = 0; i < columns * count; ++i) {
    rows.push_back(rng.chance(missing) ? NAN
                   : rng.chance(0.05)  ? std::copysign(INFINITY, static_cast<float>(rng.normal()))
                                       : static_cast<float>(rng.normal()));
  }
  return rows;
}

// The definition, in double: Liu et al. 2008, equation 2 and algorithm 3.
double novelty_of(const IsolationTrees& trees, std::span<const float> row) {
  double sum = 0;
  for (const auto& tree : trees.trees) {
    std::uint32_t at = 0;
    for (; !tree[at].is_leaf(); ++sum) {
      const float x = row[tree[at].feature];
      const bool left = std::isnan(x) ? tree[at].missing_left : x < tree[at].threshold;
      at = left ? at + 1 : tree[at].right;
    }
    sum += average_path(tree[at].samples);
  }
  return std::exp2(-sum / (static_cast<double>(trees.trees.size()) * trees.usual_path));
}

TEST(IsolationForest, NoveltyIsWhatThePaperDefinesAtEveryLevelAndBatchSize) {
  for_each_seed(30, [](Rng& rng) {
    const auto trees = random_trees(rng);
    const std::size_t columns = trees.features.size();
    const std::size_t count = 1 + rng.below(rng.chance(0.5) ? 20 : 1200);
    const auto rows = random_rows(columns, count, rng);
    std::vector<float> first;
    for (const auto level : cpu_levels()) {
      const auto forest = IsolationForest::create(trees, level);
      ASSERT_OK(forest);
      std::vector<float> novelty(count);
      forest->score({rows.data(), count, columns}, novelty);
      for (std::size_t i = 0; i < count; ++i) {
        const MatrixView row{rows.data() + i * columns, 1, columns};
        ASSERT_NEAR(novelty[i], novelty_of(trees, row.row(0)), 1e-6);
        float alone = 0;
        forest->score(row, {&alone, 1});
        ASSERT_EQ(std::bit_cast<std::uint32_t>(alone), std::bit_cast<std::uint32_t>(novelty[i]));
      }
      if (first.empty()) first = novelty;
      EXPECT_EQ(first, novelty) << name_of(level);
    }
  });
}

TEST(IsolationForest, ContributionsAndBaseSumToTheLogarithmOfNovelty) {
  for_each_seed(20, [](Rng& rng) {
    const auto trees = random_trees(rng);
    const auto forest = IsolationForest::create(trees).value();
    const auto rows = random_rows(forest.columns(), 40, rng);
    const MatrixView view{rows.data(), 40, forest.columns()};
    std::vector<float> novelty(40);
    forest.score(view, novelty);
    Contributions out;
    forest.explain(view, out);
    for (std::size_t i = 0; i < 40; ++i) {
      double sum = static_cast<double>(out.base(i));
      for (const float value : out.row(i)) sum += static_cast<double>(value);
      EXPECT_NEAR(sum, std::log2(novelty[i]), 1e-4);
    }
  });
}

// Two splits: most rows end deep in column 0, and a large value of column 1 is alone at once.
IsolationTrees lonely_tree() {
  return {{"ports", "bytes"},
          {{{1, 10, false, 4, 0},
            {0, 5, true, 3, 0},
            {0, 0, false, 0, 200},
            {0, 0, false, 0, 55},
            {0, 0, false, 0, 1}}},
          average_path(256)};
}

TEST(IsolationForest, WhatSinglesARowOutIsNamed) {
  const auto forest = IsolationForest::create(lonely_tree()).value();
  const std::vector<float> rows = {1, 1, 1, 100};
  std::vector<float> novelty(2);
  forest.score({rows.data(), 2, 2}, novelty);
  EXPECT_LT(novelty[0], 0.5F);
  EXPECT_GT(novelty[1], 0.9F);
  Contributions out;
  forest.explain({rows.data(), 2, 2}, out);
  EXPECT_GT(out.row(1)[1], 0.9F);
  EXPECT_LT(std::fabs(out.row(1)[0]), 0.2F);
}

TEST(AveragePath, FollowsTheHarmonicNumbers) {
  EXPECT_EQ(average_path(0), 0);
  EXPECT_EQ(average_path(1), 0);
  EXPECT_EQ(average_path(2), 1);
  double harmonic = 0;  // H(n - 1), which the paper approximates by ln(n - 1) + Euler's constant
  for (std::uint64_t n = 2; n <= 5000; ++n) {
    harmonic += 1 / static_cast<double>(n - 1);
    if (n < 100) continue;
    const auto count = static_cast<double>(n);
    EXPECT_NEAR(average_path(n), 2 * harmonic - 2 * (count - 1) / count, 1.02 / (count - 1));
    EXPECT_NEAR(average_path(n),
                2 * (std::log(count - 1) + 0.5772156649015329) - 2 * (count - 1) / count, 1e-13);
  }
}

struct Hostile {
  const char* name;
  void (*change)(IsolationTrees&);
  Code code;
};

class HostileIsolationForest : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileIsolationForest, IsRefused) {
  auto trees = lonely_tree();
  GetParam().change(trees);
  EXPECT_EQ(code_of(IsolationForest::create(trees, cpu_level(), {.max_depth = 100})),
            GetParam().code);
}

const Hostile kHostile[] = {
    {"no_trees", [](auto& t) { t.trees.clear(); }, Code::InvalidArgument},
    {"empty_tree", [](auto& t) { t.trees[0].clear(); }, Code::InvalidArgument},
    {"no_usual_path", [](auto& t) { t.usual_path = 0; }, Code::InvalidArgument},
    {"endless_usual_path", [](auto& t) { t.usual_path = INFINITY; }, Code::InvalidArgument},
    {"name_twice", [](auto& t) { t.features[1] = "ports"; }, Code::InvalidArgument},
    {"no_name", [](auto& t) { t.features[0].clear(); }, Code::InvalidArgument},
    {"unknown_feature", [](auto& t) { t.trees[0][0].feature = 2; }, Code::InvalidArgument},
    {"threshold_nan", [](auto& t) { t.trees[0][1].threshold = NAN; }, Code::InvalidArgument},
    {"threshold_infinite", [](auto& t) { t.trees[0][1].threshold = -INFINITY; },
     Code::InvalidArgument},
    {"leaf_of_nothing", [](auto& t) { t.trees[0][2].samples = 0; }, Code::InvalidArgument},
    {"child_is_itself", [](auto& t) { t.trees[0][1].right = 1; }, Code::InvalidArgument},
    {"child_is_left", [](auto& t) { t.trees[0][1].right = 2; }, Code::InvalidArgument},
    {"child_of_another", [](auto& t) { t.trees[0][1].right = 4; }, Code::InvalidArgument},
    {"child_out_of_range", [](auto& t) { t.trees[0][0].right = 5; }, Code::InvalidArgument},
    {"node_without_parent",
     [](auto& t) {
       t.trees[0].push_back({0, 0, false, 0, 1});
     },
     Code::InvalidArgument},
    {"cut_short", [](auto& t) { t.trees[0].pop_back(); }, Code::InvalidArgument},
    {"too_deep",
     [](auto& t) {
       IsolationTree deep;
       for (std::uint32_t k = 0; k < 101; ++k) deep.push_back({0, 1, false, 0, 0});
       for (std::uint32_t k = 0; k < 102; ++k) deep.push_back({0, 0, false, 0, 1});
       for (std::uint32_t k = 0; k < 101; ++k) deep[k].right = 202 - k;
       t.trees[0] = deep;
     },
     Code::Exhausted},
};
INSTANTIATE_TEST_SUITE_P(Trees, HostileIsolationForest, ::testing::ValuesIn(kHostile),
                         [](const auto& each) { return each.param.name; });

TEST(IsolationForestBytes, ReadBackTheSameAndNoFlippedByteGoesUnseen) {
  for_each_seed(10, [](Rng& rng) {
    const auto trees = random_trees(rng);
    const auto bytes = IsolationForest::create(trees).value().to_bytes();
    const auto again = IsolationForest::from_bytes(bytes);
    ASSERT_OK(again);
    EXPECT_EQ(again->trees(), trees);
    EXPECT_EQ(again->to_bytes(), bytes);
    for (std::size_t i = 0; i < bytes.size(); i += 1 + bytes.size() / 60) {
      auto broken = bytes;
      broken[i] = static_cast<char>(broken[i] ^ 1);
      EXPECT_FALSE(IsolationForest::from_bytes(broken)) << i;
    }
    EXPECT_FALSE(IsolationForest::from_bytes(bytes.substr(0, bytes.size() - 1)));
  });
}

}  // namespace
}  // namespace winnow
