#include "base/timestamp.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(Timestamp, ReadsRfc3339) {
  EXPECT_EQ(Timestamp::parse("2026-03-03T14:05:06Z")->text(), "2026-03-03T14:05:06Z");
  EXPECT_EQ(Timestamp::parse("2026-03-03 14:05:06.1234567+02:00")->text(),
            "2026-03-03T12:05:06.123456Z");
  EXPECT_EQ(Timestamp::parse("1969-12-31T23:59:59.5Z")->micros(), -500'000);
  EXPECT_EQ(Timestamp::parse("2024-02-29")->text(), "2024-02-29T00:00:00Z");
  EXPECT_EQ(Timestamp::parse("2016-12-31T23:59:60Z")->text(), "2017-01-01T00:00:00Z");
}

TEST(Timestamp, RefusesWhatIsNoTime) {
  for (const auto* wrong :
       {"", "now", "2026-13-01", "2026-02-29", "2026-03-03T24:00:00Z", "2026-03-03T14:05:06",
        "2026-03-03T14:05:06.Z", "2026-03-03T14:05:06Zjunk", "0000-01-01"}) {
    EXPECT_EQ(testing::code_of(Timestamp::parse(wrong)), Code::InvalidArgument) << wrong;
  }
}

TEST(Timestamp, EveryTimeReadsBack) {
  testing::for_each_seed(2000, [](Rng& rng) {
    const auto time =
        Timestamp::from_micros(rng.between(-62'135'596'800'000'000, 253'402'300'799'999'999));
    EXPECT_EQ(*Timestamp::parse(time.text()), time);
  });
}

TEST(Timestamp, KnowsTheWeekday) { EXPECT_EQ(civil(*Timestamp::parse("2026-11-22")).weekday, 0U); }

}  // namespace
}  // namespace winnow
