// Event time and the clocks that tell it: UTC, microseconds since 1970, no leap seconds.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow {

using Duration = std::chrono::microseconds;

class Timestamp {
 public:
  constexpr Timestamp() = default;  // 1970-01-01T00:00:00Z
  static constexpr Timestamp from_micros(std::int64_t micros) { return Timestamp(micros); }
  static constexpr Timestamp from_seconds(std::int64_t seconds) {
    return Timestamp(seconds * 1'000'000);
  }
  static constexpr Timestamp from_millis(std::int64_t millis) { return Timestamp(millis * 1000); }
  // A civil date and time, UTC. Month 1-12, day 1-31; out-of-range days roll over.
  static Timestamp from_civil(int year, unsigned month, unsigned day, int hour = 0, int minute = 0,
                              int second = 0);
  // RFC 3339, with `T` or a space, optional fraction (rounded down to microseconds), `Z` or an
  // offset; a bare date is midnight. Years 0001-9999. Errors: InvalidArgument.
  static Result<Timestamp> parse(std::string_view text);

  constexpr std::int64_t micros() const { return micros_; }
  constexpr std::int64_t millis() const { return floor_div(micros_, 1000); }
  constexpr std::int64_t seconds() const { return floor_div(micros_, 1'000'000); }
  std::string text()
      const;  // RFC 3339 in UTC: 2026-03-03T14:05:06Z, with a fraction where there is one
  std::string date() const;  // 2026-03-03

  constexpr auto operator<=>(const Timestamp&) const = default;
  friend constexpr Timestamp operator+(Timestamp t, Duration d) {
    return Timestamp(t.micros_ + d.count());
  }
  friend constexpr Timestamp operator-(Timestamp t, Duration d) {
    return Timestamp(t.micros_ - d.count());
  }
  friend constexpr Duration operator-(Timestamp a, Timestamp b) {
    return Duration(a.micros_ - b.micros_);
  }

 private:
  static constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
  }
  explicit constexpr Timestamp(std::int64_t micros) : micros_(micros) {}
  std::int64_t micros_ = 0;
};

struct CivilTime {
  int year;
  unsigned month, day;  // from 1
  unsigned weekday;     // 0 = Sunday
  unsigned hour, minute, second;
};
CivilTime civil(Timestamp t);  // UTC

// Where wall-clock time comes from; a parameter, never a global, so that tests own it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Timestamp now) : now_(now) {}
  Timestamp now() const override { return now_; }
  void set(Timestamp now) { now_ = now; }
  void advance(Duration by) { now_ = now_ + by; }

 private:
  Timestamp now_;
};

}  // namespace winnow
