#include "learn/forest_trainer.h"

#include <cmath>
#include <limits>

#include "base/rng.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using winnow::testing::code_of;

struct Made {
  std::vector<float> values;
  std::vector<std::uint8_t> positive;
  std::vector<float> weights;
  std::vector<std::int8_t> trends{0, 0, 0};
  TrainingRows rows() const {
    return {{values.data(), positive.size(), 3}, positive, weights, trends};
  }
};

Made made_rows(std::size_t count) {
  Rng rng(1);
  Made made;
  for (std::size_t i = 0; i < count; ++i) {
    const double a = rng.unit(), b = rng.unit();
    made.values.push_back(static_cast<float>(a));
    made.values.push_back(rng.chance(0.3) ? std::numeric_limits<float>::quiet_NaN()
                                          : static_cast<float>(b));
    made.values.push_back(static_cast<float>(rng.normal()));
    // Falls in the middle of column 0, so that a rising trend is a real constraint.
    made.positive.push_back(rng.chance(a < 0.3   ? 0.2
                                       : a < 0.6 ? 0.7
                                       : a < 0.8 ? 0.3
                                                 : 0.9)
                                ? 1
                                : 0);
    made.weights.push_back(1);
  }
  return made;
}

constexpr ForestTraining kSmall{.trees = 30, .depth = 3, .bins = 32};

TEST(ForestTrainer, SameSeedSameBytesOnAnyNumberOfThreads) {
  const auto made = made_rows(3000);
  const auto train = [&](std::uint64_t seed, unsigned threads) {
    return to_bytes(train_forest(made.rows(), kSmall, seed, threads).value());
  };
  const auto one = train(7, 1);
  EXPECT_TRUE(one == train(7, 1));
  EXPECT_TRUE(one == train(7, 2));
  EXPECT_TRUE(one == train(7, 3));
  EXPECT_FALSE(one == train(8, 1));
}

double margin_of(const Forest& forest, std::vector<float> row) {
  float margin = 0;
  walk_margins(forest, row, {&margin, 1});
  return margin;
}

TEST(ForestTrainer, KeepsTheTrendItWasPromised) {
  auto made = made_rows(4000);
  const auto falls_somewhere = [](const Forest& forest) {
    for (float x = 0; x < 1; x += 0.01F) {
      if (margin_of(forest, {x + 0.01F, 0.5F, 0}) < margin_of(forest, {x, 0.5F, 0}) - 1e-6)
        return true;
    }
    return false;
  };
  EXPECT_TRUE(falls_somewhere(train_forest(made.rows(), kSmall, 1, 1).value()));
  made.trends[0] = 1;
  const auto rising = train_forest(made.rows(), kSmall, 1, 1);
  ASSERT_OK(rising);
  EXPECT_FALSE(falls_somewhere(*rising));
  EXPECT_GT(margin_of(*rising, {0.95F, 0.5F, 0}), margin_of(*rising, {0.05F, 0.5F, 0}) + 1);
}

TEST(ForestTrainer, WeightsMoveTheMargins) {
  auto made = made_rows(2000);
  const auto plain = train_forest(made.rows(), kSmall, 1, 1);
  for (std::size_t i = 0; i < made.weights.size(); ++i)
    made.weights[i] = made.positive[i] != 0 ? 5.0F : 1.0F;
  const auto heavy = train_forest(made.rows(), kSmall, 1, 1);
  ASSERT_OK(plain);
  ASSERT_OK(heavy);
  EXPECT_GT(margin_of(*heavy, {0.5F, 0.5F, 0}), margin_of(*plain, {0.5F, 0.5F, 0}) + 0.8);
}

TEST(ForestTrainer, RefusesWhatItCannotTrain) {
  auto made = made_rows(50);
  EXPECT_EQ(code_of(train_forest(made.rows(), {.trees = 0}, 1, 1)), Code::InvalidArgument);
  EXPECT_EQ(code_of(train_forest(made.rows(), {.row_share = 1.5}, 1, 1)), Code::InvalidArgument);
  EXPECT_EQ(code_of(train_forest(made.rows(), {.leaf_penalty = std::nan("")}, 1, 1)),
            Code::InvalidArgument);
  made.positive.assign(50, 1);
  EXPECT_EQ(code_of(train_forest(made.rows(), kSmall, 1, 1)), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
