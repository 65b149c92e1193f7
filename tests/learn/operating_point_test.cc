#include "learn/operating_point.h"

#include <cmath>

#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using winnow::testing::code_of;
using winnow::testing::for_each_seed;

struct Sample {
  std::vector<double> p;
  std::vector<std::uint8_t> y;
};
Sample drawn(Rng& rng, int rows) {
  Sample s;
  for (int i = 0; i < rows; ++i) {
    s.p.push_back(std::round(rng.unit() * 50) / 50);
    s.y.push_back(rng.chance(s.p.back()) ? 1 : 0);
  }
  s.y[0] = 0;
  s.y[1] = 1;
  return s;
}

// The cost and load of a pair of thresholds, straight from the definitions.
struct Expected {
  double cost, load;
};
Expected by_definition(const Sample& s, double alert, double close, const Costs& costs,
                       const Capacity& c) {
  double pos = 0, neg = 0, cost = 0, load = 0;
  for (const auto y : s.y) (y != 0 ? pos : neg) += 1;
  for (std::size_t i = 0; i < s.p.size(); ++i) {
    const double mass = s.y[i] != 0 ? c.prevalence / pos : (1 - c.prevalence) / neg;
    if (s.p[i] >= alert)
      cost += s.y[i] != 0 ? 0 : mass * costs.false_alarm;
    else if (s.p[i] >= close)
      cost += mass * costs.review;
    else
      cost += s.y[i] != 0 ? mass * costs.missed : 0;
    load += s.p[i] >= close ? mass * c.events_per_day : 0;
  }
  return {cost, load};
}

TEST(OperatingPoint, IsTheCheapestPairThatFitsTheDay) {  // against trying every pair
  for_each_seed(60, [](Rng& rng) {
    const auto s = drawn(rng, 60);
    const Costs costs{rng.unit() * 100 + 1, rng.unit() * 20, rng.unit() * 10};
    const Capacity capacity{rng.unit() * 1000, 1000, 0.02 + 0.5 * rng.unit()};
    const auto chosen = choose_operating_point(s.p, s.y, costs, capacity);
    ASSERT_OK(chosen);
    EXPECT_LE(chosen->close, chosen->alert);
    const auto told = by_definition(s, chosen->alert, chosen->close, costs, capacity);
    EXPECT_NEAR(told.cost, chosen->cost_per_event, 1e-9);
    EXPECT_NEAR(told.load, chosen->alerts_per_day, 1e-6);
    EXPECT_LE(chosen->alerts_per_day, capacity.alerts_per_day + 1e-9);
    auto thresholds = s.p;
    thresholds.push_back(2);
    for (const double alert : thresholds) {
      for (const double close : thresholds) {
        if (close > alert) continue;
        const auto other = by_definition(s, alert, close, costs, capacity);
        if (other.load <= capacity.alerts_per_day) {
          EXPECT_GE(other.cost, chosen->cost_per_event - 1e-9);
        }
      }
    }
  });
}

TEST(OperatingPoint, ReadsNothingWhenNobodyCan) {
  const auto point =
      choose_operating_point(std::vector<double>{.1, .9}, std::vector<std::uint8_t>{0, 1}, {},
                             {.alerts_per_day = 0, .events_per_day = 100, .prevalence = 0.1});
  ASSERT_OK(point);
  EXPECT_EQ(point->recall, 0);
  EXPECT_EQ(point->json()["alert"].as_double(), 2);
}

TEST(OperatingPoint, RefusesWhatCannotBeWeighed) {
  const std::vector<double> p = {.1, .9};
  const std::vector<std::uint8_t> y = {0, 1}, one = {1, 1};
  EXPECT_EQ(code_of(choose_operating_point(p, one, {}, {})), Code::InvalidArgument);
  EXPECT_EQ(code_of(choose_operating_point(p, y, {.missed = 0}, {})), Code::InvalidArgument);
  EXPECT_EQ(code_of(choose_operating_point(p, y, {.missed = std::nan("")}, {})),
            Code::InvalidArgument);
  EXPECT_EQ(code_of(choose_operating_point(p, y, {}, {.prevalence = 1})), Code::InvalidArgument);
  EXPECT_EQ(code_of(choose_operating_point(p, y, {}, {.events_per_day = 0})),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
