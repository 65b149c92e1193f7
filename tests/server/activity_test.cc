#include "server/activity.h"

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 9);

class ActivityTest : public ::testing::Test {
 protected:
  void decide(Timestamp at, winnow::Route route, int times = 1) {
    clock.set(at);
    for (int i = 0; i < times; ++i) activity.note_decision({"gate", "", at}, Domain::Mail, route);
  }
  FixedClock clock{kNow};
  Activity activity{clock};
};

TEST_F(ActivityTest, CountsByTheMinuteAndRoute) {
  decide(kNow, winnow::Route::Close, 3);
  decide(kNow + minutes(1), winnow::Route::Escalate, 2);
  clock.set(kNow + minutes(2));
  const auto summary = activity.summary();
  ASSERT_EQ(summary.minutes.size(), 60U);
  EXPECT_EQ(summary.minutes.back().begin, kNow + minutes(2));
  EXPECT_EQ(summary.minutes.front().begin, kNow - minutes(57));
  EXPECT_EQ(summary.minutes[57].by_route, (std::array<std::uint64_t, 4>{3, 0, 0, 0}));
  EXPECT_EQ(summary.minutes[58].by_route[static_cast<std::size_t>(winnow::Route::Escalate)], 2U);
  EXPECT_EQ(summary.minutes[59].by_route, (std::array<std::uint64_t, 4>{}));
  EXPECT_EQ(summary.decided, 5U);
}

TEST_F(ActivityTest, ForgetsWhatIsAnHourAgo) {
  decide(kNow, winnow::Route::Close, 3);
  clock.set(kNow + minutes(60));
  for (const auto& minute : activity.summary().minutes) EXPECT_EQ(minute.by_route[0], 0U);
  decide(kNow + minutes(60), winnow::Route::Close);
  EXPECT_EQ(activity.summary().minutes.back().by_route[0], 1U) << "the place is taken anew";
  clock.set(kNow - minutes(1000));  // the clock jumps
  EXPECT_EQ(activity.summary().minutes.size(), 60U);
}

TEST_F(ActivityTest, TheRateIsThatOfTheLastSixtySeconds) {
  decide(kNow, winnow::Route::Close, 60);
  clock.set(kNow + seconds(75));
  EXPECT_DOUBLE_EQ(activity.summary().a_minute, 45) << "a quarter of that minute is too old";
  decide(kNow + seconds(90), winnow::Route::Close, 10);
  EXPECT_DOUBLE_EQ(activity.summary().a_minute, 40);
}

TEST_F(ActivityTest, LatenciesAreThoseOfTheLatestAnswers) {
  EXPECT_EQ(activity.summary().p99, std::nullopt);
  for (int i = 0; i < 5000; ++i) activity.note_latency(seconds(9));
  for (int i = 1; i <= 4096; ++i) activity.note_latency(milliseconds(i));
  const auto summary = activity.summary();
  EXPECT_EQ(summary.p50, milliseconds(2048));
  EXPECT_EQ(summary.p99, milliseconds(4055));
}

TEST_F(ActivityTest, TheLagBehindEventsIsTheMedianOfPlausibleOnes) {
  const auto lag_after = [&](std::initializer_list<Duration> lags) {
    for (const auto lag : lags)
      activity.note_decision({"gate", "", kNow - lag}, Domain::Mail, winnow::Route::Close);
    return activity.sources().at("gate").event_lag;
  };
  using std::chrono::hours;
  EXPECT_EQ(lag_after({hours(25), hours(24 * 365), -minutes(6)}), std::nullopt)
      << "archives are old, and a clock that is wrong says nothing";
  EXPECT_EQ(lag_after({seconds(30), hours(3), seconds(40)}), seconds(40));
  EXPECT_EQ(lag_after({-minutes(4), -minutes(4), -minutes(4), -minutes(4)}), seconds(0));
  for (int i = 0; i < 32; ++i) lag_after({minutes(7)});
  EXPECT_EQ(lag_after({}), minutes(7)) << "the latest count";
}

TEST_F(ActivityTest, ASourceThatOnlyWaitsIsNoSilentOne) {
  activity.note_accepted("gate");
  const auto source = activity.sources().at("gate");
  EXPECT_EQ(source.last, kNow);
  EXPECT_EQ(source.mails, 0U);
}

TEST_F(ActivityTest, ClientsCannotMakeItGrow) {
  for (int i = 0; i < 1000; ++i) {
    activity.note_decision({fmt::format("s{}", i), "", kNow}, Domain::Mail, winnow::Route::Close);
    activity.note_quarantined(fmt::format("q{}", i));
  }
  const auto summary = activity.summary();
  EXPECT_EQ(summary.sources.size(), Activity::kMostSources + 1);
  std::uint64_t mails = 0;
  for (const auto& [name, source] : summary.sources) mails += source.mails + source.quarantined;
  EXPECT_EQ(mails, 2000U) << "none is lost";
}

}  // namespace
}  // namespace winnow::server
