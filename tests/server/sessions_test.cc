#include "server/sessions.h"

#include <vector>

#include "tests/support/support.h"

namespace winnow::server {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4);
constexpr Sessions::Config kConfig{.idle = hours(1), .longest = hours(3), .most = 3};

class SessionsTest : public ::testing::Test {
 protected:
  bool is_open(std::string_view secret, Duration after) {
    return sessions.find(secret, kNow + after).has_value();
  }
  Sessions sessions{kConfig};
};

TEST_F(SessionsTest, EndWhenNobodyUsesThem) {
  const auto used = sessions.open({"t-1"}, kNow), idle = sessions.open({"t-2"}, kNow);
  EXPECT_EQ(sessions.find(used, kNow + minutes(59))->owner.id, "t-1");
  EXPECT_FALSE(is_open(idle, hours(1)));
  EXPECT_FALSE(is_open(idle, minutes(0))) << "what has ended does not come back";
  EXPECT_TRUE(is_open(used, hours(1)));
}

TEST_F(SessionsTest, EndInTimeHoweverMuchTheyAreUsed) {
  const auto secret = sessions.open({"t-1"}, kNow);
  EXPECT_EQ(sessions.find(secret, kNow)->expires, kNow + hours(1));
  for (int i = 1; i < 6; ++i) EXPECT_TRUE(is_open(secret, minutes(30 * i))) << i;
  EXPECT_EQ(sessions.find(secret, kNow + minutes(179))->expires, kNow + hours(3));
  EXPECT_FALSE(is_open(secret, hours(3)));
}

TEST_F(SessionsTest, AClockThatGoesBackNeitherEndsNorLengthensThem) {
  const auto secret = sessions.open({"t-1"}, kNow);
  EXPECT_TRUE(is_open(secret, -hours(24)));
  EXPECT_FALSE(is_open(secret, hours(1)));
}

TEST_F(SessionsTest, AreBoundedTheLongestIdleGoesFirst) {
  std::vector<std::string> secrets;
  for (int i = 0; i < 3; ++i) secrets.push_back(sessions.open({"t-1"}, kNow + minutes(i)));
  EXPECT_TRUE(is_open(secrets[0], minutes(4)));
  secrets.push_back(sessions.open({"t-2"}, kNow + minutes(5)));
  EXPECT_FALSE(is_open(secrets[1], minutes(5)));
  for (const int i : {0, 2, 3})
    EXPECT_TRUE(is_open(secrets[static_cast<std::size_t>(i)], minutes(5))) << i;
}

TEST_F(SessionsTest, AreClosedByTheirSecretOnly) {
  const auto secret = sessions.open({"t-1"}, kNow), other = sessions.open({"t-1"}, kNow);
  EXPECT_EQ(secret.size(), 64U);
  EXPECT_NE(secret, other);
  EXPECT_NE(csrf_of(secret), csrf_of(other));
  sessions.close("t-1");
  sessions.close(csrf_of(secret));
  EXPECT_TRUE(is_open(secret, minutes(0)));
  sessions.close(secret);
  EXPECT_FALSE(is_open(secret, minutes(0)));
  EXPECT_TRUE(is_open(other, minutes(0)));
}

}  // namespace
}  // namespace winnow::server
