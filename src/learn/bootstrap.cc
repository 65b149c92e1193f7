#include "learn/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

namespace winnow::learn {
namespace {

// The value below which the share `q` of the ascending values lies, between neighbours by a
// straight line.
double quantile(const std::vector<double>& ascending, double q) {
  const double at = q * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, ascending.size() - 1);
  return ascending[below] +
         (at - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

}  // namespace

Interval bootstrap_interval(std::span<const std::uint32_t> group, const Figure& figure,
                            std::uint32_t draws, double coverage, Rng rng) {
  std::map<std::uint32_t, std::uint32_t> number_of;
  for (const auto g : group) number_of.emplace(g, 0);
  std::uint32_t groups = 0;
  for (auto& [g, number] : number_of) number = groups++;
  std::vector<std::uint32_t> dense(group.size());
  for (std::size_t row = 0; row < group.size(); ++row) dense[row] = number_of[group[row]];

  std::vector<double> values;
  std::vector<std::uint32_t> drawn(groups), times(group.size());
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    std::fill(drawn.begin(), drawn.end(), 0U);
    for (std::uint32_t i = 0; i < groups; ++i) ++drawn[rng.below(groups)];
    for (std::size_t row = 0; row < group.size(); ++row) times[row] = drawn[dense[row]];
    const double value = figure(times);
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {kNone, kNone};
  }
  std::sort(values.begin(), values.end());
  const double tail = (1 - coverage) / 2;
  return {quantile(values, tail), quantile(values, 1 - tail)};
}

}  // namespace winnow::learn
