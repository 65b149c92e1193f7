#include "ingest/mapping/detail/conversion.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/utf8.h"
#include "names/ip_address.h"

namespace winnow::mapping {
namespace {

using ocsf::Value;

constexpr std::pair<std::string_view, Conversion> kConversions[] = {
    {"text", Conversion::Text},         {"lower", Conversion::Lower},
    {"domain", Conversion::Domain},     {"int", Conversion::Int},
    {"port", Conversion::Port},         {"real", Conversion::Real},
    {"bool", Conversion::Bool},         {"ip", Conversion::Ip},
    {"no ip", Conversion::NoIp},        {"hex", Conversion::Hex},
    {"leaf", Conversion::Leaf},         {"above", Conversion::Above},
    {"mac", Conversion::Mac},           {"email", Conversion::Email},
    {"uuid", Conversion::Uuid},         {"time", Conversion::Time},
    {"interval", Conversion::Interval}, {"nanos", Conversion::Nanos},
    {"seconds", Conversion::Seconds},   {"millis", Conversion::Millis},
    {"filetime", Conversion::Filetime}, {"as is", Conversion::AsIs}};

constexpr std::int64_t kMicros = 1'000'000;
// The years 1970 to 9999, which is what a Timestamp can tell in words.
constexpr std::int64_t kLastSecond = 253'402'300'799;

// Nearly every number: up to 18 digits and nothing else.
bool read_digits(std::string_view text, std::int64_t& out) {
  if (text.empty() || text.size() > 18) return false;
  std::int64_t value = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(c) - '0';
    if (digit > 9) return false;
    value = value * 10 + digit;
  }
  out = value;
  return true;
}

// With a sign, in hexadecimal, or of more digits.
std::optional<std::int64_t> read_other_int(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  if (is_hex) text.remove_prefix(2);
  std::int64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, is_hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (is_hex && text.front() == '-') return std::nullopt;
  return value;
}

std::optional<double> read_real(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

bool has_date(std::string_view text) { return text.size() >= 10 && text[4] == '-'; }

// "1616161616.123456" to microseconds, without the rounding of a double.
std::optional<Timestamp> read_seconds(std::string_view text) {
  const auto dot = std::min(text.find('.'), text.size());
  const auto seconds = read_int(text.substr(0, dot));
  if (!seconds) {
    const auto real = read_real(text);  // with an exponent
    if (!real || *real < 0 || *real > kLastSecond) return std::nullopt;
    return Timestamp::from_micros(std::llround(*real * kMicros));
  }
  std::int64_t micros = 0, scale = kMicros / 10;
  for (const char c : text.substr(std::min(dot + 1, text.size()))) {
    if (c < '0' || c > '9') {
      const auto real = read_real(text);
      if (!real || *real < 0 || *real > kLastSecond) return std::nullopt;
      return Timestamp::from_micros(std::llround(*real * kMicros));
    }
    micros += (c - '0') * scale;
    scale /= 10;
  }
  if (*seconds < 0 || *seconds > kLastSecond) return std::nullopt;
  return Timestamp::from_micros(*seconds * kMicros + micros);
}

std::optional<Timestamp> read_count(std::string_view text, std::int64_t first,
                                    std::int64_t a_second) {
  const auto count = read_int(text);
  if (!count || *count < first || (*count - first) / a_second > kLastSecond) return std::nullopt;
  return Timestamp::from_micros(a_second >= kMicros ? (*count - first) / (a_second / kMicros)
                                                    : (*count - first) * (kMicros / a_second));
}

std::optional<Timestamp> read_rfc3339(std::string_view text) {
  if (const auto time = Timestamp::parse(text)) return *time;
  constexpr std::size_t kLongest = 40;
  if (text.size() > kLongest || text.size() < 10) return std::nullopt;
  std::array<char, kLongest + 1> zoned;  // a time without its offset is taken as UTC
  std::memcpy(zoned.data(), text.data(), text.size());
  zoned[text.size()] = 'Z';
  const auto time = Timestamp::parse({zoned.data(), text.size() + 1});
  return time ? std::optional(*time) : std::nullopt;
}

Value bool_value(const JsonCell& cell) {
  if (cell.kind == JsonCell::Kind::True) return Value::of(true);
  if (cell.kind == JsonCell::Kind::False) return Value::of(false);
  for (const std::string_view yes : {"true", "T", "True", "yes", "Yes", "1"}) {
    if (cell.text == yes) return Value::of(true);
  }
  for (const std::string_view no : {"false", "F", "False", "no", "No", "0"}) {
    if (cell.text == no) return Value::of(false);
  }
  return {};
}

Value ip_value(std::string_view text, EventTexts& texts) {
  const auto address = IpAddress::read(text);
  if (!address) return {};
  // Four decimal numbers have one form; those within an IPv6 address are the same address.
  return Value::of(address->is_v4() ? texts.own(text) : texts.own(address->unmapped().text()));
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

Value mac_value(std::string_view text, EventTexts& texts) {
  constexpr std::size_t kSize = 17;
  if (text.size() != kSize) return {};
  std::array<char, kSize> mac;
  for (std::size_t i = 0; i < kSize; ++i) {
    const bool is_separator = i % 3 == 2;
    if (is_separator ? text[i] != ':' && text[i] != '-' : !is_hex_digit(text[i])) return {};
    mac[i] = is_separator                       ? ':'
             : text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] | 0x20)
                                                : text[i];
  }
  return Value::of(texts.own({mac.data(), mac.size()}));
}

// "0x00000000000003e7", "0X3E7" and "999" as "0x3e7".
Value hex_value(std::string_view text, EventTexts& texts) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  if (is_hex) text.remove_prefix(2);
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, is_hex ? 16 : 10);
  if (read.ec != std::errc() || read.ptr != end) return {};
  std::array<char, 18> written = {'0', 'x'};
  const auto done = std::to_chars(written.data() + 2, written.data() + written.size(), number, 16);
  return Value::of(
      texts.own({written.data(), static_cast<std::size_t>(done.ptr - written.data())}));
}

