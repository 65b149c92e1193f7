#include "ingest/mapping/detail/event_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::mapping {
namespace {

constexpr std::size_t kMostSyslogHeader = 512;  // bytes in front of the mark
constexpr std::array<std::string_view, 7> kCefHeader = {
    "cefVersion",         "deviceVendor", "deviceProduct", "deviceVersion",
    "deviceEventClassId", "name",         "severity"};
constexpr std::array<std::string_view, 5> kLeefHeader = {
    "leefVersion", "deviceVendor", "deviceProduct", "deviceVersion", "eventId"};

// Up to the next '|' that no backslash stands in front of; nothing where there is none.
std::optional<std::string_view> take_header_field(std::string_view& text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '|') {
      const auto field = text.substr(0, at);
      text.remove_prefix(at + 1);
      return field;
    }
  }
  return std::nullopt;
}

bool is_key(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '[' || c == ']';
  });
}

Error no_header(std::string_view format, std::size_t fields) {
  return {Code::InvalidArgument,
          fmt::format("no {} line: {} fields between '|' begin one", format, fields)};
}

// A single character, or its number: "^", "x09", "0x7c".
std::optional<char> delimiter_of(std::string_view text) {
  if (text.empty()) return '\t';
  if (text.size() == 1) return text.front();
  if (text.starts_with('0')) text.remove_prefix(1);
  if (!text.starts_with('x') && !text.starts_with('X')) return std::nullopt;
  text.remove_prefix(1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc() || end != text.data() + text.size() || number == 0 || number > 0x7f)
    return std::nullopt;
  return static_cast<char>(number);
}

}  // namespace

std::size_t find_event_format(std::string_view line, std::string_view mark) {
  if (line.starts_with(mark)) return 0;
  const auto front = line.substr(0, kMostSyslogHeader + mark.size());
  for (auto at = front.find(mark); at != std::string_view::npos; at = front.find(mark, at + 1)) {
    if (at > 0 && (front[at - 1] == ' ' || front[at - 1] == '>')) return at;
  }
  return std::string_view::npos;
}

// The buffer was made large enough for all of the line before the first text.
std::string_view EventFormatReader::unescaped(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return text;
  const auto begin = buffer_.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 1 < text.size();
    const char next = is_escape ? text[i + 1] : '\0';
    if (next == '=' || next == '\\' || next == '|') {
      buffer_ += next;
      ++i;
    } else if (next == 'n' || next == 'r') {
      buffer_ += next == 'n' ? '\n' : '\r';
      ++i;
    } else {
      buffer_ += text[i];
    }
  }
  return std::string_view(buffer_).substr(begin);
}

Status EventFormatReader::read_cef(std::string_view line, const Put& put) {
  buffer_.clear();
  buffer_.reserve(line.size());
  line.remove_prefix(std::min(line.find(':') + 1, line.size()));
  for (const auto name : kCefHeader) {
    const auto field = take_header_field(line);
    if (!field) return no_header("CEF", kCefHeader.size());
    WINNOW_TRY(put(name, unescaped(trim_ascii(*field))));
  }
  // A value ends where the next key begins, which only the '=' behind that key tells.
  std::string_view key;
  std::size_t value = 0, word = 0;  // where they begin
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
    } else if (line[at] == ' ') {
      word = at + 1;
    } else if (line[at] == '=' && is_key(line.substr(word, at - word))) {
      if (!key.empty())
        WINNOW_TRY(put(key, unescaped(trim_ascii(line.substr(value, word - value)))));
      key = line.substr(word, at - word);
      value = at + 1;
      word = line.size();  // what stands at once behind a '=' is no key
    }
  }
  return key.empty() ? Status() : put(key, unescaped(trim_ascii(line.substr(value))));
}

Status EventFormatReader::read_leef(std::string_view line, const Put& put) {
  buffer_.clear();
  buffer_.reserve(line.size());
  line.remove_prefix(std::min(line.find(':') + 1, line.size()));
  const bool tells_delimiter = line.starts_with("2");
  for (const auto name : kLeefHeader) {
    const auto field = take_header_field(line);
    if (!field) return no_header("LEEF", kLeefHeader.size());
    WINNOW_TRY(put(name, unescaped(trim_ascii(*field))));
  }
  char delimiter = '\t';
  if (tells_delimiter) {
    auto behind = line;
    const auto field = take_header_field(behind);
    // It may be left out with its '|': what is found then is a '|' of some value.
    if (field && (field->size() <= 1 || field->find('=') == field->npos)) {
      const auto told = delimiter_of(*field);
      if (!told)
        return Error(Code::InvalidArgument, "a LEEF line whose delimiter is no single character");
      delimiter = *told;
      line = behind;
    }
  }
  while (!line.empty()) {
    const auto pair = line.substr(0, line.find(delimiter));
    line.remove_prefix(std::min(pair.size() + 1, line.size()));
    const auto equals = pair.find('=');
    const auto key = trim_ascii(pair.substr(0, equals));
    if (equals == std::string_view::npos || !is_key(key)) continue;  // a part that is no pair
    WINNOW_TRY(put(key, unescaped(trim_ascii(pair.substr(equals + 1)))));
  }
  return {};
}

}  // namespace winnow::mapping
