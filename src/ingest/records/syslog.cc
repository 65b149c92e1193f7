#include "ingest/records/syslog.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.h"

namespace winnow {
namespace {

constexpr int kLeapYear = 2000;  // stands for a year that is not said
constexpr Duration kZoneStep = std::chrono::minutes(15);
constexpr Duration kMostZone = std::chrono::hours(14);
constexpr Duration kAhead = std::chrono::hours(24);
constexpr std::uint8_t kMostPriority = 191;  // RFC 5424, section 6.2.1
constexpr std::size_t kMostHost = 255, kMostTag = 128, kMostTime = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_graphic(char c) { return c > ' ' && c != '\x7F'; }

// Takes parts off the front of a line; what does not match is left as it is.
class Header {
 public:
  explicit Header(std::string_view rest) : rest_(rest) {}

  std::string_view rest() const { return rest_; }
  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void skip_blanks() {
    while (skip(' ') || skip('\t')) {
    }
  }
  // `least` to `most` digits, nine at most, that no further digit follows.
  std::optional<int> number(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    int value = 0;
    for (; size < rest_.size() && size < most && is_digit(rest_[size]); ++size)
      value = value * 10 + (rest_[size] - '0');
    const bool goes_on = size < rest_.size() && is_digit(rest_[size]);
    if (size < least || goes_on) return std::nullopt;
    rest_.remove_prefix(size);
    return value;
  }
  // Up to the next blank or the end; empty where that is further than `most`.
  std::string_view word(std::size_t most) const {
    const auto near = rest_.substr(0, most + 1);
    const auto end = std::min(near.find_first_of(" \t"), near.size());
    return end > most ? std::string_view() : near.substr(0, end);
  }
  void take(std::size_t size) { rest_.remove_prefix(size); }

 private:
  std::string_view rest_;
};

std::optional<std::uint8_t> read_priority(Header& header) {
  Header at = header;
  if (!at.skip('<')) return std::nullopt;
  const auto value = at.number(1, 3);
  if (!value || *value > kMostPriority || !at.skip('>')) return std::nullopt;
  header = at;
  return static_cast<std::uint8_t>(*value);
}

// RFC 3339, or without a zone.
std::optional<SyslogTime> read_iso_time(std::string_view text) {
  if (text.size() < std::string_view("2026-03-03T14:05:06").size() || text.size() > kMostTime ||
      !is_digit(text.front()))
    return std::nullopt;
  if (const auto time = Timestamp::parse(text)) return SyslogTime{*time};
  const auto time = Timestamp::parse(std::string(text) + "Z");
  return time ? std::optional(SyslogTime{.wall = *time, .has_zone = false}) : std::nullopt;
}

struct Civil {
  int month, day, hour, minute, second;
};

bool is_real(const Civil& civil) {
  return civil.day >= 1 && civil.day <= 31 && civil.hour < 24 && civil.minute < 60 &&
         civil.second <= 60;
}

std::optional<int> read_month(Header& header) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* const found = std::ranges::find(kMonths, header.rest().substr(0, 3));
  if (found == kMonths.end()) return std::nullopt;
  header.take(3);
  return static_cast<int>(found - kMonths.begin()) + 1;
}

// A fraction of any length, of which microseconds count.
Duration read_fraction(Header& header) {
  Header at = header;
  if (!at.skip('.') || at.rest().empty() || !is_digit(at.rest().front())) return Duration(0);
  std::int64_t micros = 0;
  for (std::int64_t unit = 100'000; !at.rest().empty() && is_digit(at.rest().front()); unit /= 10) {
    micros += unit * (at.rest().front() - '0');
    at.take(1);
  }
  header = at;
  return Duration(micros);
}

std::optional<int> read_year(Header& header) {
  Header at = header;
  at.skip_blanks();
  const auto year = at.number(4, 4);
  const bool ends = at.rest().empty() || !is_graphic(at.rest().front()) || at.rest()[0] == ':';
  if (!year || *year < 1970 || !ends) return std::nullopt;
  header = at;
  return year;
}

// Cisco's " UTC", " CET": only the names of UTC are one zone the world over.
bool read_zone_name(Header& header) {
  Header at = header;
  if (!at.skip(' ')) return false;
  const auto word = at.word(6);
  const auto name = word.ends_with(':') ? word.substr(0, word.size() - 1) : std::string_view();
  const bool is_name =
      name.size() >= 2 && std::ranges::all_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_name) return false;
  at.take(name.size());
  header = at;
  return name == "UTC" || name == "GMT";
}

