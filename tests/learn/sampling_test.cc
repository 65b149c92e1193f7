#include "learn/sampling.h"

#include <map>
#include <tuple>

#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::all_rows;
using testing::made;
using testing::random_rows;
using winnow::testing::for_each_seed;

TEST(Sampling, KeepsWithinItsLimits) {
  for_each_seed(20, [](Rng& rng) {
    auto rows = random_rows(rng, 300, 50);
    for (auto& row : rows) {
      if (rng.chance(0.1)) row.label = Label::Unwanted;
    }
    const auto data = made(rows);
    Sampling sampling;
    sampling.copies_of_a_group = 1;
    sampling.rows_of_a_source = 25;
    const auto kept = sample_rows(data, all_rows(data), sampling, rng.fork("sample")).rows;
    std::map<std::uint32_t, int> benign_of_source;
    std::map<std::tuple<std::uint32_t, std::uint32_t, Label>, int> of_group;
    for (const auto row : kept) {
      const auto label = data.label(row);
      if (label == Label::Benign) {
        EXPECT_LE(++benign_of_source[data.source(row)], 25);
      }
      EXPECT_LE((++of_group[{data.source(row), data.group(row), label}]), 1);
      EXPECT_NE(label, Label::Unwanted);
    }
    EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
    EXPECT_EQ(kept, sample_rows(data, all_rows(data), sampling, rng.fork("sample")).rows);
  });
}

TEST(Sampling, LosesNoMaliciousRowOfALargeSource) {
  std::vector<testing::MadeRow> rows;
  for (int i = 0; i < 4000; ++i) {
    rows.push_back({.day = i,
                    .label = i % 100 == 0  ? Label::Malicious
                             : i % 50 == 1 ? Label::Unwanted
                                           : Label::Benign,
                    .values = {static_cast<float>(i)}});
  }
  const auto data = made(rows);
  Sampling sampling;
  sampling.rows_of_a_source = 300;
  sampling.unwanted_weight = 0.5;
  std::map<Label, int> of_label;
  const auto sample = sample_rows(data, all_rows(data), sampling, Rng(1));
  for (const auto row : sample.rows) ++of_label[data.label(row)];
  EXPECT_EQ(of_label, (std::map<Label, int>{
                          {Label::Malicious, 40}, {Label::Unwanted, 80}, {Label::Benign, 300}}));
  EXPECT_DOUBLE_EQ(sample.malicious_share, 0.01);
  sampling.unwanted_weight = 0;
  EXPECT_DOUBLE_EQ(sample_rows(data, all_rows(data), sampling, Rng(1)).malicious_share,
                   40.0 / 3920);
}

TEST(Sampling, BalancesClassesAndTempersSources) {
  std::vector<testing::MadeRow> rows;
  const auto add = [&](const std::string& source, Label label, int count) {
    for (int i = 0; i < count; ++i) rows.push_back({.day = i, .source = source, .label = label});
  };
  add("large", Label::Benign, 400);
  add("small", Label::Benign, 100);
  add("bad", Label::Malicious, 50);
  const auto data = made(rows);
  const auto all = all_rows(data);
  const auto sums = [&](double balance) {
    Sampling sampling;
    sampling.source_balance = balance;
    const auto weights = row_weights(data, all, sampling);
    std::map<std::string, double> sum;
    for (std::size_t i = 0; i < all.size(); ++i)
      sum[data.sources()[data.source(all[i])]] += weights[i];
    return sum;
  };
  for (const double balance : {0.0, 0.5, 1.0}) {
    auto sum = sums(balance);
    EXPECT_NEAR(sum["bad"], 275, 1e-9);
    EXPECT_NEAR(sum["large"] + sum["small"], 275, 1e-9);
  }
  EXPECT_NEAR(sums(0)["large"] / sums(0)["small"], 4, 1e-9);
  EXPECT_NEAR(sums(0.5)["large"] / sums(0.5)["small"], 2, 1e-9);
  EXPECT_NEAR(sums(1)["large"] / sums(1)["small"], 1, 1e-9);
}

TEST(Sampling, UnwantedRowsTrainOnlyWhenAsked) {
  const auto data =
      made({{.label = Label::Malicious}, {.day = 1}, {.day = 2, .label = Label::Unwanted}});
  Sampling sampling;
  EXPECT_EQ(sample_rows(data, all_rows(data), sampling, Rng(1)).rows.size(), 2U);
  sampling.unwanted_weight = 0.5;
  EXPECT_EQ(sample_rows(data, all_rows(data), sampling, Rng(1)).rows.size(), 3U);
  const auto weights = row_weights(data, all_rows(data), sampling);
  EXPECT_NEAR(weights[2] / weights[1], 0.5, 1e-9);
}

}  // namespace
}  // namespace winnow::learn
