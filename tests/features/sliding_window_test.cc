// Windows beside the plain truth: a list of everything that was observed.
#include "features/sliding_window.h"

#include <set>

#include <fmt/format.h>

#include "features/detail/buckets.h"
#include "tests/features/small_sets.h"

namespace winnow {
namespace {

constexpr std::uint32_t kHour = 3600;
constexpr std::uint32_t kPart = kHour / WindowParts::kInWindow;

Timestamp second(std::int64_t n) { return day(0) + std::chrono::seconds(n); }

struct Observation {
  std::int64_t second;
  std::uint64_t amount;
  std::string value;
};

std::vector<Observation> random_observations(Rng& rng) {
  std::vector<Observation> observations;
  const auto size = rng.below(200);
  for (std::uint64_t i = 0; i < size; ++i) {
    // Hours that follow each other, with a year of silence or a wrong clock now and then.
    const auto leap = rng.chance(0.02) ? 400 * 86'400 : 0;
    observations.push_back(
        {rng.between(0, 3 * kHour) + leap, 1 + rng.below(1000), fmt::format("v{}", rng.below(12))});
  }
  return observations;
}

struct Windows {
  WindowCounts counts{kHour};
  WindowDistinct distinct{kHour};
};

Windows windows_of(const std::vector<Observation>& observations) {
  Windows windows;
  for (const auto& [at, amount, value] : observations) {
    windows.counts.add(second(at), amount);
    windows.distinct.add(second(at), value);
  }
  return windows;
}

std::int64_t part_of(std::int64_t at) { return features::bucket_of(second(at), kPart); }

TEST(SlidingWindow, IsThePlainSumOfItsParts) {
  testing::for_each_seed(200, [](Rng& rng) {
    const auto observations = random_observations(rng);
    const auto windows = windows_of(observations);
    std::int64_t newest = 0;
    for (const auto& seen : observations) newest = std::max(newest, seen.second);
    // At the newest observation, and for an event that comes late, up to a third of the window.
    const auto now = std::max<std::int64_t>(0, newest - rng.between(0, kHour / 3 - kPart));
    const auto back = rng.between(1, kHour);
    const auto parts = (back - 1) / kPart + 1;
    std::uint64_t sum = 0;
    std::set<std::string> values;
    for (const auto& [at, amount, value] : observations) {
      if (part_of(at) > part_of(now) || part_of(at) <= part_of(now) - parts) continue;
      sum += amount;
      values.insert(value);
    }
    EXPECT_EQ(windows.counts.within(second(now), std::chrono::seconds(back)), sum);
    EXPECT_NEAR(windows.distinct.estimate(second(now), std::chrono::seconds(back)),
                static_cast<double>(values.size()), 0.15 * static_cast<double>(values.size()) + 1);
  });
}

TEST(SlidingWindow, SaysWhatCameTooLate) {
  WindowCounts counts(kHour);
  WindowDistinct distinct(kHour);
  const auto add = [&](std::int64_t at) {
    const bool counted = counts.add(second(at), 1);
    EXPECT_EQ(distinct.add(second(at), "value"), counted);
    return counted;
  };
  EXPECT_TRUE(add(10 * kHour));
  EXPECT_TRUE(add(9 * kHour)) << "late, and still within what is read";
  EXPECT_TRUE(add(10 * kHour - 15 * kPart)) << "nobody reads it but an event that comes late too";
  const auto before = counts;
  EXPECT_FALSE(add(10 * kHour - 16 * kPart));
  EXPECT_FALSE(add(-400 * 86'400)) << "a clock that is a year behind";
  EXPECT_EQ(counts, before);
  EXPECT_EQ(counts.within(second(10 * kHour), std::chrono::hours(1)), 1U);
}

TEST(SlidingWindow, SumsStopAtTheirEnd) {
  WindowCounts counts(60);
  counts.add(second(0), UINT64_MAX - 1);
  counts.add(second(0), 7);
  counts.add(second(5), 7);
  EXPECT_EQ(counts.within(second(5), std::chrono::minutes(1)), UINT64_MAX);
}

TEST(SlidingWindow, ServesTheShortestAndTheLongest) {
  for (const auto window : {WindowParts::kShortest_s, WindowParts::kLongest_s}) {
    WindowCounts counts(window);
    EXPECT_EQ(counts.window_s(), window);
    const auto part = window / WindowParts::kInWindow;
    for (std::uint32_t i = 0; i < 100; ++i) counts.add(second(i * part), 1);
    const auto all = std::chrono::seconds(window);
    EXPECT_EQ(counts.within(second(99 * part), all), 12U);
    EXPECT_EQ(counts.within(second(103 * part), all), 8U) << "time goes on without observations";
    EXPECT_EQ(counts.within(second(111 * part), all), 0U);
  }
}

}  // namespace
}  // namespace winnow