// "Mar  3 14:05:06", with a year before or behind the time, a fraction, a zone's name; Cisco's '*'
// or '.' says that the device does not trust its clock.
std::optional<SyslogTime> read_legacy_time(Header& header) {
  Header at = header;
  if (!at.skip('*')) at.skip('.');
  const auto month = read_month(at);
  if (!month || !at.skip(' ')) return std::nullopt;
  at.skip_blanks();
  const auto day = at.number(1, 2);
  if (!day) return std::nullopt;
  auto year = read_year(at);
  at.skip_blanks();
  const auto hour = at.number(1, 2);
  if (!hour || !at.skip(':')) return std::nullopt;
  const auto minute = at.number(2, 2);
  if (!minute || !at.skip(':')) return std::nullopt;
  const auto second = at.number(2, 2);
  if (!second || !is_real({*month, *day, *hour, *minute, *second})) return std::nullopt;
  const auto fraction = read_fraction(at);
  if (!year) year = read_year(at);
  const bool has_zone = read_zone_name(at);
  const auto wall = Timestamp::from_civil(year.value_or(kLeapYear), static_cast<unsigned>(*month),
                                          static_cast<unsigned>(*day), *hour, *minute, *second);
  header = at;
  return SyslogTime{wall + fraction, year.has_value(), has_zone};
}

std::optional<SyslogTime> read_time(Header& header) {
  const auto word = header.word(kMostTime);
  // Cisco and others close a time with a colon.
  const auto bare = word.ends_with(':') ? word.substr(0, word.size() - 1) : word;
  if (const auto time = read_iso_time(bare)) {
    header.take(bare.size());
    return time;
  }
  return read_legacy_time(header);
}

// "123: ", "123: host: " and ": " of Cisco's devices, where a time follows; the host.
std::string_view skip_sequence(Header& header) {
  Header at = header;
  if (at.number(1, 9)) {
    if (!at.skip(": ")) return {};
  } else if (!at.skip(':')) {
    return {};
  }
  at.skip_blanks();
  Header behind = at;
  if (read_time(behind) || at.rest().starts_with('%')) {
    header = at;
    return {};
  }
  const auto word = at.word(kMostHost);
  if (word.size() < 2 || !word.ends_with(':')) return {};
  at.take(word.size());
  at.skip_blanks();
  behind = at;
  if (!read_time(behind)) return {};
  header = at;
  return word.substr(0, word.size() - 1);
}

// The events of appliances begin with what looks like a tag, and is part of the message.
bool is_event_format(std::string_view text) {
  return text.starts_with("CEF:") || text.starts_with("LEEF:");
}

// "app:", "app[12]:", "app[12]": its name and process.
bool read_tag(Header& header, SyslogMessage& out) {
  if (is_event_format(header.rest())) return false;
  const auto near = header.rest().substr(0, kMostTag);
  const auto end = near.find_first_of(": \t[{\"<");
  if (end == std::string_view::npos || end == 0) return false;
  if (near[end] == ':') {
    out.app = near.substr(0, end);
    header.take(end + 1);
    return true;
  }
  const auto close = near.find(']', end);
  if (near[end] != '[' || close == std::string_view::npos) return false;
  out.app = near.substr(0, end);
  out.process = near.substr(end + 1, close - end - 1);
  header.take(close + 1);
  header.skip(':');
  return true;
}

bool is_host(std::string_view word) {
  return !word.empty() && word.back() != ':' && !is_event_format(word) &&
         word.find_first_of("[]{}\"<>=%") == word.npos && std::ranges::all_of(word, is_graphic);
}

// What follows a legacy header's time: a host, a tag, both or none.
void read_origin(Header& header, SyslogMessage& out) {
  header.skip_blanks();
  const auto word = header.word(kMostHost);
  if (out.host.empty() && is_host(word)) {
    Header behind = header;
    behind.take(word.size());
    behind.skip_blanks();
    out.host = word;
    header = behind;
    if (header.skip(": ")) header.skip_blanks();  // Cisco ASA: "host : %ASA-..."
  }
  if (header.rest().starts_with('%')) {
    const auto mnemonic = header.word(kMostTag);
    if (mnemonic.ends_with(':')) out.app = mnemonic.substr(1, mnemonic.size() - 2);
    return;
  }
  read_tag(header, out);
}

