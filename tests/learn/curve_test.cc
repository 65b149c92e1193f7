#include "learn/curve.h"

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "learn/figures.h"
#include "learn/training_request.h"
#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

std::vector<RankingPoint> random_curve(std::size_t rows) {
  Rng rng(11);
  std::vector<double> scores;
  std::vector<std::uint8_t> positive;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool malicious = rng.below(20) == 0;
    positive.push_back(malicious ? 1 : 0);
    scores.push_back(rng.unit() + (malicious ? 0.6 : 0));
  }
  return Ranking(scores, positive).curve();
}

TEST(ThinnedCurve, KeepsItsEndsAndMissesNoStepThatPeopleCouldSee) {
  const auto whole = random_curve(20'000);
  const auto few = thinned(whole, 256);
  ASSERT_GT(few.size(), 60U);
  EXPECT_LE(few.size(), 258U);
  EXPECT_EQ(few.front().score, whole.front().score);
  EXPECT_EQ(few.back().score, whole.back().score);
  for (std::size_t i = 1; i < few.size(); ++i) {
    EXPECT_LT(few[i].score, few[i - 1].score);
    EXPECT_LE(few[i].recall - few[i - 1].recall, 1.0 / 128 + 2e-3);
  }
  // Where few are called an alert, neighbours differ by less than an eighth in false alarms.
  for (const double rate : {0.5, 0.1, 0.01, 0.001}) {
    const auto past = std::ranges::upper_bound(few, rate, {}, &RankingPoint::fpr);
    ASSERT_NE(past, few.begin());
    EXPECT_GT(std::prev(past)->fpr, rate * 0.85);
  }
}

TEST(ThinnedCurve, OfFewPointsIsTheCurve) {
  const auto whole = random_curve(30);
  EXPECT_EQ(thinned(whole, 256).size(), whole.size());
  EXPECT_TRUE(thinned({}, 256).empty());
}

TEST(ThinnedCurve, IsToldWhenAskedFor) {
  Rng rng(2);
  const auto data = testing::made(testing::learnable_rows(rng, 300), testing::made_shape(3, 4000));
  ScoredRows scored{testing::all_rows(data), {}};
  for (const auto row : scored.rows)
    scored.scores.push_back(1 / (1 + std::exp(-data.values(row)[0])));
  const auto with = figures_of(data, scored, {.draws = 0, .curve_points = 64}).json();
  EXPECT_GT(with["curve"].size(), 30U);
  EXPECT_EQ(with["curve"][with["curve"].size() - 1]["recall"].as_double(), 1);
  EXPECT_EQ(with["reliability"].size(), kReliabilityBins);
  const auto without = figures_of(data, scored, {.draws = 0}).json();
  EXPECT_EQ(without.find("curve"), nullptr);
  EXPECT_EQ(without.find("reliability"), nullptr);
}

// A run from before curves were told is made again as it was: `runs reproduce` compares bytes.
TEST(CurveOfARun, IsAbsentInRecordsThatSayNothingOfIt) {
  const auto now =
      TrainingRequest::from_json(Json::object({{"plan", TrainingPlan{}.json()}})).value();
  EXPECT_EQ(now.evaluation.figures.curve_points, kCurvePoints);
  EXPECT_EQ(TrainingRequest::from_record(now.json()).value().evaluation.figures.curve_points,
            kCurvePoints);
  auto record = now.json();
  Json validation = Json::object();
  for (const auto& [key, value] : record["validation"].members())
    if (key != "curve_points") validation.set(key, value);
  record.set("validation", std::move(validation));
  EXPECT_EQ(TrainingRequest::from_record(record).value().evaluation.figures.curve_points, 0U);
}

}  // namespace
}  // namespace winnow::learn
