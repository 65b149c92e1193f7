#include "server/access/sessions.h"

#include <algorithm>
#include <vector>

#include "tests/support/support.h"

namespace winnow::server {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4);
constexpr Sessions::Config kConfig{.idle = hours(1), .longest = hours(3), .most = 3};

class SessionsTest : public ::testing::Test {
 protected:
  std::string open(const char* owner, Duration after = {}) {
    return sessions.open({.id = owner}, kNow + after).secret;
  }
  bool is_open(std::string_view secret, Duration after) {
    return sessions.find(secret, kNow + after).has_value();
  }
  Sessions::Changes changes(Duration after) { return sessions.take_changes(kNow + after); }
  Sessions sessions{kConfig};
};

TEST_F(SessionsTest, EndWhenNobodyUsesThem) {
  const auto used = open("t-1"), idle = open("t-2");
  EXPECT_EQ(sessions.find(used, kNow + minutes(59))->owner.id, "t-1");
  EXPECT_FALSE(is_open(idle, hours(1)));
  EXPECT_FALSE(is_open(idle, minutes(0))) << "what has ended does not come back";
  EXPECT_TRUE(is_open(used, hours(1)));
}

TEST_F(SessionsTest, EndInTimeHoweverMuchTheyAreUsed) {
  const auto secret = open("t-1");
  EXPECT_EQ(sessions.find(secret, kNow)->expires, kNow + hours(1));
  for (int i = 1; i < 6; ++i) EXPECT_TRUE(is_open(secret, minutes(30 * i))) << i;
  EXPECT_EQ(sessions.find(secret, kNow + minutes(179))->expires, kNow + hours(3));
  EXPECT_FALSE(is_open(secret, hours(3)));
}

TEST_F(SessionsTest, AClockThatGoesBackNeitherEndsNorLengthensThem) {
  const auto secret = open("t-1");
  EXPECT_TRUE(is_open(secret, -hours(24)));
  EXPECT_FALSE(is_open(secret, hours(1)));
}

TEST_F(SessionsTest, AreBoundedTheLongestIdleGoesFirst) {
  std::vector<std::string> secrets;
  for (int i = 0; i < 3; ++i) secrets.push_back(open("t-1", minutes(i)));
  EXPECT_TRUE(is_open(secrets[0], minutes(4)));
  secrets.push_back(open("t-2", minutes(5)));
  EXPECT_FALSE(is_open(secrets[1], minutes(5)));
  for (const int i : {0, 2, 3})
    EXPECT_TRUE(is_open(secrets[static_cast<std::size_t>(i)], minutes(5))) << i;
  EXPECT_EQ(changes(minutes(5)).ended, std::vector{sha256(secrets[1])});
}

TEST_F(SessionsTest, AreClosedByTheirSecretOnly) {
  const auto secret = open("t-1"), other = open("t-1");
  EXPECT_EQ(secret.size(), 64U);
  EXPECT_NE(secret, other);
  EXPECT_NE(csrf_of(secret), csrf_of(other));
  sessions.close("t-1");
  sessions.close(csrf_of(secret));
  sessions.close(sha256(secret).hex());
  EXPECT_TRUE(is_open(secret, minutes(0)));
  EXPECT_FALSE(is_open(sha256(secret).hex(), minutes(0))) << "what is on disk opens nothing";
  sessions.close(secret);
  EXPECT_FALSE(is_open(secret, minutes(0)));
  EXPECT_TRUE(is_open(other, minutes(0)));
}

TEST_F(SessionsTest, TellEachEndOnceHoweverItCame) {
  const auto closed = open("t-1"), found = open("t-2"), forgotten = open("t-3");
  sessions.close(closed);
  EXPECT_FALSE(is_open(found, hours(1)));
  auto ended = changes(hours(1)).ended;
  std::ranges::sort(ended);
  auto want = std::vector{sha256(closed), sha256(found), sha256(forgotten)};
  std::ranges::sort(want);
  EXPECT_EQ(ended, want);
  EXPECT_TRUE(changes(hours(1)).ended.empty());
}

TEST_F(SessionsTest, TellTheirUseOnceAMinuteAtMost) {
  const auto secret = open("t-1");
  EXPECT_TRUE(is_open(secret, seconds(59)));
  EXPECT_TRUE(changes(seconds(59)).used.empty());
  EXPECT_TRUE(is_open(secret, seconds(61)));
  const auto used = changes(seconds(62)).used;
  ASSERT_EQ(used.size(), 1U);
  EXPECT_EQ(used[0].secret, sha256(secret));
  EXPECT_EQ(used[0].used, kNow + seconds(61));
  EXPECT_TRUE(changes(seconds(62)).used.empty());
}

TEST_F(SessionsTest, AreTakenUpByTheNextServer) {
  const auto made = sessions.open({.id = "o-1", .name = "oidc:ann", .role = Role::Senior}, kNow);
  ASSERT_TRUE(is_open(made.secret, minutes(30)));
  Sessions next(kConfig);
  auto kept = made.kept;
  kept.used = kNow + minutes(30);
  next.take_up({kept}, kNow + minutes(40));
  const auto found = next.find(made.secret, kNow + minutes(89));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->owner.name, "oidc:ann");
  EXPECT_EQ(found->owner.role, Role::Senior);
  EXPECT_FALSE(next.find(made.secret, kNow + hours(3))) << "counted from when it was opened";
}

TEST_F(SessionsTest, ThatEndedMeanwhileOrAreOfAWrongClockAreNotTakenUp) {
  struct Case {
    const char* name;
    Duration opened, used;
    bool open;
  };
  for (const auto& [name, opened, used, open] :
       {Case{"in use", -hours(2), -minutes(59), true}, Case{"idle", -hours(2), -hours(1), false},
        Case{"long", -hours(3), -minutes(1), false}, Case{"now", {}, {}, true},
        Case{"opened tomorrow", hours(24), hours(24), false},
        Case{"used tomorrow", -hours(1), hours(24), false},
        Case{"a clock set a little", seconds(20), seconds(20), true}}) {
    Sessions next(kConfig);
    next.take_up({{sha256("secret"), {.id = "t-1"}, kNow + opened, kNow + used}}, kNow);
    EXPECT_EQ(next.is_open("secret", kNow), open) << name;
    EXPECT_EQ(next.take_changes(kNow).ended.size(), open ? 0U : 1U) << name;
    EXPECT_EQ(next.is_open("secret", kNow + hours(24)), false) << name;
  }
}

TEST_F(SessionsTest, ThatAnotherProcessEndedEnd) {
  const auto one = open("t-1"), other = open("t-2");
  sessions.close_all_but({sha256(other)});
  EXPECT_FALSE(is_open(one, minutes(0)));
  EXPECT_TRUE(is_open(other, minutes(0)));
}

}  // namespace
}  // namespace winnow::server
