// Lines of text in each of the ways in which mappings read them: patterns, rows, CEF, LEEF, times
// by a format, and the XML of a Windows event's data. What is read lies within the bounds that the
// headers promise.
#include <cstdlib>

#include "base/json.h"
#include "ingest/mapping/detail/event_data.h"
#include "ingest/mapping/detail/event_format.h"
#include "ingest/mapping/detail/text_pattern.h"
#include "ingest/mapping/detail/time_format.h"

namespace {

using namespace winnow;
using namespace winnow::mapping;

constexpr auto kArrived = Timestamp::from_seconds(1'772'546'706);

void match(const Result<TextPattern>& pattern, std::string_view line) {
  std::vector<std::string_view> texts;
  if (!pattern || !pattern->match(line, texts)) return;
  if (texts.size() != pattern->fields().size()) std::abort();
  for (const auto text : texts) {
    const bool is_within = text.empty() || (text.data() >= line.data() &&
                                            text.data() + text.size() <= line.data() + line.size());
    if (!is_within) std::abort();
  }
}

void read_event_formats(std::string_view line) {
  static EventFormatReader reader;
  std::size_t bytes = 0;
  std::vector<std::pair<std::string, std::string_view>> told;
  const auto put = [&](std::string_view name, std::string_view text) -> Status {
    bytes += text.size();
    told.emplace_back(name, text);  // borrowed until the next line
    return {};
  };
  for (const auto mark : {kCefMark, kLeefMark}) {
    const auto at = find_event_format(line, mark);
    if (at == std::string_view::npos) continue;
    bytes = 0;
    told.clear();
    const auto rest = line.substr(at);
    const auto read = mark == kCefMark ? reader.read_cef(rest, put) : reader.read_leef(rest, put);
    if (bytes > rest.size()) std::abort();  // no escape makes a text longer
    std::size_t sum = 0;
    for (const auto& [name, text] : told) sum += std::string(text).size();
    if (read && sum != bytes) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kTemplate = TextPattern::of_template("%{a->} [%{b}] \"%{c} %{?d}\" %{e}");
  static const auto kRegex =
      TextPattern::of_regex(R"re((?P<a>\S+) (?:(?P<b>\d+)|(?P<c>.*?))(?: "(?P<d>.*)")? )re");
  static const auto kTimes = {
      TimeFormat::compile("%d/%b/%Y:%H:%M:%S %z", {}), TimeFormat::compile("%b %e %H:%M:%S", {}),
      TimeFormat::compile("%m/%d/%y %I:%M:%S.%f %p", ZoneRule(std::chrono::minutes(90))),
      TimeFormat::compile("%s.%f", {}), TimeFormat::compile("%Q", {})};
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto line_end = text.find('\n');
  const auto first = text.substr(0, line_end);
  const auto rest = line_end == std::string::npos ? text : text.substr(line_end + 1);
  match(kTemplate, text);
  match(kRegex, text);
  match(TextPattern::of_template(first), rest);
  match(TextPattern::of_regex(first), rest);
  for (const auto& format : kTimes) (void)format->read(text, kArrived);
  if (const auto format = TimeFormat::compile(first, {})) {
    const auto time = format->read(rest, kArrived);
    if (time && Timestamp::parse(time->text()).value_or(Timestamp()) != *time) std::abort();
  }
  if (const auto zone = ZoneRule::read(first)) (void)zone->moment_of(kArrived, kArrived);
  read_event_formats(text);
  std::string json;
  // A key that stands twice is the JSON reader's to refuse.
  if (read_event_data(text, json) && !json.ends_with('}')) std::abort();
  return 0;
}