// The last step of a path, or the path itself where nothing stands behind its last separator.
std::string_view leaf_of(std::string_view path) {
  const auto at = path.find_last_of("/\\");
  return at == std::string_view::npos || at + 1 == path.size() ? path : path.substr(at + 1);
}

std::string_view above(std::string_view path) {
  const auto at = path.find_last_of("/\\");
  return at == std::string_view::npos ? std::string_view() : path.substr(0, at);
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hex_digit(text[i])) return false;
  }
  return true;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

// What the schema's pattern for email_t lets pass.
bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == 0 || at == std::string_view::npos) return false;
  const auto local = text.substr(0, at), host = text.substr(at + 1);
  const auto dot = host.find('.');
  const bool local_ok = std::ranges::all_of(local, [](char c) {
    return is_letter_or_digit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
  });
  const bool host_ok = std::ranges::all_of(
      host, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; });
  return local_ok && host_ok && dot != std::string_view::npos && dot > 0 && dot + 1 < host.size();
}

Value as_is(const JsonCell& cell, EventTexts& texts) {
  switch (cell.kind) {
    case JsonCell::Kind::True:
      return Value::of(true);
    case JsonCell::Kind::False:
      return Value::of(false);
    case JsonCell::Kind::Number: {
      std::int64_t digits = 0;
      if (read_digits(cell.text, digits)) return Value::of(digits);
      if (const auto number = read_other_int(cell.text)) return Value::of(*number);
      if (const auto number = read_real(cell.text)) return Value::of(*number);
      return {};
    }
    default:
      return Value::of(texts.own(cell.text));
  }
}

Value lower_value(std::string_view text, EventTexts& texts) {
  return Value::of(texts.own(is_lower(text) ? text : std::string_view(ascii_lower(text))));
}

}  // namespace

