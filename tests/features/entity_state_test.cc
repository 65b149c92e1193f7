#include "features/entity_state.h"

#include <cmath>

#include <fmt/format.h>

#include "tests/features/small_sets.h"

namespace winnow {
namespace {

EntityState empty() {
  return EntityState({SeenSpan(), BucketCounts(86'400, 5), DistinctCount(),
                      WindowCounts(12 * 86'400), WindowDistinct(12 * 86'400), Frequencies(),
                      Arrivals()});
}

struct Observation {
  Timestamp at;
  std::uint64_t count;
  std::string who;
};

EntityState state_of(const std::vector<Observation>& observations) {
  auto state = empty();
  for (const auto& [at, count, who] : observations) {
    std::get<SeenSpan>(state.accumulators()[0]).add(at);
    std::get<BucketCounts>(state.accumulators()[1]).add(at, count);
    std::get<DistinctCount>(state.accumulators()[2]).add(who);
    std::get<WindowCounts>(state.accumulators()[3]).add(at, count);
    std::get<WindowDistinct>(state.accumulators()[4]).add(at, who);
    std::get<Frequencies>(state.accumulators()[5]).add(who);
    std::get<Arrivals>(state.accumulators()[6]).add(at);
  }
  return state;
}

std::vector<Observation> random_observations(Rng& rng) {
  std::vector<Observation> observations;
  const auto size = rng.below(30);
  for (std::uint64_t i = 0; i < size; ++i) {
    observations.push_back({day(static_cast<int>(rng.below(40))), 1 + rng.below(3),
                            fmt::format("p{}", rng.below(50))});
  }
  return observations;
}

EntityState merged(EntityState a, const EntityState& b) {
  EXPECT_OK(a.merge(b));
  return a;
}

TEST(EntityState, MergingIsAssociativeAndCommutative) {
  testing::for_each_seed(300, [](Rng& rng) {
    const auto a = state_of(random_observations(rng));
    const auto b = state_of(random_observations(rng));
    const auto c = state_of(random_observations(rng));
    EXPECT_EQ(merged(a, b).bytes(), merged(b, a).bytes());
    EXPECT_EQ(merged(merged(a, b), c).bytes(), merged(a, merged(b, c)).bytes());
    EXPECT_EQ(merged(a, empty()), a);
  });
}

TEST(EntityState, IsTheSameInWhateverOrderEventsCome) {
  testing::for_each_seed(300, [](Rng& rng) {
    auto observations = random_observations(rng);
    const auto in_order = state_of(observations);
    rng.shuffle(std::span(observations));
    EXPECT_EQ(state_of(observations).bytes(), in_order.bytes());
    const auto half = observations.size() / 2;
    const auto left =
        state_of({observations.begin(), observations.begin() + static_cast<std::ptrdiff_t>(half)});
    const auto right =
        state_of({observations.begin() + static_cast<std::ptrdiff_t>(half), observations.end()});
    EXPECT_EQ(merged(left, right).bytes(), in_order.bytes());
  });
}

TEST(EntityState, ComesBackFromItsBytes) {
  testing::for_each_seed(300, [](Rng& rng) {
    const auto state = state_of(random_observations(rng));
    const auto read = EntityState::from_bytes(state.bytes());
    ASSERT_OK(read);
    EXPECT_EQ(*read, state);
  });
}

TEST(EntityState, NoOtherBytesAreReadAsAState) {
  testing::for_each_seed(500, [](Rng& rng) {
    auto bytes = state_of(random_observations(rng)).bytes();
    const auto at = rng.below(bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.below(8)));
    // A flipped bit is refused, or is another state in its own canonical form.
    if (const auto read = EntityState::from_bytes(bytes)) {
      EXPECT_EQ(read->bytes(), bytes);
    }
    EXPECT_FALSE(EntityState::from_bytes(std::string_view(bytes).substr(0, at)));
  });
}

TEST(EntityState, RefusesToMergeWhatWasDeclaredDifferently) {
  auto state = EntityState({BucketCounts(60, 5)});
  EXPECT_EQ(testing::code_of(state.merge(EntityState({BucketCounts(60, 6)}))),
            Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(state.merge(EntityState({SeenSpan()}))), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(state.merge(EntityState())), Code::InvalidArgument);
  const auto refused = [](Accumulator a, Accumulator b) {
    EXPECT_FALSE(same_shape(a, b));
    EntityState one({std::move(a)});
    return testing::code_of(one.merge(EntityState({std::move(b)}))) == Code::InvalidArgument;
  };
  EXPECT_TRUE(refused(WindowCounts(60), WindowCounts(120)));
  EXPECT_TRUE(refused(WindowDistinct(60), WindowDistinct(120)));
  EXPECT_TRUE(refused(WindowDistinct(60), WindowCounts(60)));
}

TEST(BucketCounts, AnswerForWindows) {
  BucketCounts counts(86'400, 5);
  for (const int n : {0, 0, 1, 3, 4, 7}) counts.add(day(n), 1);
  const auto days = [](int n) { return Duration(std::chrono::hours(24 * n)); };
  EXPECT_EQ(counts.total(), 6U);
  EXPECT_EQ(counts.within(day(7), days(1)), 1U);
  EXPECT_EQ(counts.within(day(7), days(4)), 2U);
  EXPECT_EQ(counts.within(day(7), days(5)), 3U);
  EXPECT_EQ(counts.within(day(7), std::chrono::hours(25)), 1U);  // rounded up to two days: 6 and 7
  EXPECT_EQ(counts.within(day(4), days(4)), 3U) << "what came later is not counted";
  EXPECT_EQ(counts.active(day(7), days(8)), 5U);
  EXPECT_DOUBLE_EQ(counts.decayed(day(7), days(1)), 2.0 / 128 + 1.0 / 64 + 1.0 / 16 + 1.0 / 8 + 1);
}

TEST(BucketCounts, AFalseDateCostsOneBucketAndNotTheHistory) {
  BucketCounts counts(86'400, 5);
  for (int n = 0; n < 5; ++n) counts.add(day(n), 1);
  counts.add(Timestamp::from_civil(2099, 1, 1), 1);
  EXPECT_EQ(counts.within(day(4), std::chrono::hours(24 * 4)), 4U);
  EXPECT_EQ(counts.buckets().size(), 5U);
  EXPECT_EQ(counts.total(), 6U);
}

TEST(BucketCounts, TellWhatIsUsual) {
  BucketCounts counts(86'400, 30);
  const auto month = std::chrono::hours(24 * 30);
  EXPECT_FALSE(counts.usual(day(4), month)) << "nothing is known";
  counts.add(day(0), 2);
  EXPECT_FALSE(counts.usual(day(0), month)) << "no day is over";
  counts.add(day(2), 4);
  counts.add(day(4), 9);
  const auto usual = counts.usual(day(4), month);
  ASSERT_TRUE(usual);
  EXPECT_DOUBLE_EQ(usual->mean, 1.5) << "of days with 2, 0, 4, 0; the days before are not known";
  EXPECT_DOUBLE_EQ(usual->deviation, std::sqrt(11.0 / 4));
  EXPECT_EQ(usual->present, 9);
  EXPECT_DOUBLE_EQ(counts.usual(day(4), std::chrono::hours(48))->mean, 2) << "of 4 and 0";
  EXPECT_EQ(counts.usual(day(3), month)->present, 0);
}

TEST(BucketCounts, SayWhatCameTooLate) {
  BucketCounts counts(86'400, 3);
  for (const int n : {3, 5, 7}) EXPECT_TRUE(counts.add(day(n), 1));
  EXPECT_FALSE(counts.add(day(2), 1));
  EXPECT_EQ(counts.total(), 4U);
  EXPECT_TRUE(counts.add(day(4), 1));
  EXPECT_EQ(counts.buckets().front().index, counts.buckets().back().index - 3);
}

TEST(DistinctCount, IsCloseToTheTruth) {
  for (const int truth : {0, 1, 5, 20, 100, 1000, 20'000}) {
    DistinctCount count;
    for (int i = 0; i < truth; ++i) {
      count.add(fmt::format("person{}@example.com", i));
      count.add(fmt::format("person{}@example.com", i));
    }
    const double margin = 0.4;  // three standard errors
    EXPECT_NEAR(count.estimate(), truth, margin * truth + 0.5);
  }
}

}  // namespace
}  // namespace winnow
