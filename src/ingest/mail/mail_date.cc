#include "ingest/mail/mail_date.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "base/byte_set.h"
#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::size_t kLongestDate = 256;
constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2200;

constexpr ByteSet kWordEnd(" ,\t\r\n(");

// Up to this many words of a date matter; a date has seven.
using Words = std::array<std::string_view, 12>;

// Splits at blanks, commas and comments (RFC 5322 section 3.2.2; they nest).
std::size_t split(std::string_view text, Words& words) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size() && count < words.size();) {
    const char c = text[at];
    if (c == '(') {
      int depth = 0;
      for (; at < text.size(); ++at) {
        depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
        if (depth == 0) break;
      }
      ++at;
    } else if (c == ' ' || c == ',' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
    } else {
      const auto end = kWordEnd.find_in(text, at);
      words[count++] = text.substr(at, end - at);
      at = end;
    }
  }
  return count;
}

std::optional<int> read_number(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<unsigned> read_month(std::string_view text) {
  constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (text.size() < 3) return std::nullopt;
  const auto lower = ascii_lower(text.substr(0, 3));
  for (unsigned month = 0; month < 12; ++month) {
    if (kMonths.substr(month * 3, 3) == lower) return month + 1;
  }
  return std::nullopt;
}

bool is_weekday(std::string_view text) {
  constexpr std::string_view kDays = "montuewedthufrisatsun";
  const auto at =
      text.size() < 3 ? std::string_view::npos : kDays.find(ascii_lower(text.substr(0, 3)));
  return at != std::string_view::npos && at % 3 == 0;
}

struct TimeOfDay {
  int hour = 0, minute = 0, second = 0;
};

std::optional<TimeOfDay> read_time(std::string_view text) {
  TimeOfDay time;
  int* const fields[] = {&time.hour, &time.minute, &time.second};
  std::size_t field = 0;
  while (field < 3) {
    const auto end = std::min(text.find(':'), text.size());
    auto digits = text.substr(0, end);
    if (field == 2) digits = digits.substr(0, digits.find('.'));  // fractions are dropped
    const auto value = read_number(digits);
    if (!value) return std::nullopt;
    *fields[field++] = *value;
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
  }
  const bool valid = field >= 2 && time.hour < 24 && time.minute < 60 && time.second <= 60;
  return valid ? std::optional(time) : std::nullopt;
}

// Minutes east of UTC. RFC 5322 section 4.3: the named North American zones; all else is unknown.
int read_zone(std::string_view text) {
  if (text.size() >= 5 && (text[0] == '+' || text[0] == '-')) {
    const auto hours = read_number(text.substr(1, 2));
    const auto minutes = read_number(text.substr(text[3] == ':' ? 4 : 3, 2));
    if (!hours || !minutes || *minutes > 59 || *hours > 24) return 0;
    return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
  }
  constexpr auto kZones = std::to_array<std::pair<std::string_view, int>>({{"EST", -300},
                                                                           {"EDT", -240},
                                                                           {"CST", -360},
                                                                           {"CDT", -300},
                                                                           {"MST", -420},
                                                                           {"MDT", -360},
                                                                           {"PST", -480},
                                                                           {"PDT", -420}});
  for (const auto& [name, minutes] : kZones) {
    if (equal_ignoring_ascii_case(text, name)) return minutes;
  }
  return 0;
}

int full_year(int year, std::size_t digits) {
  if (digits >= 4) return year;
  return digits == 2 && year < 50 ? year + 2000 : year + 1900;  // RFC 5322 section 4.3
}

std::optional<Timestamp> in_range(Timestamp time) {
  const auto year = civil(time).year;
  return year >= kFirstYear && year <= kLastYear ? std::optional(time) : std::nullopt;
}

unsigned days_in(int year, unsigned month) {
  constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

std::optional<Timestamp> make(int year, unsigned month, int day, const TimeOfDay& time, int zone) {
  if (year < kFirstYear || year > kLastYear) return std::nullopt;
  if (day < 1 || static_cast<unsigned>(day) > days_in(year, month)) return std::nullopt;
  return in_range(Timestamp::from_civil(year, month, static_cast<unsigned>(day), time.hour,
                                        time.minute - zone, time.second));
}

}  // namespace

std::optional<Timestamp> read_mail_date(std::string_view text) {
  text = trim_ascii(text.substr(0, kLongestDate));
  if (text.size() >= 10 && text[4] == '-' && text[7] == '-') {
    const auto time = Timestamp::parse(text);
    if (time) return in_range(*time);
  }
  Words words;
  auto count = split(text, words);
  std::size_t at = 0;
  if (count > 0 && is_weekday(words[0])) ++at;
  if (count < at + 4) return std::nullopt;

  // "3 Mar 2026 14:05:06 +0100", or asctime's "Mar  3 14:05:06 2026".
  if (const auto month = read_month(words[at])) {
    const auto day = read_number(words[at + 1]);
    const auto time = read_time(words[at + 2]);
    auto year = read_number(words[at + 3]);
    auto year_at = at + 3;
    if (!year && count > at + 4) year = read_number(words[year_at = at + 4]);  // a zone between
    if (!day || !time || !year || words[year_at].size() != 4) return std::nullopt;
    const auto zone = year_at == at + 4 ? words[at + 3] : count > at + 4 ? words[at + 4] : "";
    return make(*year, *month, *day, *time, read_zone(zone));
  }
  const auto day = read_number(words[at]);
  const auto month = read_month(words[at + 1]);
  const auto year = read_number(words[at + 2]);
  const auto time = read_time(words[at + 3]);
  if (!day || !month || !year || !time || words[at + 2].size() < 2) return std::nullopt;
  auto hours = *time;
  auto zone_at = at + 4;
  if (zone_at < count) {  // "02:05 PM" of old Windows programs
    const bool pm = equal_ignoring_ascii_case(words[zone_at], "PM");
    const bool am = equal_ignoring_ascii_case(words[zone_at], "AM");
    if (pm && hours.hour < 12) hours.hour += 12;
    if (am && hours.hour == 12) hours.hour = 0;
    if (pm || am) ++zone_at;
  }
  return make(full_year(*year, words[at + 2].size()), *month, *day, hours,
              zone_at < count ? read_zone(words[zone_at]) : 0);
}

std::string mail_date(Timestamp time, int utc_offset_h) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto c = civil(time + std::chrono::hours(utc_offset_h));
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} {}{:02}00", kDays[c.weekday], c.day,
                     kMonths[c.month - 1], c.year, c.hour, c.minute, c.second,
                     utc_offset_h < 0 ? '-' : '+', std::abs(utc_offset_h));
}

}  // namespace winnow
