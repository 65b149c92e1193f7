// How far the clocks of a time zone are ahead of UTC, by one rule for every year.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/timestamp.h"

namespace winnow::mapping {

// Immutable; thread-safe; cheap to copy.
class ZoneRule {
 public:
  ZoneRule() = default;  // UTC
  // The same offset all year.
  explicit ZoneRule(std::chrono::seconds ahead) : standard_(ahead), summer_(ahead) {}
  // A rule as POSIX.1-2017 writes it (section 8.3, TZ), also with the hours of RFC 9636 (section
  // 3.3.1): "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3". Errors: InvalidArgument (what is wrong with
  // it; summer time without the days on which it begins and ends).
  static Result<ZoneRule> read(std::string_view text);

  std::chrono::seconds ahead_at(Timestamp moment) const;
  // When clocks show `wall`, which is written as if it were UTC. Of a time that they show twice the
  // one nearer to `around`, without that the first. A time that they skip is counted on from before
  // the gap.
  Timestamp moment_of(Timestamp wall, std::optional<Timestamp> around) const;

 private:
  // When the clocks change: on a day of each year, so long after its midnight.
  struct Change {
    enum class Day { OfYear, OfYearWithoutLeapDay, OfMonth };
    Day kind = Day::OfYear;
    unsigned day = 0;  // of the year, from 0
    unsigned month = 1, week = 1, weekday = 0;
    std::chrono::seconds time = std::chrono::hours(2);

    Timestamp wall(int year) const;  // by the clocks before it, as if these were UTC
  };
  friend class ZoneRuleReader;

  std::chrono::seconds standard_{0}, summer_{0};
  Change begin_, end_;  // of summer time, where it differs
};

}  // namespace winnow::mapping
