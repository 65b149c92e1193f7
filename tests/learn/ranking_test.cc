#include "learn/ranking.h"

#include <cmath>
#include <limits>

#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using winnow::testing::for_each_seed;

// Expected values are scikit-learn 1.7's average_precision_score and roc_auc_score.
struct Case {
  const char* name;
  std::vector<double> scores;
  std::vector<std::uint8_t> positive;
  double ap, auc;
};
class KnownRanking : public ::testing::TestWithParam<Case> {};

TEST_P(KnownRanking, HasTheFiguresOfScikitLearn) {
  const auto& p = GetParam();
  const Ranking ranking(p.scores, p.positive);
  EXPECT_NEAR(ranking.average_precision(), p.ap, 1e-12);
  EXPECT_NEAR(ranking.roc_auc(), p.auc, 1e-12);
}

INSTANTIATE_TEST_SUITE_P(
    Tables, KnownRanking,
    ::testing::Values(
        Case{"mixed", {.1, .4, .35, .8}, {0, 0, 1, 1}, 0.8333333333333333, 0.75},
        Case{"all_tied", {.5, .5, .5, .5}, {1, 0, 0, 0}, 0.25, 0.5},
        Case{"ties",
             {.9, .9, .8, .8, .7, .1},
             {1, 0, 1, 1, 0, 0},
             0.6666666666666666,
             0.7222222222222223},
        Case{"perfect", {3, 2, 1}, {1, 1, 0}, 1, 1},
        Case{"reversed", {1, 2, 3}, {1, 1, 0}, 0.5833333333333333, 0},
        Case{
            "long_ties", {.2, .2, .6, .6, .6, .9, .9, .3}, {0, 1, 1, 0, 1, 0, 1, 0}, 0.55, 0.5625}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Ranking, CountsRowsAsOftenAsTheyWereDrawn) {
  // scikit-learn with sample_weight = 1, 2, 0, 1, 3.
  const std::vector<double> scores = {.9, .8, .8, .4, .3};
  const std::vector<std::uint8_t> positive = {1, 0, 1, 0, 1};
  const std::vector<std::uint32_t> times = {1, 2, 0, 1, 3};
  const Ranking ranking(scores, positive);
  EXPECT_NEAR(ranking.average_precision(times), 0.6785714285714286, 1e-12);
  EXPECT_NEAR(ranking.roc_auc(times), 0.25, 1e-12);
}

TEST(Ranking, DrawingARowTwiceIsHavingItTwice) {
  for_each_seed(50, [](Rng& rng) {
    std::vector<double> scores, unfolded_scores;
    std::vector<std::uint8_t> positive, unfolded_positive;
    std::vector<std::uint32_t> times;
    for (int i = 0; i < 40; ++i) {
      scores.push_back(static_cast<double>(rng.below(12)));  // many ties
      positive.push_back(rng.chance(0.4) ? 1 : 0);
      times.push_back(static_cast<std::uint32_t>(rng.below(4)));
      for (std::uint32_t t = 0; t < times.back(); ++t) {
        unfolded_scores.push_back(scores.back());
        unfolded_positive.push_back(positive.back());
      }
    }
    const Ranking folded(scores, positive), unfolded(unfolded_scores, unfolded_positive);
    EXPECT_NEAR(folded.average_precision(times), unfolded.average_precision(), 1e-12);
    EXPECT_NEAR(folded.roc_auc(times), unfolded.roc_auc(), 1e-12);
    EXPECT_NEAR(folded.recall_at_fpr(0.1, times), unfolded.recall_at_fpr(0.1), 1e-12);
  });
}

TEST(Ranking, HasNoFigureWithoutBothClasses) {
  const std::vector<double> scores = {1, 2};
  EXPECT_TRUE(std::isnan(Ranking(scores, std::vector<std::uint8_t>{0, 0}).average_precision()));
  EXPECT_TRUE(std::isnan(Ranking(scores, std::vector<std::uint8_t>{1, 1}).roc_auc()));
  EXPECT_TRUE(std::isnan(Ranking(scores, std::vector<std::uint8_t>{1, 1}).recall_at_fpr(0.1)));
}

TEST(Ranking, RecallAtAFalsePositiveRateNeverDividesATie) {
  // Of 10 benign rows one may be an alert at 10 %. The second benign row is tied with a malicious
  // one.
  std::vector<double> scores = {9, 8, 7, 6, 6, 5, 4, 3, 2, 1, 0.9, 0.8, 0.7};
  std::vector<std::uint8_t> positive = {1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const Ranking ranking(scores, positive);
  EXPECT_NEAR(ranking.recall_at_fpr(0.1), 2.0 / 3, 1e-12);
  EXPECT_EQ(ranking.threshold_at_fpr(0.1), 7);
  EXPECT_NEAR(ranking.recall_at_fpr(0.2), 1, 1e-12);
  EXPECT_NEAR(ranking.recall_at_fpr(0.0), 1.0 / 3, 1e-12);
  EXPECT_EQ(Ranking(std::vector<double>{2, 1}, std::vector<std::uint8_t>{0, 1}).threshold_at_fpr(0),
            std::numeric_limits<double>::infinity());
}

TEST(Ranking, CurveEndsWithEverythingFound) {
  const Ranking ranking(std::vector<double>{.1, .4, .4, .8}, std::vector<std::uint8_t>{0, 0, 1, 1});
  const auto curve = ranking.curve();
  ASSERT_EQ(curve.size(), 3U);
  EXPECT_EQ(curve[0].precision, 1);
  EXPECT_EQ(curve[0].recall, 0.5);
  EXPECT_NEAR(curve[1].precision, 2.0 / 3, 1e-12);
  EXPECT_EQ(curve[2].recall, 1);
  EXPECT_EQ(curve[2].fpr, 1);
}

TEST(DailyAlerts, ReadsTheBestOfEachDay) {
  const std::vector<double> scores = {9, 8, 7, 1, 2, 3};
  const std::vector<std::uint8_t> positive = {0, 1, 1, 1, 0, 0};
  const std::vector<std::int64_t> days = {1, 1, 1, 2, 2, 2};
  EXPECT_NEAR(recall_at_daily_alerts(scores, positive, days, 1), 0, 1e-12);
  EXPECT_NEAR(recall_at_daily_alerts(scores, positive, days, 2), 1.0 / 3, 1e-12);
  EXPECT_NEAR(recall_at_daily_alerts(scores, positive, days, 3), 1, 1e-12);
}

TEST(DailyAlerts, SharesATieAcrossTheLimit) {
  const std::vector<double> scores = {5, 5, 5, 5};
  const std::vector<std::uint8_t> positive = {1, 1, 0, 0};
  const std::vector<std::int64_t> days = {0, 0, 0, 0};
  EXPECT_NEAR(recall_at_daily_alerts(scores, positive, days, 1), 0.25, 1e-12);
  EXPECT_NEAR(recall_at_daily_alerts(scores, positive, days, 2), 0.5, 1e-12);
}

}  // namespace
}  // namespace winnow::learn