void read_legacy(std::string_view rest, SyslogMessage& out) {
  Header header(rest);
  header.skip_blanks();
  out.host = skip_sequence(header);
  out.time = read_time(header);
  if (out.time) {
    const bool closed = header.skip(':');
    // A colon behind the time is Cisco's, which then names no host here.
    if (closed) header.skip_blanks();
    if (closed && !header.rest().starts_with('%')) {
      read_tag(header, out);
    } else {
      read_origin(header, out);
    }
  } else if (out.priority) {
    header.rest().starts_with('%') ? read_origin(header, out) : void(read_tag(header, out));
  } else {
    header = Header(rest);  // nothing says that this is syslog
    out.host = {};
  }
  out.message = trim_ascii(header.rest());
}

std::string_view unless_nil(std::string_view word) { return word == "-" ? "" : word; }

// Elements one behind the other, or "-"; nothing where they do not end (RFC 5424, section 6.3).
std::optional<std::string_view> read_structured_data(Header& header) {
  const auto text = header.rest();
  if (header.skip('-')) return std::string_view();
  std::size_t at = 0;
  while (at < text.size() && text[at] == '[') {
    bool quoted = false;
    for (++at; at < text.size() && (quoted || text[at] != ']'); ++at) {
      if (text[at] == '"') quoted = !quoted;
      if (quoted && text[at] == '\\') ++at;
    }
    if (at >= text.size()) return std::nullopt;
    ++at;
  }
  if (at == 0) return std::nullopt;
  header.take(at);
  return text.substr(0, at);
}

// RFC 5424, section 6. False, and `out` as it was: it is no such header.
bool read_modern(std::string_view rest, SyslogMessage& out) {
  Header header(rest);
  if (!header.skip("1 ")) return false;
  std::array<std::string_view, 5> words;  // time, host, app, process, id; as long as they may be
  static constexpr std::array<std::size_t, 5> kMost = {kMostTime, 255, 48, 128, 32};
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = header.word(kMost[i]);
    header.take(words[i].size());
    if (words[i].empty() || !header.skip(' ')) return false;
  }
  const auto time = read_iso_time(words[0]);
  if (!time && words[0] != "-") return false;
  const auto data = read_structured_data(header);
  if (!data || !(header.rest().empty() || header.skip(' '))) return false;
  header.skip("\xEF\xBB\xBF");  // section 6.4: says that it is UTF-8
  out.time = time;
  out.host = unless_nil(words[1]);
  out.app = unless_nil(words[2]);
  out.process = unless_nil(words[3]);
  out.message_id = unless_nil(words[4]);
  out.structured_data = *data;
  out.message = trim_ascii(header.rest());
  return true;
}

Timestamp with_year(Timestamp wall, int year) {
  const auto parts = civil(wall);
  const auto fraction = Duration(wall.micros() - wall.seconds() * 1'000'000);
  return Timestamp::from_civil(year, parts.month, parts.day, static_cast<int>(parts.hour),
                               static_cast<int>(parts.minute), static_cast<int>(parts.second)) +
         fraction;
}

}  // namespace

Timestamp SyslogTime::at(Timestamp received) const {
  auto time = wall;
  if (!has_year) {
    int year = civil(received + kAhead).year;
    if (with_year(wall, year) > received + kAhead) --year;
    time = with_year(wall, year);
  }
  if (has_zone) return time;
  const auto off = time - received;
  if (off > kMostZone || off < -kMostZone) return time;
  const auto half = off.count() < 0 ? -kZoneStep.count() / 2 : kZoneStep.count() / 2;
  return time - kZoneStep * ((off.count() + half) / kZoneStep.count());
}

SyslogMessage read_syslog(std::string_view line) {
  SyslogMessage out;
  Header header(line);
  out.priority = read_priority(header);
  if (!out.priority || !read_modern(header.rest(), out)) read_legacy(header.rest(), out);
  return out;
}

std::string_view syslog_json(const SyslogMessage& message) {
  auto text = message.message;
  constexpr std::string_view kMark = "@cee:";
  if (text.starts_with(kMark)) text = trim_ascii(text.substr(kMark.size()));
  return text.starts_with('{') && text.ends_with('}') ? text : std::string_view();
}

}  // namespace winnow
