#include "ingest/mapping/detail/time_format.h"

#include "tests/support/support.h"

namespace winnow::mapping {
namespace {

const auto kArrived = Timestamp::from_civil(2026, 3, 3, 14, 5, 6);

std::string read(std::string_view format, std::string_view text, std::string_view zone = "UTC") {
  const auto compiled = TimeFormat::compile(format, ZoneRule(read_offset(zone).value()));
  if (!compiled) return std::string(compiled.error().message());
  const auto time = compiled->read(text, kArrived);
  return time ? time->text() : "none";
}

TEST(TimeFormat, ReadsWhatTheFormatSays) {
  struct Case {
    std::string_view format, text, want, zone = "UTC";
  };
  for (const auto& [format, text, want, zone] : {
           Case{"%d/%b/%Y:%H:%M:%S %z", "03/Mar/2026:14:05:06 +0100", "2026-03-03T13:05:06Z"},
           Case{"%Y-%m-%d %H:%M:%S.%f", "2026-03-03 14:05:06.1234567",
                "2026-03-03T14:05:06.123456Z"},
           Case{"%Y-%m-%d %H:%M:%S", "2026-03-03 14:05:06", "2026-03-03T19:35:06Z", "-05:30"},
           Case{"%Y-%m-%d %H:%M:%S", "2026-03-03   14:05:06", "2026-03-03T14:05:06Z"},
           Case{"%m/%d/%y %I:%M %p", "3/9/26 12:05 AM", "2026-03-09T00:05:00Z"},
           Case{"%m/%d/%y %I:%M %p", "03/09/26 1:05 pm", "2026-03-09T13:05:00Z"},
           Case{"%a %b %e %H:%M:%S %Y", "Tue Mar  3 14:05:06 2026", "2026-03-03T14:05:06Z"},
           Case{"%d %b %Y", "3 march 2026", "2026-03-03T00:00:00Z"},
           Case{"%s", "1772546706", "2026-03-03T14:05:06Z"},
           Case{"%Q", "1772546706250", "2026-03-03T14:05:06.250000Z"},
           Case{"%s.%f", "1772546706.5", "2026-03-03T14:05:06.500000Z"},
           Case{"100%% %d.%m.%Y", "100% 29.02.2024", "2024-02-29T00:00:00Z"},
           Case{"%d.%m.%Y %z", "01.01.2026 Z", "2026-01-01T00:00:00Z"},
       }) {
    EXPECT_EQ(read(format, text, zone), want) << format << " of " << text;
  }
}

TEST(TimeFormat, WhatIsNotOfTheFormatIsNoTime) {
  constexpr std::string_view kFormat = "%d/%b/%Y:%H:%M:%S %z";
  for (const std::string_view text :
       {"", "03/Mar/2026", "32/Mar/2026:14:05:06 +0100", "30/Feb/2026:14:05:06 +0100",
        "03/Foo/2026:14:05:06 +0100", "03/Mar/2026:24:05:06 +0100", "03/Mar/2026:14:05:06",
        "03/Mar/2026:14:05:06 +0100 x", "03/Mar/2026:14:05:06 +9900", "03/Ma/2026:14:05:06 +0100",
        " 03/Mar/2026:14:05:06 +0100"}) {
    EXPECT_EQ(read(kFormat, text), "none") << text;
  }
  EXPECT_EQ(read("%d.%m.%Y", "29.02.2026"), "none");
}

// As syslog does: no more than a day ahead of when it came.
TEST(TimeFormat, AYearThatIsNotToldIsThatOfTheArrival) {
  constexpr std::string_view kFormat = "%b %e %H:%M:%S";
  EXPECT_EQ(read(kFormat, "Mar  3 14:05:06"), "2026-03-03T14:05:06Z");
  EXPECT_EQ(read(kFormat, "Mar  4 14:05:06"), "2026-03-04T14:05:06Z");
  EXPECT_EQ(read(kFormat, "Mar  4 14:05:07"), "2025-03-04T14:05:07Z") << "more than a day ahead";
  EXPECT_EQ(read(kFormat, "Dec 31 23:59:59"), "2025-12-31T23:59:59Z");
  EXPECT_EQ(read(kFormat, "Mar  3 14:05:06", "+02:00"), "2026-03-03T12:05:06Z");
  const auto format = TimeFormat::compile(kFormat, {}).value();
  EXPECT_FALSE(format.read("Mar  3 14:05:06", {})) << "nobody knows when it came";
  const auto new_year = Timestamp::from_civil(2026, 1, 1, 0, 0, 5);
  EXPECT_EQ(format.read("Dec 31 23:59:59", new_year)->text(), "2025-12-31T23:59:59Z");
}

// The offset is that of the day that the text means, not that of the day on which it came.
TEST(TimeFormat, SummerTimeIsThatOfTheTimesOwnDay) {
  const auto berlin = ZoneRule::read("CET-1CEST,M3.5.0,M10.5.0/3").value();
  const auto with_offset = TimeFormat::compile("%d.%m.%Y %H:%M %z", berlin).value();
  EXPECT_EQ(with_offset.read("01.07.2026 12:00 -0500", kArrived)->text(), "2026-07-01T17:00:00Z");
  const auto format = TimeFormat::compile("%b %e %H:%M", berlin).value();
  EXPECT_EQ(format.read("Jul  1 12:00", kArrived)->text(), "2025-07-01T10:00:00Z");
  EXPECT_EQ(format.read("Jan  1 00:30", kArrived)->text(), "2025-12-31T23:30:00Z");
  // The new year has come there already, and is an hour away from UTC's.
  const auto new_year = Timestamp::from_civil(2025, 12, 31, 23, 30);
  EXPECT_EQ(format.read("Jan  1 00:30", new_year), new_year);
}

TEST(TimeFormat, WhatIsNoFormatIsRefused) {
  EXPECT_EQ(read("%d.%q", ""),
            "there is no '%q': a time's format has %Y %y %m %d %e %b %a %H %I "
            "%M %S %f %p %z %s %Q");
  EXPECT_EQ(read("%d %d %m", ""), "'%d' stands twice in the format");
  EXPECT_EQ(read("%H:%M", ""),
            "a time's format tells a day and a month (%d or %e, %m or %b), or %s or %Q");
  EXPECT_EQ(read("%d %m %I", ""), "'%I' and '%p' belong together");
  EXPECT_EQ(read("%d %m %", ""), "a '%' without a letter behind it");
  EXPECT_FALSE(read_offset("Europe/Berlin"));
  EXPECT_FALSE(read_offset("+01:00 "));
  EXPECT_EQ(read_offset("-0330"), std::chrono::minutes(-210));
}

}  // namespace
}  // namespace winnow::mapping
