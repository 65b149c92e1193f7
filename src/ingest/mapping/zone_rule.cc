#include "ingest/mapping/detail/zone_rule.h"

#include <algorithm>

#include <fmt/format.h>

namespace winnow::mapping {
namespace {

using std::chrono::seconds;

constexpr unsigned kMostOffset = 24, kMostTime = 167;  // hours

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

}  // namespace

// Takes a rule apart from its front.
class ZoneRuleReader {
 public:
  explicit ZoneRuleReader(std::string_view text) : rest_(text) {}

  Result<ZoneRule> read() {
    ZoneRule rule;
    WINNOW_TRY(read_name());
    WINNOW_TRY(const auto west, read_time(kMostOffset));
    rule.standard_ = rule.summer_ = -west;  // POSIX counts westwards
    if (rest_.empty()) return rule;
    WINNOW_TRY(read_name());
    rule.summer_ = rule.standard_ + std::chrono::hours(1);
    if (!rest_.starts_with(',') && !rest_.empty()) {
      WINNOW_TRY(const auto summer_west, read_time(kMostOffset));
      rule.summer_ = -summer_west;
    }
    for (auto* change : {&rule.begin_, &rule.end_}) {
      if (!skip(',')) return refused("a ',' and the days on which summer time begins and ends");
      WINNOW_TRY(*change, read_change());
    }
    if (!rest_.empty()) return refused("nothing more");
    return rule;
  }

 private:
  Error refused(std::string_view wanted) const {
    const auto place = rest_.empty() ? "at its end" : fmt::format("at '{}'", rest_.substr(0, 40));
    return {Code::InvalidArgument, fmt::format("a zone's rule needs {} {}", wanted, place)};
  }

  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // "CET", "<+03>".
  Status read_name() {
    const bool is_quoted = rest_.starts_with('<');
    auto text = rest_.substr(is_quoted ? 1 : 0);
    const auto is_part = [&](char c) {
      return is_letter(c) || (is_quoted && (is_digit(c) || c == '+' || c == '-'));
    };
    const auto size =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_part) - text.begin());
    text.remove_prefix(size);
    if (size < 3 || (is_quoted && !text.starts_with('>')))
      return refused("a name of at least three letters, or one such as <+03>");
    rest_ = text.substr(is_quoted ? 1 : 0);
    return {};
  }

  Result<unsigned> read_number(unsigned from, unsigned to, std::string_view what) {
    unsigned number = 0;
    std::size_t size = 0;
    while (size < rest_.size() && size < 3 && is_digit(rest_[size]))
      number = 10 * number + static_cast<unsigned>(rest_[size++] - '0');
    if (size == 0 || number < from || number > to)
      return refused(fmt::format("{} of {} to {}", what, from, to));
    rest_.remove_prefix(size);
    return number;
  }

  // "3", "-1", "10:30", "2:00:00".
  Result<seconds> read_time(unsigned most) {
    const bool is_negative = skip('-');
    if (!is_negative) skip('+');
    WINNOW_TRY(const auto hour, read_number(0, most, "an hour"));
    unsigned minute = 0, second = 0;
    if (skip(':')) {
      WINNOW_TRY(minute, read_number(0, 59, "a minute"));
      if (skip(':')) {
        WINNOW_TRY(second, read_number(0, 59, "a second"));
      }
    }
    const seconds time(3600 * hour + 60 * minute + second);
    return is_negative ? -time : time;
  }

  // "M3.5.0/1": the last Sunday of March at one; "J60": the 1st of March; "59": the 60th day.
  Result<ZoneRule::Change> read_change() {
    using Day = ZoneRule::Change::Day;
    ZoneRule::Change change;
    if (skip('M')) {
      change.kind = Day::OfMonth;
      WINNOW_TRY(change.month, read_number(1, 12, "a month"));
      if (!skip('.')) return refused("a '.'");
      WINNOW_TRY(change.week, read_number(1, 5, "a week"));
      if (!skip('.')) return refused("a '.'");
      WINNOW_TRY(change.weekday, read_number(0, 6, "a weekday"));
    } else if (skip('J')) {
      change.kind = Day::OfYearWithoutLeapDay;
      WINNOW_TRY(const auto day, read_number(1, 365, "a day"));
      change.day = day - 1;
    } else {
      WINNOW_TRY(change.day, read_number(0, 365, "a day"));
    }
    if (skip('/')) {
      WINNOW_TRY(change.time, read_time(kMostTime));
    }
    return change;
  }

  std::string_view rest_;
};

Result<ZoneRule> ZoneRule::read(std::string_view text) { return ZoneRuleReader(text).read(); }

Timestamp ZoneRule::Change::wall(int of_year) const {
  namespace chrono = std::chrono;
  constexpr unsigned kLeapDay = 59;
  const chrono::year year(of_year);
  const auto new_year = chrono::sys_days(year / chrono::January / 1);
  auto date = new_year + chrono::days(day);
  if (kind == Day::OfYearWithoutLeapDay && year.is_leap() && day >= kLeapDay)
    date += chrono::days(1);
  if (kind == Day::OfMonth) {
    const auto in = year / chrono::month(month);
    const chrono::weekday on(weekday);
    date = week == 5 ? chrono::sys_days(in / on[chrono::last]) : chrono::sys_days(in / on[week]);
  }
  return Timestamp::from_seconds((seconds(date.time_since_epoch()) + time).count());
}

seconds ZoneRule::ahead_at(Timestamp moment) const {
  if (standard_ == summer_) return standard_;
  // The last change counts. It may be one of the next year, which begins before its midnight, or of
  // the last one.
  const int year = civil(moment + standard_).year;
  auto last = Timestamp::from_civil(year - 2, 1, 1);
  auto ahead = standard_;
  const auto look = [&](Timestamp change, seconds behind_it) {
    if (change > moment || change < last) return;
    last = change;
    ahead = behind_it;
  };
  for (int of = year - 1; of <= year + 1; ++of) {
    look(begin_.wall(of) - standard_, summer_);
    look(end_.wall(of) - summer_, standard_);
  }
  return ahead;
}

Timestamp ZoneRule::moment_of(Timestamp wall, std::optional<Timestamp> around) const {
  // Clocks have left a change behind when both of its offsets have them behind it: until then the
  // offset before it counts.
  const auto first = wall - ahead_at(wall - std::max(standard_, summer_));
  if (!around || standard_ == summer_) return first;
  const auto second = wall - ahead_at(wall - std::min(standard_, summer_));
  const bool is_second = first<second&& * around - first> second - *around;
  return is_second ? second : first;
}

}  // namespace winnow::mapping
