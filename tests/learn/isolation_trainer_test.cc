// Isolation forests that are grown from rows.
#include "learn/isolation_trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using winnow::testing::code_of;
using winnow::testing::for_each_seed;

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

std::vector<float> normal_rows(std::size_t rows, std::size_t columns, Rng& rng) {
  std::vector<float> values;
  for (std::size_t i = 0; i < rows * columns; ++i)
    values.push_back(static_cast<float>(rng.normal()));
  return values;
}

std::vector<std::string> names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("column " + std::to_string(i));
  return names;
}

std::vector<float> novelty_of(const IsolationTrees& trees, const std::vector<float>& rows) {
  const auto columns = trees.features.size();
  const auto forest = IsolationForest::create(trees);
  EXPECT_OK(forest);
  std::vector<float> novelty(rows.size() / columns);
  forest->score({rows.data(), novelty.size(), columns}, novelty);
  return novelty;
}

TEST(TrainIsolation, TheSameSeedGivesTheSameTreesOnAnyNumberOfThreads) {
  Rng rng(1);
  const auto rows = normal_rows(2000, 7, rng);
  const MatrixView view{rows.data(), 2000, 7};
  const auto one = train_isolation(view, names(7), {}, 5, 1);
  ASSERT_OK(one);
  EXPECT_EQ(one.value(), train_isolation(view, names(7), {}, 5, 3).value());
  EXPECT_NE(one.value(), train_isolation(view, names(7), {}, 6, 1).value());
}

TEST(TrainIsolation, EveryTreeHoldsItsSampleAndNoMoreLevelsThanItNeeds) {
  for_each_seed(20, [](Rng& rng) {
    const std::size_t count = 2 + rng.below(600);
    auto rows = normal_rows(count, 3, rng);
    for (auto& value : rows) {
      if (rng.chance(0.2)) value = kNone;
      if (rng.chance(0.2)) value = std::floor(value);
      if (rng.chance(0.02)) value = std::copysign(INFINITY, value);
    }
    const auto trees = train_isolation({rows.data(), count, 3}, names(3), {20, 100}, 1, 1).value();
    const auto samples = std::min<std::size_t>(count, 100);
    EXPECT_EQ(trees.usual_path, average_path(samples));
    EXPECT_OK(IsolationForest::create(trees, cpu_level(), {.max_depth = 7}));
    for (const auto& tree : trees.trees) {
      std::size_t held = 0;
      for (const auto& node : tree) held += node.samples;
      EXPECT_EQ(held, samples);
    }
  });
}

TEST(TrainIsolation, WhatLiesApartIsNovel) {
  for_each_seed(10, [](Rng& rng) {
    const auto rows = normal_rows(3000, 5, rng);
    const auto trees = train_isolation({rows.data(), 3000, 5}, names(5), {}, rng.next(), 1).value();
    auto ordinary = novelty_of(trees, normal_rows(500, 5, rng));
    std::sort(ordinary.begin(), ordinary.end());
    const auto apart = novelty_of(trees, {6, 0, 0, 0, 0, 5, -5, 5, 0, 0});
    EXPECT_GT(apart[0], ordinary[250]);
    EXPECT_GT(apart[1], ordinary[499]);
    EXPECT_LT(ordinary[250], 0.5F);
  });
}

TEST(TrainIsolation, AMissingValueIsNoNovelty) {
  for_each_seed(10, [](Rng& rng) {
    auto rows = normal_rows(3000, 5, rng);
    for (std::size_t i = 0; i < rows.size(); i += 5) rows[i] = rng.chance(0.9) ? kNone : rows[i];
    const auto trees = train_isolation({rows.data(), 3000, 5}, names(5), {}, rng.next(), 1).value();
    const auto novelty = novelty_of(trees, {kNone, 0, 0, 0, 0, 0, kNone, 0, 0, 0, 9, 0, 0, 0, 0});
    EXPECT_LT(novelty[0], 0.5F);
    EXPECT_LT(novelty[1], 0.5F);
    EXPECT_GT(novelty[2], novelty[1]);
  });
}

TEST(TrainIsolation, RowsThatAreAllAlikeAreOrdinary) {
  const std::vector<float> rows(600, 3);
  const auto trees = train_isolation({rows.data(), 300, 2}, names(2), {}, 1, 1).value();
  EXPECT_EQ(trees.trees[0].size(), 1U);
  EXPECT_FLOAT_EQ(novelty_of(trees, {3, 3})[0], 0.5F);
}

TEST(TrainIsolation, RefusesWhatCannotBe) {
  const std::vector<float> rows(10, 1);
  const auto code = [&](std::size_t count, std::size_t named, IsolationTraining training) {
    return code_of(train_isolation({rows.data(), count, 1}, names(named), training, 1, 1));
  };
  EXPECT_EQ(code(1, 1, {}), Code::InvalidArgument);
  EXPECT_EQ(code(10, 2, {}), Code::InvalidArgument);
  EXPECT_EQ(code(10, 1, {0, 256}), Code::InvalidArgument);
  EXPECT_EQ(code(10, 1, {100, 1}), Code::InvalidArgument);
  EXPECT_EQ(code(10, 1, {100'000, 256}), Code::InvalidArgument);
  EXPECT_EQ(code(10, 1, {100, 100'000}), Code::InvalidArgument);
}

TEST(IsolationTraining, ReadsWhatItWrites) {
  const auto read = IsolationTraining::from_json(IsolationTraining{30, 64}.json());
  ASSERT_OK(read);
  EXPECT_EQ(read->trees, 30U);
  EXPECT_EQ(read->samples, 64U);
  EXPECT_EQ(code_of(IsolationTraining::from_json(Json::object({{"trees", 5}}))),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
