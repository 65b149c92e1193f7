#include "base/timestamp.h"

#include <fmt/format.h>

namespace winnow {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// Reads exactly `digits` decimal digits at `at`, moving past them.
bool read_number(std::string_view text, std::size_t& at, int digits, int& out) {
  if (at + digits > text.size()) return false;
  out = 0;
  for (int i = 0; i < digits; ++i, ++at) {
    if (text[at] < '0' || text[at] > '9') return false;
    out = out * 10 + (text[at] - '0');
  }
  return true;
}

bool read_char(std::string_view text, std::size_t& at, std::string_view any_of) {
  if (at >= text.size() || any_of.find(text[at]) == std::string_view::npos) return false;
  ++at;
  return true;
}

struct Parsed {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0,
      offset_minutes = 0;
};

bool read_fraction(std::string_view text, std::size_t& at, int& micros) {
  if (!read_char(text, at, ".,")) return true;
  int scale = 100'000;
  const auto start = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
    micros += (text[at] - '0') * scale;
  }
  return at > start;
}

bool read_offset(std::string_view text, std::size_t& at, int& offset_minutes) {
  if (read_char(text, at, "Zz")) return true;
  if (at >= text.size()) return false;
  const int sign = text[at] == '-' ? -1 : 1;
  int hours = 0, minutes = 0;
  if (!read_char(text, at, "+-") || !read_number(text, at, 2, hours)) return false;
  read_char(text, at, ":");
  if (!read_number(text, at, 2, minutes) || hours > 23 || minutes > 59) return false;
  offset_minutes = sign * (hours * 60 + minutes);
  return true;
}

bool read_rfc3339(std::string_view text, Parsed& p) {
  std::size_t at = 0;
  if (!read_number(text, at, 4, p.year) || !read_char(text, at, "-") ||
      !read_number(text, at, 2, p.month) || !read_char(text, at, "-") ||
      !read_number(text, at, 2, p.day)) {
    return false;
  }
  if (at == text.size()) return true;
  if (!read_char(text, at, "Tt ") || !read_number(text, at, 2, p.hour) ||
      !read_char(text, at, ":") || !read_number(text, at, 2, p.minute) ||
      !read_char(text, at, ":") || !read_number(text, at, 2, p.second)) {
    return false;
  }
  if (!read_fraction(text, at, p.micros) || !read_offset(text, at, p.offset_minutes)) return false;
  return at == text.size();
}

}  // namespace

Timestamp Timestamp::from_civil(int y, unsigned m, unsigned d, int hour, int minute, int second) {
  const auto first = sys_days(year_month_day(year(y), month(m), day(1)));
  const std::int64_t days_since =
      (first + days(static_cast<int>(d) - 1)).time_since_epoch().count();
  return from_seconds(days_since * 86'400 + hour * 3600 + minute * 60 + second);
}

Result<Timestamp> Timestamp::parse(std::string_view text) {
  Parsed p;
  const bool read = read_rfc3339(text, p);
  const year_month_day date(year(p.year), month(static_cast<unsigned>(p.month)),
                            day(static_cast<unsigned>(p.day)));
  // A leap second (:60) is accepted and counts as the first second of the next minute.
  if (!read || p.year < 1 || !date.ok() || p.hour > 23 || p.minute > 59 || p.second > 60) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is not an RFC 3339 time", text.substr(0, 64)))
        .with_hint("write 2026-03-03T14:05:06Z");
  }
  const auto base = from_civil(p.year, static_cast<unsigned>(p.month), static_cast<unsigned>(p.day),
                               p.hour, p.minute, p.second);
  return base + Duration(p.micros) - std::chrono::minutes(p.offset_minutes);
}

std::string Timestamp::text() const {
  const auto c = civil(*this);
  const auto fraction = micros_ - seconds() * 1'000'000;
  const auto whole = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day,
                                 c.hour, c.minute, c.second);
  return fraction == 0 ? whole + "Z" : fmt::format("{}.{:06}Z", whole, fraction);
}

std::string Timestamp::date() const { return text().substr(0, 10); }

CivilTime civil(Timestamp t) {
  const auto seconds = t.seconds();
  const std::int64_t day_number = seconds >= 0 ? seconds / 86'400 : -((-seconds + 86'399) / 86'400);
  const auto in_day = static_cast<unsigned>(seconds - day_number * 86'400);
  const sys_days date{days(static_cast<int>(day_number))};
  const year_month_day ymd(date);
  return {static_cast<int>(ymd.year()),
          static_cast<unsigned>(ymd.month()),
          static_cast<unsigned>(ymd.day()),
          std::chrono::weekday(date).c_encoding(),
          in_day / 3600,
          in_day / 60 % 60,
          in_day % 60};
}

Timestamp SystemClock::now() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Timestamp::from_micros(std::chrono::duration_cast<Duration>(since).count());
}

}  // namespace winnow
