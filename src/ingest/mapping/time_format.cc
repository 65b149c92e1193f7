#include "ingest/mapping/detail/time_format.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ingest/records/syslog.h"

namespace winnow::mapping {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kDirectives = "YymdebaHIMSfpzsQ";
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr int kLeapYear = 2000;  // stands for a year that is not told

// What the directives of a text have said.
struct Parts {
  int year = kLeapYear, hour = 0;
  unsigned month = 1, day = 1;
  int minute = 0, second = 0;
  std::int64_t micros = 0;
  std::optional<bool> is_afternoon;           // of a clock of twelve hours
  std::optional<std::chrono::minutes> ahead;  // of UTC
  std::optional<Timestamp> epoch;             // counted since 1970: all of it
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Between `least` and `most` digits.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t least,
                                        std::size_t most) {
  std::int64_t number = 0;
  std::size_t size = 0;
  while (size < most && size < text.size() && is_digit(text[size]))
    number = 10 * number + (text[size++] - '0');
  if (size < least) return std::nullopt;
  text.remove_prefix(size);
  return number;
}

template <typename Number>
bool take(std::string_view& text, std::size_t least, std::size_t most, std::int64_t from,
          std::int64_t to, Number& out) {
  const auto number = take_number(text, least, most);
  if (!number || *number < from || *number > to) return false;
  out = static_cast<Number>(*number);
  return true;
}

// One of the names, of which the first three letters tell them apart; longer ones end where their
// letters do.
template <std::size_t N>
std::optional<std::size_t> take_name(std::string_view& text,
                                     const std::array<std::string_view, N>& names) {
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto size =
      static_cast<std::size_t>(std::ranges::find_if_not(text, is_letter) - text.begin());
  if (size < 3) return std::nullopt;
  for (std::size_t i = 0; i < N; ++i) {
    const auto is_same = [](char a, char b) { return (a | 0x20) == b; };
    if (!std::ranges::equal(text.substr(0, 3), names[i], is_same)) continue;
    text.remove_prefix(size);
    return i;
  }
  return std::nullopt;
}

// "Z", "UTC", "GMT", "+01:00", "-0530", "+01".
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  for (const std::string_view utc : {"UTC", "GMT", "Z"}) {
    if (!text.starts_with(utc)) continue;
    text.remove_prefix(utc.size());
    return std::chrono::minutes(0);
  }
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take(text, 2, 2, 0, 14, hours)) return std::nullopt;
  const bool has_colon = text.starts_with(':');
  if (has_colon) text.remove_prefix(1);
  const bool has_minutes = !text.empty() && is_digit(text.front());
  if ((has_minutes || has_colon) && !take(text, 2, 2, 0, 59, minutes)) return std::nullopt;
  return std::chrono::minutes(sign * (60 * hours + minutes));
}

// A fraction of a second: digits behind the sixth are passed over.
bool take_fraction(std::string_view& text, Parts& parts) {
  std::int64_t scale = 100'000;
  if (text.empty() || !is_digit(text.front())) return false;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), scale /= 10)
    parts.micros += scale * (text.front() - '0');
  return true;
}

bool take_directive(char directive, std::string_view& text, Parts& parts) {
  switch (directive) {
    case 'Y':
      return take(text, 4, 4, 1, 9999, parts.year);
    case 'y':
      if (!take(text, 2, 2, 0, 99, parts.year)) return false;
      parts.year += parts.year < 70 ? 2000 : 1900;
      return true;
    case 'm':
      return take(text, 1, 2, 1, 12, parts.month);
    case 'e':
      text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
      [[fallthrough]];
    case 'd':
      return take(text, 1, 2, 1, 31, parts.day);
    case 'b': {
      const auto month = take_name(text, kMonths);
      parts.month = static_cast<unsigned>(month.value_or(0)) + 1;
      return month.has_value();
    }
    case 'a':
      return take_name(text, kDays).has_value();
    case 'H':
      return take(text, 1, 2, 0, 23, parts.hour);
    case 'I':
      return take(text, 1, 2, 1, 12, parts.hour);
    case 'M':
      return take(text, 2, 2, 0, 59, parts.minute);
    case 'S':
      return take(text, 2, 2, 0, 60, parts.second);
    case 'f':
      return take_fraction(text, parts);
    case 'p': {
      const bool is_one = text.size() >= 2 && (text[1] | 0x20) == 'm' &&
                          ((text[0] | 0x20) == 'a' || (text[0] | 0x20) == 'p');
      if (!is_one) return false;
      parts.is_afternoon = (text[0] | 0x20) == 'p';
      text.remove_prefix(2);
      return true;
    }
    case 'z':
      parts.ahead = take_offset(text);
      return parts.ahead.has_value();
    case 's':
      if (const auto seconds = take_number(text, 1, 11))
        parts.epoch = Timestamp::from_seconds(*seconds);
      return parts.epoch.has_value();
    case 'Q':
      if (const auto millis = take_number(text, 1, 14))
        parts.epoch = Timestamp::from_millis(*millis);
      return parts.epoch.has_value();
    default:
      return false;
  }
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlanks) == std::string_view::npos;
}

