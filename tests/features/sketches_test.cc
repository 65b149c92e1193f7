// Frequencies and arrivals: how near their answers are to the truth, on streams of known shape.
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "features/arrivals.h"
#include "features/frequencies.h"
#include "tests/features/small_sets.h"

namespace winnow {
namespace {

TEST(Frequencies, AreExactForFewValues) {
  Frequencies frequencies;
  for (int i = 0; i < 20; ++i) {
    for (int times = 0; times <= i; ++times) frequencies.add(fmt::format("program{}.exe", i));
  }
  EXPECT_EQ(frequencies.total(), 210U);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(frequencies.count(fmt::format("program{}.exe", i)), static_cast<unsigned>(i + 1));
  }
  EXPECT_EQ(frequencies.count("mimikatz.exe"), 0U);
  EXPECT_NEAR(frequencies.rarity("mimikatz.exe"), std::log2(211), 1e-9);
  EXPECT_NEAR(frequencies.rarity("program19.exe"), std::log2(211.0 / 21), 1e-9);
}

// The bound that the header states, on a skewed stream of more values than there are columns.
TEST(Frequencies, AreNeverTooLowAndSeldomMuchTooHigh) {
  testing::for_each_seed(5, [](Rng& rng) {
    Frequencies frequencies;
    std::map<std::string, std::uint64_t> truth;
    for (int i = 0; i < 20'000; ++i) {
      const auto value = fmt::format("v{}", static_cast<int>(rng.exponential(150)));
      frequencies.add(value);
      ++truth[value];
    }
    std::size_t beyond = 0;
    for (const auto& [value, count] : truth) {
      EXPECT_GE(frequencies.count(value), count);
      beyond += static_cast<double>(frequencies.count(value) - count) > 20'000 * std::exp(1) / 256;
    }
    EXPECT_LE(static_cast<double>(beyond), 0.03 * static_cast<double>(truth.size()));
    EXPECT_LE(frequencies.heap_bytes(), 16'384U);
  });
}

TEST(Frequencies, EntropyIsThatOfTheValues) {
  Frequencies same, even, skewed;
  EXPECT_EQ(same.entropy(), 0);
  for (int i = 0; i < 64; ++i) {
    same.add("a");
    even.add(i % 2 == 0 ? "a" : "b");
    skewed.add(i % 4 == 0 ? "a" : "b");
  }
  EXPECT_NEAR(same.entropy(), 0, 1e-12);
  EXPECT_NEAR(even.entropy(), 1, 1e-12);
  EXPECT_NEAR(skewed.entropy(), 0.811278, 1e-6);
  Frequencies many;
  for (int i = 0; i < 4000; ++i) many.add(fmt::format("{}", i % 100));
  EXPECT_LE(many.entropy(), std::log2(100) + 1e-9);
  EXPECT_GE(many.entropy(), std::log2(100) - 0.5);
}

// A process with gaps drawn by `gap`, seen at its end.
template <typename Gap>
Arrivals::Rhythm rhythm_of(Rng& rng, Gap gap) {
  Arrivals arrivals;
  auto at = day(0);
  for (int i = 0; i < 200; ++i) {
    at = at + std::chrono::milliseconds(static_cast<std::int64_t>(gap(rng) * 1000));
    arrivals.add(at);
  }
  return arrivals.rhythm(at).value();
}

TEST(Arrivals, TellABeaconFromChance) {
  testing::for_each_seed(50, [](Rng& rng) {
    const auto clock = rhythm_of(rng, [](Rng&) { return 300.0; });
    EXPECT_EQ(clock.period_s, 300);
    EXPECT_EQ(clock.regularity, 1);
    EXPECT_EQ(clock.skew, 0);
    const auto jittered = rhythm_of(rng, [](Rng& r) { return 240 + 120 * r.unit(); });
    EXPECT_NEAR(jittered.period_s, 300, 30);
    EXPECT_GE(jittered.regularity, 0.8);
    // A beacon that sleeps a day now and then, as the machine it lives on does.
    const auto sleepy = rhythm_of(rng, [](Rng& r) { return r.chance(0.1) ? 86'400.0 : 300.0; });
    EXPECT_EQ(sleepy.period_s, 300);
    EXPECT_EQ(sleepy.regularity, 1);
    const auto chance = rhythm_of(rng, [](Rng& r) { return r.exponential(300); });
    EXPECT_LE(chance.regularity, 0.75);
    EXPECT_LT(chance.regularity, jittered.regularity);
  });
}

TEST(Arrivals, SayNothingOfAHandful) {
  Arrivals arrivals;
  for (int i = 0; i < 4; ++i) arrivals.add(day(i));
  EXPECT_FALSE(arrivals.rhythm(day(4)));
  arrivals.add(day(4));
  arrivals.add(day(4) + std::chrono::milliseconds(1));  // the same second
  EXPECT_EQ(arrivals.until(day(4)), 5U);
  EXPECT_TRUE(arrivals.rhythm(day(4)));
  EXPECT_FALSE(arrivals.rhythm(day(3))) << "an event that comes late knows what was before it";
}

TEST(Arrivals, KeepTheNewest) {
  Arrivals arrivals;
  for (int i = 39; i >= 8; --i) EXPECT_TRUE(arrivals.add(day(i)));
  EXPECT_FALSE(arrivals.add(day(7)));
  EXPECT_TRUE(arrivals.add(day(40)));
  EXPECT_EQ(arrivals.until(day(8)), 0U) << "the oldest made room";
  EXPECT_EQ(arrivals.until(day(40)), Arrivals::kKept);
}

}  // namespace
}  // namespace winnow
