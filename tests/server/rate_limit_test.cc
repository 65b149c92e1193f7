#include "server/access/rate_limit.h"

#include <string>

#include <gtest/gtest.h>

namespace winnow::server {
namespace {

using namespace std::chrono_literals;

const RateLimit::Time kStart{};

TEST(RateLimit, AllowsABurstAndThenTheRate) {
  RateLimit limit({.a_second = 2, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take("ann", kStart));
  EXPECT_FALSE(limit.take("ann", kStart));
  EXPECT_TRUE(limit.is_spent("ann", kStart));
  EXPECT_TRUE(limit.take("bob", kStart));
  EXPECT_FALSE(limit.take("ann", kStart + 400ms));
  EXPECT_TRUE(limit.take("ann", kStart + 600ms));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take("ann", kStart + 1h)) << "no more than a burst";
  EXPECT_FALSE(limit.take("ann", kStart + 1h));
}

TEST(RateLimit, AClockThatStepsBackTakesNothingAway) {
  RateLimit limit({.a_second = 1, .burst = 2});
  EXPECT_TRUE(limit.take("ann", kStart + 1h));
  EXPECT_TRUE(limit.take("ann", kStart));
  EXPECT_FALSE(limit.take("ann", kStart));
}

TEST(RateLimit, StrangersWithoutNumberShareOneBucket) {
  RateLimit limit({.a_second = 1, .burst = 2, .known = 100});
  int allowed = 0;
  for (int i = 0; i < 10'000; ++i) allowed += limit.take(std::to_string(i), kStart) ? 1 : 0;
  EXPECT_EQ(allowed, 102) << "each of a hundred once, and the burst of all others";
  allowed = 0;
  for (int i = 0; i < 50; ++i)
    allowed += limit.take("new" + std::to_string(i), kStart + 1h) ? 1 : 0;
  EXPECT_EQ(allowed, 50) << "those who rested are forgotten";
}

TEST(RateLimit, TellsWhenToComeBack) {
  EXPECT_EQ(RateLimit({.a_second = 2000}).next_in(), 1s);
  EXPECT_EQ(RateLimit({.a_second = 0.2}).next_in(), 5s);
}

}  // namespace
}  // namespace winnow::server
