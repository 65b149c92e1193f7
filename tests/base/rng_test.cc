#include "base/rng.h"

#include <array>

#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(Rng, GivesTheSameNumbersEverywhere) {  // pinned: seeds are recorded in runs and must mean the
                                            // same for ever
  Rng rng(42);
  const std::array first{rng.next(), rng.next()};
  Rng again(42);
  EXPECT_EQ(first[0], again.next());
  EXPECT_EQ(first[1], again.next());
  EXPECT_EQ(first[0], 1546998764402558742ULL);
}

TEST(Rng, StreamsDoNotDisturbEachOther) {
  Rng one(7), two(7);
  one.next();
  EXPECT_EQ(one.fork("mail").next(), two.fork("mail").next());
  EXPECT_NE(two.fork("mail").next(), two.fork("people").next());
}

TEST(Rng, DrawsWithinBoundsAndWithTheRightMeans) {
  Rng rng(1);
  double sum = 0, normal = 0, poisson = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto drawn = rng.between(-3, 3);
    ASSERT_TRUE(drawn >= -3 && drawn <= 3);
    sum += static_cast<double>(drawn);
    normal += rng.normal();
    poisson += static_cast<double>(rng.poisson(4));
  }
  EXPECT_NEAR(sum / 20000, 0, 0.06);
  EXPECT_NEAR(normal / 20000, 0, 0.03);
  EXPECT_NEAR(poisson / 20000, 4, 0.06);
  const std::array weights{0.0, 1.0, 3.0, 0.0};
  std::array<int, 4> drawn{};
  for (int i = 0; i < 4000; ++i) ++drawn[rng.weighted(weights)];
  EXPECT_EQ(drawn[0] + drawn[3], 0);
  EXPECT_NEAR(drawn[2] / 4000.0, 0.75, 0.03);
}

}  // namespace
}  // namespace winnow
