#include "cli/detail/feature_plot.h"

#include <algorithm>
#include <numeric>

#include "tests/support/support.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kWidth = 72, kGround = 12;  // columns; what stands before the plot

PlotPoint at(int hour, float value, bool is_malicious = false) {
  return {Timestamp::from_civil(2026, 3, 4) + std::chrono::hours(hour), value, is_malicious};
}

std::ptrdiff_t count(const std::vector<std::string>& lines, std::string_view letters) {
  std::ptrdiff_t found = 0;
  for (std::size_t i = 0; i + 2 < lines.size(); ++i) {
    found += std::ranges::count_if(lines[i].substr(kGround), [&](char c) {
      return letters.find(c) != std::string_view::npos;
    });
  }
  return found;
}

TEST(FeaturePlot, OfNothingIsNothing) { EXPECT_TRUE(plot_lines({}, kWidth).empty()); }

TEST(FeaturePlot, RisesWithTheValuesFromTheLeftToTheRight) {
  std::vector<PlotPoint> points;
  for (int i = 0; i < 100; ++i) points.push_back(at(i, static_cast<float>(i)));
  const auto lines = plot_lines(points, kWidth);
  ASSERT_EQ(lines.size(), 14U);
  std::size_t before = 0;
  for (std::size_t i = 12; i-- > 0;) {
    EXPECT_LE(lines[i].size(), kWidth);
    const auto first = lines[i].find_first_of(".:+#", kGround);
    ASSERT_NE(first, std::string::npos) << lines[i];
    EXPECT_GE(first, before);
    before = first;
  }
  EXPECT_NE(lines[0].find("98"), std::string::npos) << "the 99th percentile is the top";
  EXPECT_NE(lines[13].find("2026-03-04 00:00"), std::string::npos);
  EXPECT_TRUE(lines[13].ends_with("2026-03-08 03:00"));
}

TEST(FeaturePlot, IsDarkerWhereMoreIsAndMarksWhatIsMalicious) {
  std::vector<PlotPoint> points(100, at(0, 1));
  points.push_back(at(9, 5, true));
  points.push_back(at(9, 5, true));
  points.push_back(at(9, 5, false));
  const auto lines = plot_lines(points, kWidth);
  EXPECT_EQ(count(lines, "#"), 1);
  EXPECT_EQ(count(lines, "x"), 1);
  EXPECT_EQ(count(lines, ".:+X"), 0);
}

TEST(FeaturePlot, EqualValuesAndTimesAreOnePlace) {
  const std::vector<PlotPoint> points(3, at(0, 7));
  EXPECT_EQ(count(plot_lines(points, kWidth), ":"), 1);
  EXPECT_EQ(plot_lines(points, 1).size(), 14U) << "however narrow";
}

}  // namespace
}  // namespace winnow::cli
