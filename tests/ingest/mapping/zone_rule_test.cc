#include "ingest/mapping/detail/zone_rule.h"

#include <cstdlib>
#include <ctime>
#include <set>

#include "ingest/mapping/detail/zones.h"
#include "tests/support/support.h"

namespace winnow::mapping {
namespace {

using std::chrono::seconds;

Timestamp time(std::string_view text) { return Timestamp::parse(text).value(); }

std::string moment_of(std::string_view rule, std::string_view wall,
                      std::optional<Timestamp> around = {}) {
  return ZoneRule::read(rule).value().moment_of(time(wall), around).text();
}

constexpr std::string_view kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";
constexpr std::string_view kDublin = "IST-1GMT0,M10.5.0,M3.5.0/1";
constexpr std::string_view kSydney = "AEST-10AEDT,M10.1.0,M4.1.0/3";
constexpr std::string_view kLordHowe = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
constexpr std::string_view kNuuk = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0";

TEST(ZoneRule, TellsWhenClocksShowATime) {
  struct Case {
    std::string_view rule, wall, want;
  };
  for (const auto& [rule, wall, want] : {
           Case{kBerlin, "2026-01-15T12:00:00Z", "2026-01-15T11:00:00Z"},
           Case{kBerlin, "2026-07-15T12:00:00.25Z", "2026-07-15T10:00:00.250000Z"},
           Case{kBerlin, "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"},
           Case{kBerlin, "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"},
           Case{kBerlin, "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
           // Its standard time is that of summer.
           Case{kDublin, "2026-01-15T12:00:00Z", "2026-01-15T12:00:00Z"},
           Case{kDublin, "2026-07-15T12:00:00Z", "2026-07-15T11:00:00Z"},
           // Summer reaches over the turn of the year.
           Case{kSydney, "2026-01-01T00:30:00Z", "2025-12-31T13:30:00Z"},
           Case{kSydney, "2026-07-01T00:30:00Z", "2026-06-30T14:30:00Z"},
           Case{kLordHowe, "2026-01-15T12:00:00Z", "2026-01-15T01:00:00Z"},
           Case{kLordHowe, "2026-07-15T12:00:00Z", "2026-07-15T01:30:00Z"},
           // Clocks change on Saturday, an hour before Sunday begins.
           Case{kNuuk, "2026-03-28T22:59:59Z", "2026-03-29T00:59:59Z"},
           Case{kNuuk, "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"},
           Case{"<-03>3", "2026-01-15T12:00:00Z", "2026-01-15T15:00:00Z"},
           // The 60th day is the 1st of March in years without a 29th of February, J60 in all.
           Case{"XST0XDT,59/0,J300", "2024-02-29T12:00:00Z", "2024-02-29T11:00:00Z"},
           Case{"XST0XDT,59/0,J300", "2026-03-01T12:00:00Z", "2026-03-01T11:00:00Z"},
           Case{"XST0XDT,J60/0,J300", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"},
           Case{"XST0XDT,J60/0,J300", "2024-03-01T12:00:00Z", "2024-03-01T11:00:00Z"},
           // Summer all year, as RFC 9636 has it.
           Case{"EST5EDT,0/0,J365/25", "2026-12-31T23:59:59Z", "2027-01-01T03:59:59Z"},
           Case{"EST5EDT,0/0,J365/25", "2027-01-01T00:00:00Z", "2027-01-01T04:00:00Z"},
           // The days of a change may lie in the year before.
           Case{"XST0XDT,J1/-167,J100", "2026-12-26T12:00:00Z", "2026-12-26T11:00:00Z"},
       }) {
    EXPECT_EQ(moment_of(rule, wall), want) << rule << " at " << wall;
  }
}

TEST(ZoneRule, ATimeThatClocksSkipIsCountedOnFromBeforeTheGap) {
  EXPECT_EQ(moment_of(kBerlin, "2026-03-29T02:00:00Z"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(moment_of(kBerlin, "2026-03-29T02:59:59Z"), "2026-03-29T01:59:59Z");
  EXPECT_EQ(moment_of(kBerlin, "2026-03-29T02:30:00Z", time("2026-03-29T00:30:00Z")),
            "2026-03-29T01:30:00Z");
  EXPECT_EQ(moment_of(kDublin, "2026-03-29T01:30:00Z"), "2026-03-29T01:30:00Z");
  EXPECT_EQ(moment_of(kLordHowe, "2026-10-04T02:15:00Z"), "2026-10-03T15:45:00Z");
}

TEST(ZoneRule, ATimeThatClocksShowTwiceIsTheNearerOrTheFirst) {
  constexpr auto kTwice = "2026-10-25T02:30:00Z";
  EXPECT_EQ(moment_of(kBerlin, kTwice), "2026-10-25T00:30:00Z");
  EXPECT_EQ(moment_of(kBerlin, kTwice, time("2026-10-25T00:30:02Z")), "2026-10-25T00:30:00Z");
  EXPECT_EQ(moment_of(kBerlin, kTwice, time("2026-10-25T01:29:58Z")), "2026-10-25T01:30:00Z");
  EXPECT_EQ(moment_of(kBerlin, "2026-10-25T01:59:59Z", time("2026-10-25T09:00:00Z")),
            "2026-10-24T23:59:59Z")
      << "shown once";
  EXPECT_EQ(moment_of(kDublin, "2026-10-25T01:30:00Z"), "2026-10-25T00:30:00Z");
  EXPECT_EQ(moment_of(kDublin, "2026-10-25T01:30:00Z", time("2026-10-25T01:31:00Z")),
            "2026-10-25T01:30:00Z");
}

TEST(ZoneRule, WhatIsNoRuleIsRefused) {
  struct Case {
    std::string_view rule, want;
  };
  for (const auto& [rule, want] : {
           Case{"", "a name of at least three letters, or one such as <+03> at its end"},
           Case{"CE-1", "a name of at least three letters, or one such as <+03> at 'CE-1'"},
           Case{"<+03-3", "a name of at least three letters, or one such as <+03> at '<+03-3'"},
           Case{"CET", "an hour of 0 to 24 at its end"},
           Case{"CET-25", "an hour of 0 to 24 at '25'"},
           Case{"CET-1:60", "a minute of 0 to 59 at '60'"},
           Case{"CET-1CEST", "a ',' and the days on which summer time begins and ends at its end"},
           Case{"CET-1CEST,M3.5.0",
                "a ',' and the days on which summer time begins and ends at its end"},
           Case{"CET-1CEST,M13.5.0,M10.5.0", "a month of 1 to 12 at '13.5.0,M10.5.0'"},
           Case{"CET-1CEST,M3.6.0,M10.5.0", "a week of 1 to 5 at '6.0,M10.5.0'"},
           Case{"CET-1CEST,M3.5.7,M10.5.0", "a weekday of 0 to 6 at '7,M10.5.0'"},
           Case{"CET-1CEST,M3.5,M10.5.0", "a '.' at ',M10.5.0'"},
           Case{"CET-1CEST,J0,J300", "a day of 1 to 365 at '0,J300'"},
           Case{"CET-1CEST,366,1", "a day of 0 to 365 at '366,1'"},
           Case{"CET-1CEST,M3.5.0/168,M10.5.0", "an hour of 0 to 167 at '168,M10.5.0'"},
           Case{"CET-1CEST,M3.5.0,M10.5.0/3 ", "nothing more at ' '"},
       }) {
    const auto read = ZoneRule::read(rule);
    EXPECT_EQ(testing::code_of(read), Code::InvalidArgument) << rule;
    if (!read) {
      EXPECT_EQ(read.error().message(), "a zone's rule needs " + std::string(want));
    }
  }
}

// The C library's reading of the same rule.
class Peer {
 public:
  explicit Peer(const std::string& rule) {
    ::setenv("TZ", rule.c_str(), 1);
    ::tzset();
  }
  ~Peer() {
    ::unsetenv("TZ");
    ::tzset();
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  seconds ahead_at(Timestamp moment) const {
    const std::time_t time = moment.seconds();
    std::tm shown{};
    ::localtime_r(&time, &shown);
    return seconds(shown.tm_gmtoff);
  }
  // The first second with another offset than `from` has, where `to` has another.
  Timestamp change_between(Timestamp from, Timestamp to) const {
    while (to - from > seconds(1)) {
      const auto middle = Timestamp::from_seconds((from.seconds() + to.seconds()) / 2);
      (ahead_at(middle) == ahead_at(from) ? from : to) = middle;
    }
    return to;
  }
};

std::set<std::string> rules_of_all_zones() {
  std::set<std::string> rules;
  for (const auto& [name, rule] : iana_zones()) rules.emplace(rule);
  return rules;
}

void expect_there_and_back(const ZoneRule& zone, Timestamp moment) {
  const auto wall = moment + zone.ahead_at(moment);
  EXPECT_EQ(zone.moment_of(wall, moment), moment) << moment.text();
  const auto first = zone.moment_of(wall, {});
  EXPECT_LE(first, moment);
  EXPECT_EQ(first + zone.ahead_at(first), wall) << moment.text();
}

TEST(ZoneRule, IsReadAsTheCLibraryReadsIt) {
  std::size_t changes = 0;
  for (const auto& rule : rules_of_all_zones()) {
    SCOPED_TRACE(rule);
    const auto zone = ZoneRule::read(rule);
    ASSERT_TRUE(zone) << zone.error();
    const Peer peer(rule);
    const auto expect_same = [&](Timestamp moment) {
      EXPECT_EQ(zone->ahead_at(moment), peer.ahead_at(moment)) << moment.text();
      expect_there_and_back(*zone, moment);
    };
    for (unsigned month = 0; month < 12 * 131; ++month) {
      const auto from =
          Timestamp::from_civil(1970 + static_cast<int>(month / 12), 1 + month % 12, 1);
      const auto to =
          Timestamp::from_civil(1970 + static_cast<int>((month + 1) / 12), 1 + (month + 1) % 12, 1);
      expect_same(from);
      if (peer.ahead_at(from) == peer.ahead_at(to)) continue;
      const auto change = peer.change_between(from, to);
      for (const int off : {-3601, -3600, -1, 0, 1, 3599, 3600}) expect_same(change + seconds(off));
      ++changes;
    }
  }
  EXPECT_GT(changes, 131U * 2 * 20) << "rules with summer time";
  testing::for_each_seed(20, [](Rng& rng) {
    for (const auto& rule : rules_of_all_zones()) {
      SCOPED_TRACE(rule);
      const auto zone = ZoneRule::read(rule).value();
      const Peer peer(rule);
      for (int i = 0; i < 50; ++i) {
        const auto moment = Timestamp::from_seconds(rng.between(0, 4'133'980'799));  // to 2100
        EXPECT_EQ(zone.ahead_at(moment), peer.ahead_at(moment)) << moment.text();
        expect_there_and_back(zone, moment);
      }
    }
  });
}

}  // namespace
}  // namespace winnow::mapping