bool take_literal(std::string_view& text, std::string_view literal) {
  if (is_blank(literal)) {
    const auto blanks = std::min(text.find_first_not_of(kBlanks), text.size());
    text.remove_prefix(blanks);
    return blanks > 0;
  }
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  return true;
}

Error refused(std::string message) { return {Code::InvalidArgument, std::move(message)}; }

}  // namespace

std::optional<std::chrono::minutes> read_offset(std::string_view text) {
  const auto ahead = take_offset(text);
  return text.empty() ? ahead : std::nullopt;
}

Result<TimeFormat> TimeFormat::compile(std::string_view format, const ZoneRule& zone) {
  TimeFormat made;
  made.zone_ = zone;
  std::string seen;
  const auto add_literal = [&](std::string_view text) {
    // Blanks are pieces of their own: they stand for any number of them.
    const bool joins = !made.pieces_.empty() && made.pieces_.back().directive == 0 &&
                       is_blank(made.pieces_.back().literal) == is_blank(text);
    if (!joins) made.pieces_.emplace_back();
    made.pieces_.back().literal += text;
  };
  while (!format.empty()) {
    const bool is_directive = format.starts_with('%');
    if (is_directive && format.size() < 2) return refused("a '%' without a letter behind it");
    const char letter = is_directive ? format[1] : format[0];
    if (!is_directive || letter == '%') {
      add_literal(std::string_view(&letter, 1));
    } else if (kDirectives.find(letter) == std::string_view::npos) {
      return refused(fmt::format("there is no '%{}': a time's format has %{}", letter,
                                 fmt::join(kDirectives, " %")));
    } else if (seen.find(letter) != std::string::npos) {
      return refused(fmt::format("'%{}' stands twice in the format", letter));
    } else {
      seen += letter;
      made.pieces_.push_back({letter, {}});
    }
    format.remove_prefix(is_directive ? 2 : 1);
  }
  const auto has = [&](std::string_view any) {
    return seen.find_first_of(any) != std::string::npos;
  };
  if (!has("sQ") && !(has("de") && has("mb")))
    return refused("a time's format tells a day and a month (%d or %e, %m or %b), or %s or %Q");
  if (has("I") != has("p")) return refused("'%I' and '%p' belong together");
  made.has_year_ = has("YysQ");
  return made;
}

std::optional<Timestamp> TimeFormat::read(std::string_view text,
                                          std::optional<Timestamp> arrived) const {
  Parts parts;
  for (const auto& [directive, literal] : pieces_) {
    if (directive != 0 ? !take_directive(directive, text, parts) : !take_literal(text, literal))
      return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  const Duration fraction(parts.micros);
  if (parts.epoch) return *parts.epoch + fraction;
  if (parts.is_afternoon) parts.hour = parts.hour % 12 + (*parts.is_afternoon ? 12 : 0);
  auto wall = Timestamp::from_civil(parts.year, parts.month, parts.day, parts.hour, parts.minute,
                                    parts.second) +
              fraction;
  const auto day = Timestamp::from_civil(parts.year, parts.month, parts.day);
  if (civil(day).day != parts.day) return std::nullopt;  // the 30th of February
  const auto zone = parts.ahead ? ZoneRule(*parts.ahead) : zone_;
  if (!has_year_) {
    if (!arrived) return std::nullopt;
    wall = SyslogTime{.wall = wall, .has_year = false}.at(*arrived + zone.ahead_at(*arrived));
  }
  return zone.moment_of(wall, arrived);
}

}  // namespace winnow::mapping
