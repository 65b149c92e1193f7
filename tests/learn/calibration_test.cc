#include "learn/calibration.h"

#include <cmath>

#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using winnow::testing::code_of;
using winnow::testing::for_each_seed;

TEST(Isotonic,
     PoolsWhatBreaksTheOrder) {  // scikit-learn 1.7's IsotonicRegression, weights included
  const std::vector<double> margins = {1, 1, 2, 3, 3, 4, 5, 6}, weights = {1, 2, 1, 1, 1, 3, 1, 1};
  const std::vector<std::uint8_t> positive = {0, 1, 0, 0, 1, 1, 0, 1};
  const auto fit = fit_isotonic(margins, positive, weights);
  ASSERT_OK(fit);
  EXPECT_EQ(fit->margins, (std::vector<double>{1, 3, 4, 5, 6}));
  EXPECT_EQ(fit->probabilities, (std::vector<double>{0.5, 0.5, 0.75, 0.75, 1}));
}

TEST(Isotonic, DoesNotDependOnTheOrderOfRows) {
  for_each_seed(50, [](Rng& rng) {
    std::vector<std::pair<double, std::uint8_t>> rows;
    for (int i = 0; i < 60; ++i)
      rows.emplace_back(static_cast<double>(rng.below(20)), rng.chance(0.5) ? 1 : 0);
    const auto fit_of = [&] {
      std::vector<double> margins;
      std::vector<std::uint8_t> positive;
      for (const auto& [margin, truth] : rows) margins.push_back(margin), positive.push_back(truth);
      return fit_isotonic(margins, positive, {}).value();
    };
    const auto first = fit_of();
    rng.shuffle(std::span(rows));
    const auto second = fit_of();
    EXPECT_EQ(first.margins, second.margins);
    EXPECT_EQ(first.probabilities, second.probabilities);
    for (std::size_t i = 1; i < first.margins.size(); ++i) {
      EXPECT_LT(first.margins[i - 1], first.margins[i]);
      EXPECT_LE(first.probabilities[i - 1], first.probabilities[i]);
    }
  });
}

TEST(Platt, FindsTheCurveThatDrewTheRows) {
  Rng rng(5);
  std::vector<double> margins;
  std::vector<std::uint8_t> positive;
  for (int i = 0; i < 20000; ++i) {
    const double margin = 3 * rng.normal();
    margins.push_back(margin);
    positive.push_back(rng.chance(1 / (1 + std::exp(-(0.7 * margin - 1.2)))) ? 1 : 0);
  }
  const auto fit = fit_platt(margins, positive, {});
  ASSERT_OK(fit);
  EXPECT_NEAR(fit->slope, 0.7, 0.05);
  EXPECT_NEAR(fit->offset, -1.2, 0.08);
}

TEST(Platt, StaysFiniteOnRowsThatSeparate) {
  const auto fit =
      fit_platt(std::vector<double>{-50, -40, 30, 60}, std::vector<std::uint8_t>{0, 0, 1, 1}, {});
  ASSERT_OK(fit);
  EXPECT_TRUE(std::isfinite(fit->slope) && fit->slope > 0);
  EXPECT_LT(fit->slope, 1);
}

TEST(Platt, DoesNotTurnAFallingScoreRound) {
  const auto fit =
      fit_platt(std::vector<double>{1, 2, 3, 4}, std::vector<std::uint8_t>{1, 1, 0, 0}, {});
  ASSERT_OK(fit);
  EXPECT_EQ(fit->slope, 0);
}

TEST(CalibrationFits, NeedBothClasses) {
  const std::vector<double> margins = {1, 2};
  const std::vector<std::uint8_t> positive = {1, 1};
  EXPECT_EQ(code_of(fit_platt(margins, positive, {})), Code::InvalidArgument);
  EXPECT_EQ(code_of(fit_isotonic(margins, positive, {})), Code::InvalidArgument);
}

TEST(Reliability, HasBinsOfEqualMassAndKeepsTies) {
  const std::vector<double> p = {.1, .2, .3, .4, .5, .5, .5, .9};
  const std::vector<std::uint8_t> y = {0, 0, 0, 1, 1, 0, 1, 1};
  const auto bins = reliability(p, y, 4);
  std::uint64_t rows = 0;
  for (const auto& bin : bins) rows += bin.rows;
  EXPECT_EQ(rows, 8U);
  ASSERT_EQ(bins.size(), 4U);
  EXPECT_EQ(bins[0].rows, 2U);
  EXPECT_EQ(bins[2].rows, 3U);  // the three at 0.5
  EXPECT_NEAR(bins[2].share_positive, 2.0 / 3, 1e-12);
}

TEST(CalibrationFigures, KnowPerfectAndUselessProbabilities) {
  const std::vector<std::uint8_t> y = {0, 0, 1, 1};
  EXPECT_EQ(brier_score(std::vector<double>{0, 0, 1, 1}, y), 0);
  EXPECT_EQ(brier_score(std::vector<double>{.5, .5, .5, .5}, y), 0.25);
  EXPECT_EQ(expected_calibration_error(std::vector<double>{.5, .5, .5, .5}, y, 10), 0);
  EXPECT_EQ(expected_calibration_error(std::vector<double>{1, 1, 1, 1}, y, 10), 0.5);
}

}  // namespace
}  // namespace winnow::learn
