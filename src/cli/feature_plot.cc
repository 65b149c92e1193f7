#include "cli/detail/feature_plot.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kRows = 12, kAxis = 10, kLeast = 20;
constexpr std::array<std::size_t, 3> kDarker = {2, 8, 32};  // points, for the next letter

struct Cell {
  std::size_t points = 0, malicious = 0;
};

char letter_of(const Cell& cell) {
  if (cell.points == 0) return ' ';
  const auto level = static_cast<std::size_t>(
      std::ranges::count_if(kDarker, [&](std::size_t most) { return cell.points >= most; }));
  if (2 * cell.malicious >= cell.points) return level > 1 ? 'X' : 'x';
  return std::string_view(".:+#")[level];
}

struct Range {
  double low = 0, high = 0;
  // The number of the step, of `steps`, in which `value` lies.
  std::size_t step(double value, std::size_t steps) const {
    const double share = high > low ? (std::clamp(value, low, high) - low) / (high - low) : 0;
    return std::min(steps - 1, static_cast<std::size_t>(share * static_cast<double>(steps)));
  }
};

Range range_of(std::span<const PlotPoint> points) {
  std::vector<float> values;
  for (const auto& point : points) values.push_back(point.value);
  const auto at = [&](double share) {
    const auto place = std::llround(share * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, values.begin() + place);
    return values[static_cast<std::size_t>(place)];
  };
  const double low = at(0.01), high = at(0.99);
  return {low, high};
}

}  // namespace

std::vector<std::string> plot_lines(std::span<const PlotPoint> points, std::size_t width) {
  if (points.empty()) return {};
  const auto columns = std::max(kLeast, width > kAxis + 2 ? width - kAxis - 2 : 0);
  const auto values = range_of(points);
  const auto seconds = [&](Timestamp time) {
    return std::chrono::duration<double>(time - points.front().time).count();
  };
  const Range times{0, seconds(points.back().time)};
  std::vector<std::vector<Cell>> cells(kRows, std::vector<Cell>(columns));
  for (const auto& point : points) {
    auto& cell = cells[values.step(point.value, kRows)][times.step(seconds(point.time), columns)];
    ++cell.points;
    cell.malicious += point.is_malicious ? 1 : 0;
  }
  std::vector<std::string> lines;
  for (std::size_t row = kRows; row-- > 0;) {
    const double value = values.low + (values.high - values.low) * static_cast<double>(row) /
                                          static_cast<double>(kRows - 1);
    const bool is_told = row == 0 || row + 1 == kRows || row == kRows / 2;
    std::string line = fmt::format("{:>{}} |", is_told ? fmt::format("{:.4g}", value) : "", kAxis);
    for (const auto& cell : cells[row]) line.push_back(letter_of(cell));
    lines.push_back(std::move(line));
  }
  const auto first = short_time(points.front().time), last = short_time(points.back().time);
  const auto gap = columns > first.size() + last.size() ? columns - first.size() - last.size() : 1;
  lines.push_back(fmt::format("{:>{}} +{:-<{}}", "", kAxis, "", columns));
  lines.push_back(fmt::format("{:>{}}  {}{:{}}{}", "", kAxis, first, "", gap, last));
  return lines;
}

}  // namespace winnow::cli
