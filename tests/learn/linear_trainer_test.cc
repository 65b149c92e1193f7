#include "learn/linear_trainer.h"

#include <cmath>

#include <linear.h>

#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::all_rows;
using testing::learnable_rows;
using testing::made;
using testing::made_shape;
using winnow::testing::code_of;
using winnow::testing::for_each_seed;

constexpr std::uint32_t kTerms = 4000;
constexpr LinearTraining kExact{1, 1e-6, 5000};

DataSet text_data(Rng& rng, std::size_t rows) {
  return made(learnable_rows(rng, rows), made_shape(3, kTerms));
}

// LIBLINEAR's weights, the bias last.
std::vector<double> by_liblinear(const DataSet& data, double cost) {
  std::vector<std::vector<feature_node>> nodes;
  std::vector<feature_node*> begins;
  std::vector<double> labels;
  for (std::uint32_t row = 0; row < data.size(); ++row) {
    auto& line = nodes.emplace_back();
    for (const auto term : data.term_indices(row)) line.push_back({static_cast<int>(term) + 1, 1});
    line.push_back({static_cast<int>(kTerms) + 1, 1});
    line.push_back({-1, 0});
    labels.push_back(data.label(row) == Label::Malicious ? 1 : 0);
  }
  for (auto& line : nodes) begins.push_back(line.data());
  problem task{};
  task.l = static_cast<int>(data.size());
  task.n = static_cast<int>(kTerms) + 1;
  task.y = labels.data();
  task.x = begins.data();
  task.bias = 1;
  parameter settings{};
  settings.solver_type = L2R_LR;
  settings.eps = 1e-8;
  settings.C = cost;
  set_print_string_function([](const char*) {});
  model* trained = train(&task, &settings);
  const double sign = trained->label[0] == 1 ? 1 : -1;
  std::vector<double> weights(trained->w, trained->w + kTerms + 1);
  for (auto& weight : weights) weight *= sign;
  free_and_destroy_model(&trained);
  return weights;
}

TEST(LinearTrainer, FindsWhatLiblinearFinds) {
  for_each_seed(3, [](Rng& rng) {
    const auto data = text_data(rng, 300);
    for (const double cost : {0.1, 1.0, 10.0}) {
      auto training = kExact;
      training.cost = cost;
      const auto ours =
          train_linear(data, all_rows(data), truth_of(data, all_rows(data)),
                       std::vector<double>(data.size(), 1), training, rng.fork("order"));
      ASSERT_OK(ours);
      const auto theirs = by_liblinear(data, cost);
      for (std::uint32_t term = 0; term < kTerms; ++term) {
        ASSERT_NEAR(ours->weights()[term], theirs[term], 2e-4)
            << "term " << term << " cost " << cost;
      }
      EXPECT_NEAR(ours->bias(), theirs.back(), 2e-4);
    }
  });
}

TEST(LinearTrainer, AWeightOfTwoIsTheRowTwice) {
  Rng rng(11);
  auto rows = learnable_rows(rng, 120);
  const auto once = made(rows, made_shape(3, kTerms));
  std::vector<double> weights;
  for (std::uint32_t row = 0; row < once.size(); ++row)
    weights.push_back(once.label(row) == Label::Malicious ? 2 : 1);
  const auto copy = rows;
  for (const auto& row : copy) {
    if (row.label == Label::Malicious) rows.push_back(row);
  }
  const auto twice = made(rows, made_shape(3, kTerms));
  const auto a =
      train_linear(once, all_rows(once), truth_of(once, all_rows(once)), weights, kExact, Rng(1));
  const auto b = train_linear(twice, all_rows(twice), truth_of(twice, all_rows(twice)),
                              std::vector<double>(twice.size(), 1), kExact, Rng(2));
  ASSERT_OK(a);
  ASSERT_OK(b);
  for (std::uint32_t term = 0; term < kTerms; ++term)
    EXPECT_NEAR(a->weights()[term], b->weights()[term], 1e-4);
}

TEST(LinearTrainer, RepeatsBitForBit) {
  Rng rng(3);
  const auto data = text_data(rng, 200);
  const auto train = [&](std::uint64_t seed) {
    return train_linear(data, all_rows(data), truth_of(data, all_rows(data)),
                        std::vector<double>(data.size(), 1), {}, Rng(seed))
        .value()
        .to_bytes();
  };
  EXPECT_TRUE(train(5) == train(5));
  EXPECT_FALSE(train(5) == train(6));
}

TEST(LinearTrainer, RowsWithoutTextGiveTheBias) {
  const auto data = made({{.label = Label::Malicious}, {.day = 1}, {.day = 2}, {.day = 3}});
  const auto model = train_linear(data, all_rows(data), truth_of(data, all_rows(data)),
                                  std::vector<double>(4, 1), {1000, 1e-9, 1000}, Rng(1));
  ASSERT_OK(model);
  EXPECT_NEAR(model->bias(), std::log(1.0 / 3), 0.01);
}

TEST(LinearTrainer, RefusesWhatTeachesNothing) {
  const auto data = made({{}, {.day = 1}});
  const auto rows = all_rows(data);
  const std::vector<double> weights(2, 1);
  EXPECT_EQ(code_of(train_linear(data, rows, truth_of(data, rows), weights, {}, Rng(1))),
            Code::InvalidArgument);
  EXPECT_EQ(code_of(train_linear(data, rows, std::vector<std::uint8_t>{0, 1}, weights, {.cost = 0},
                                 Rng(1))),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
