#include "learn/bootstrap.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "tests/support/support.h"

namespace winnow::learn {
namespace {

Figure mean_of(const std::vector<double>& values) {
  return [&values](std::span<const std::uint32_t> times) {
    double sum = 0, rows = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[i] * times[i], rows += times[i];
    return sum / rows;
  };
}

TEST(Bootstrap, CoversTheMeanAboutAsOftenAsItSays) {
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    std::vector<double> values(60);
    std::vector<std::uint32_t> group(60);
    std::iota(group.begin(), group.end(), 0U);
    for (auto& value : values) value = rng.normal();
    const auto interval = bootstrap_interval(group, mean_of(values), 300, 0.9, rng.fork("draws"));
    covered += interval.low <= 0 && 0 <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered, 165);
  EXPECT_LE(covered, 195);
}

TEST(Bootstrap, CopiesOfOneMailAreOneObservation) {
  // 100 rows that are 5 mails sent 20 times: rows drawn alone would look four times surer than they
  // are.
  std::vector<double> values;
  std::vector<std::uint32_t> one_each(100), five(100);
  for (std::uint32_t i = 0; i < 100; ++i) {
    one_each[i] = i;
    five[i] = i / 20;
    values.push_back(five[i]);
  }
  const auto narrow = bootstrap_interval(one_each, mean_of(values), 500, 0.95, Rng(1));
  const auto wide = bootstrap_interval(five, mean_of(values), 500, 0.95, Rng(1));
  EXPECT_GT(wide.high - wide.low, 3 * (narrow.high - narrow.low));
}

TEST(Bootstrap, RepeatsWithItsSeedAndLeavesOutWhatHasNoFigure) {
  const std::vector<double> values = {1, 2, 3, 4};
  const std::vector<std::uint32_t> group = {0, 1, 2, 3};
  const auto a = bootstrap_interval(group, mean_of(values), 100, 0.9, Rng(3));
  const auto b = bootstrap_interval(group, mean_of(values), 100, 0.9, Rng(3));
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  const auto none = bootstrap_interval(
      group, [](auto) { return std::nan(""); }, 10, 0.9, Rng(3));
  EXPECT_TRUE(std::isnan(none.low) && std::isnan(none.high));
}

}  // namespace
}  // namespace winnow::learn