bool is_lower(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<std::int64_t> read_int(std::string_view text) {
  std::int64_t digits = 0;
  return read_digits(text, digits) ? digits : read_other_int(text);
}

EventTexts::EventTexts(ocsf::EventBuilder& builder, std::string_view record)
    : builder_(&builder), record_(record) {
  if (record.size() <= kMaxCopied) copy_ = builder.keep(record);
}

// Of a text that is too long, its beginning.
std::string_view EventTexts::own_copy(std::string_view text) {
  if (text.size() <= kMaxText) return builder_->keep(text);
  has_cut_ = true;
  return own(utf8_prefix(text, kMaxText));
}

std::optional<Timestamp> read_time(std::string_view text, Conversion conversion) {
  constexpr std::int64_t kFrom1601 = 116'444'736'000'000'000;
  switch (conversion) {
    case Conversion::Seconds:
      return has_date(text) ? read_rfc3339(text) : read_seconds(text);
    case Conversion::Millis:
      return has_date(text) ? read_rfc3339(text) : read_count(text, 0, 1000);
    case Conversion::Filetime:
      return read_count(text, kFrom1601, 10 * kMicros);
    default:
      return read_rfc3339(text);
  }
}

Value time_value(Timestamp time, bool as_millis, EventTexts& texts) {
  return as_millis ? Value::of(time.millis()) : Value::of(texts.own(time.text()));
}

Value convert(const JsonCell& cell, Conversion conversion, bool as_millis, EventTexts& texts) {
  const auto text = cell.text;
  switch (conversion) {
    case Conversion::Text:
      return Value::of(texts.own(text));
    case Conversion::Lower:
      return lower_value(text, texts);
    case Conversion::Domain:
      return lower_value(
          text.ends_with('.') && text.size() > 1 ? text.substr(0, text.size() - 1) : text, texts);
    case Conversion::Int: {
      std::int64_t digits = 0;
      if (read_digits(text, digits)) return Value::of(digits);
      const auto dot = std::min(text.find('.'), text.size());
      const bool is_whole = text.find_first_not_of('0', dot + 1) == std::string_view::npos;
      const auto number = is_whole ? read_int(text.substr(0, dot)) : std::nullopt;
      return number ? Value::of(*number) : Value();
    }
    case Conversion::Interval: {
      const auto time = read_seconds(text);
      return time ? Value::of(time->millis()) : Value();
    }
    case Conversion::Nanos: {
      const auto nanos = read_int(text);
      return nanos && *nanos >= 0 ? Value::of(*nanos / 1'000'000) : Value();
    }
    case Conversion::Port: {
      std::int64_t port = -1;
      if (!read_digits(text, port)) port = read_other_int(text).value_or(-1);
      return port >= 0 && port <= 65535 ? Value::of(port) : Value();
    }
    case Conversion::Real: {
      const auto number = read_real(text);
      return number ? Value::of(*number) : Value();
    }
    case Conversion::Bool:
      return bool_value(cell);
    case Conversion::Ip:
      return ip_value(text, texts);
    case Conversion::NoIp:
      return IpAddress::read(text) ? Value() : Value::of(texts.own(text));
    case Conversion::Mac:
      return mac_value(text, texts);
    case Conversion::Email:
      return is_email(text) ? Value::of(texts.own(text)) : Value();
    case Conversion::Uuid: {
      const bool braces = text.size() == 38 && text.front() == '{' && text.back() == '}';
      const auto bare = braces ? text.substr(1, 36) : text;
      return is_uuid(bare) ? lower_value(bare, texts) : Value();
    }
    case Conversion::Hex:
      return hex_value(text, texts);
    case Conversion::Leaf:
      return Value::of(texts.own(leaf_of(text)));
    case Conversion::Above: {
      const auto folder = above(text);
      return folder.empty() ? Value() : Value::of(texts.own(folder));
    }
    case Conversion::Time:
    case Conversion::Seconds:
    case Conversion::Millis:
    case Conversion::Filetime: {
      const auto time = read_time(text, conversion);
      return time ? time_value(*time, as_millis, texts) : Value();
    }
    case Conversion::AsIs:
      return as_is(cell, texts);
  }
  return {};
}

Value value_of(const Constant& constant, EventTexts& texts) {
  if (const auto* text = std::get_if<std::string>(&constant.value))
    return Value::of(texts.own(*text));
  if (const auto* number = std::get_if<std::int64_t>(&constant.value)) return Value::of(*number);
  if (const auto* real = std::get_if<double>(&constant.value)) return Value::of(*real);
  return Value::of(std::get<bool>(constant.value));
}

std::string_view name_of(Conversion conversion) {
  return std::ranges::find(kConversions, conversion,
                           &std::pair<std::string_view, Conversion>::second)
      ->first;
}

std::optional<Conversion> conversion_named(std::string_view name) {
  for (const auto& [known, conversion] : kConversions) {
    if (known == name) return conversion;
  }
  return std::nullopt;
}

std::vector<std::string> conversion_names() {
  std::vector<std::string> names;
  for (const auto& [name, conversion] : kConversions) names.emplace_back(name);
  return names;
}

}  // namespace winnow::mapping
