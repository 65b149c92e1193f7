#include "ingest/mapping/detail/event_data.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"

namespace winnow::mapping {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kCdata = "<![CDATA[", kCdataEnd = "]]>";

Error refused(std::string_view why) {
  return {Code::InvalidArgument, fmt::format("no XML of a Windows event's data: {}", why)};
}

// One element's start: "<Data Name='x'>".
struct Element {
  std::string_view name;
  std::string_view label;  // its attribute Name, as written
  bool is_empty = false;   // "/>"
};

class EventDataReader {
 public:
  explicit EventDataReader(std::string_view xml) : rest_(xml) {}
  Status read(std::string& json);

 private:
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
  }
  Result<Element> take_start();
  Status take_attribute(Element& element);
  Result<std::string> take_text(std::string_view name);
  Status add_member(const Element& element, std::string_view text, std::string& json);

  std::string_view rest_;
  std::size_t elements_ = 0, nameless_ = 0;
};

// "&lt;", "&#233;", "&#xe9;"
bool append_reference(std::string_view name, std::string& out) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [known, character] : kEntities) {
    if (name != known) continue;
    out += character;
    return true;
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const bool is_hex = name.starts_with('x');
  if (is_hex) name.remove_prefix(1);
  std::uint32_t point = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), point, is_hex ? 16 : 10);
  const bool is_whole = error == std::errc() && end == name.data() + name.size();
  if (!is_whole || point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
    return false;
  append_utf8(out, static_cast<char32_t>(point));
  return true;
}

// Text with its references replaced. False: one of them is none.
bool append_text(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const auto size = std::min(text.find('&'), text.size());
    out += text.substr(0, size);
    text.remove_prefix(size);
    if (text.empty()) return true;
    constexpr std::size_t kLongest = 12;  // of a reference
    const auto end = text.substr(0, kLongest).find(';');
    if (end == std::string_view::npos || !append_reference(text.substr(1, end - 1), out))
      return false;
    text.remove_prefix(end + 1);
  }
  return true;
}

Status EventDataReader::take_attribute(Element& element) {
  const auto equals = rest_.find('=');
  if (equals == std::string_view::npos) return refused("an attribute without a value");
  const auto name = trim_ascii(rest_.substr(0, equals));
  rest_.remove_prefix(equals + 1);
  skip_blanks();
  if (!rest_.starts_with('"') && !rest_.starts_with('\''))
    return refused("an attribute whose value is not quoted");
  const auto end = rest_.find(rest_.front(), 1);
  if (end == std::string_view::npos) return refused("an attribute that does not end");
  if (name == "Name") element.label = rest_.substr(1, end - 1);
  rest_.remove_prefix(end + 1);
  return {};
}

Result<Element> EventDataReader::take_start() {
  skip_blanks();
  if (!rest_.starts_with('<')) return refused("text where an element begins");
  rest_.remove_prefix(1);
  const auto size = std::min(rest_.find_first_of(" \t\r\n/>"), rest_.size());
  Element element{.name = rest_.substr(0, size), .label = {}};
  if (element.name.empty() || element.name.find_first_of("!?&<") != std::string_view::npos)
    return refused("markup other than elements");
  rest_.remove_prefix(size);
  for (;;) {
    skip_blanks();
    element.is_empty = rest_.starts_with("/>");
    if (element.is_empty || rest_.starts_with('>')) break;
    if (rest_.empty()) return refused("an element that does not end");
    WINNOW_TRY(take_attribute(element));
  }
  rest_.remove_prefix(element.is_empty ? 2 : 1);
  return element;
}

// Up to the element's end, which goes too.
Result<std::string> EventDataReader::take_text(std::string_view name) {
  std::string text;
  for (;;) {
    const auto size = rest_.find('<');
    if (size == std::string_view::npos) return refused("an element that does not end");
    if (!append_text(rest_.substr(0, size), text)) return refused("an unknown reference");
    rest_.remove_prefix(size);
    if (!rest_.starts_with(kCdata)) break;
    const auto end = rest_.find(kCdataEnd);
    if (end == std::string_view::npos) return refused("a CDATA that does not end");
    text += rest_.substr(kCdata.size(), end - kCdata.size());
    rest_.remove_prefix(end + kCdataEnd.size());
  }
  rest_.remove_prefix(1);
  if (!rest_.starts_with('/')) return refused("an element within a value");
  rest_.remove_prefix(1);
  if (!rest_.starts_with(name)) return refused("an element that another one's end closes");
  rest_.remove_prefix(name.size());
  skip_blanks();
  if (!rest_.starts_with('>')) return refused("an element's end that does not end");
  rest_.remove_prefix(1);
  return text;
}

Status EventDataReader::add_member(const Element& element, std::string_view text,
                                   std::string& json) {
  if (++elements_ > kMostDataElements)
    return refused(fmt::format("more than {} elements", kMostDataElements));
  std::string key;
  if (!append_text(element.label, key)) return refused("an unknown reference");
  if (key.empty()) {
    key = element.name;
    if (++nameless_ > 1) key += fmt::format("{}", nameless_);
  }
  json += json.size() > 1 ? "," : "";
  json += to_text(Json(std::move(key))) + ":" + to_text(Json(text));
  return {};
}

Status EventDataReader::read(std::string& json) {
  json = "{";
  WINNOW_TRY(const auto root, take_start());
  if (root.name != "EventData" && root.name != "UserData")
    return refused(fmt::format("it begins with '{}'", utf8_prefix(root.name, 40)));
  const auto end = fmt::format("</{}>", root.name);
  for (skip_blanks(); !root.is_empty && !rest_.starts_with(end); skip_blanks()) {
    if (rest_.empty()) return refused("it does not end");
    WINNOW_TRY(const auto element, take_start());
    std::string text;
    if (!element.is_empty) {
      WINNOW_TRY(text, take_text(element.name));
    }
    WINNOW_TRY(add_member(element, text, json));
  }
  if (!root.is_empty) rest_.remove_prefix(end.size());
  if (!trim_ascii(rest_).empty()) return refused("something stands behind it");
  json += '}';
  return {};
}

}  // namespace

Status read_event_data(std::string_view xml, std::string& json) {
  if (xml.size() > kMostEventData)
    return refused(fmt::format("more than {} bytes", kMostEventData));
  return EventDataReader(xml).read(json);
}

}  // namespace winnow::mapping
