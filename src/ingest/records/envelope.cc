#include "ingest/records/envelope.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"
#include "ingest/records/log_header.h"
#include "ingest/records/syslog.h"

namespace winnow {
namespace {

constexpr double kMostSeconds = 1e11;  // later is no time in seconds

// The members of an envelope, in the order of the selection's columns.
enum Member : std::size_t { Event, Host, SourceType, Time };
constexpr std::array<std::string_view, 4> kMembers = {"event", "host", "sourcetype", "time"};

OpenedRecord payload_of(std::string_view text) {
  return {.form = log_form_of(text), .payload = text, .host = {}, .app = {}, .kind = {}};
}

OpenedRecord open_syslog(std::string_view raw) {
  const auto message = read_syslog(raw);
  const auto json = syslog_json(message);
  auto opened = payload_of(json.empty() ? message.message : json);
  opened.host = message.host;
  opened.app = message.app;
  return opened;
}

}  // namespace

RecordForm log_form_of(std::string_view payload) {
  return begins_with_header(payload) ? RecordForm::LogRow : RecordForm::LogJson;
}

std::optional<Timestamp> read_hec_time(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (!is_whole || !(seconds > 0 && seconds < kMostSeconds)) return std::nullopt;
  return Timestamp::from_micros(static_cast<std::int64_t>(seconds * 1e6));
}

EnvelopeOpener::EnvelopeOpener() {
  std::vector<JsonSelection::Path> paths;
  for (const auto member : kMembers) paths.push_back({std::string(member)});
  auto selection = JsonSelection::of(paths);
  ensure(selection.has_value(), "four keys are a selection");
  selection_ = std::move(*selection);
}

OpenedRecord EnvelopeOpener::open(RecordForm form, std::string_view raw) {
  if (form == RecordForm::SyslogLog) return open_syslog(raw);
  if (form == RecordForm::SyslogLines) return open_lines(raw);
  if (form == RecordForm::HecLog) return open_hec(raw);
  return {.form = form, .payload = raw, .host = {}, .app = {}, .kind = {}};
}

// Each line has a header of its own; who sent the first sent all.
OpenedRecord EnvelopeOpener::open_lines(std::string_view raw) {
  lines_.clear();
  for (auto rest = raw; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!lines_.empty()) lines_ += '\n';
    lines_ += read_syslog(line).message;
  }
  auto opened = open_syslog(raw.substr(0, raw.find('\n')));
  opened.form = RecordForm::LogJson;
  opened.payload = lines_;
  return opened;
}

OpenedRecord EnvelopeOpener::open_hec(std::string_view raw) {
  if (!scanner_.scan(raw, selection_, cells_)) return payload_of(raw);
  const auto text = [&](Member member) {
    const auto cell = cells_.at(selection_.place(member).column);
    return cell.has_value() ? cell.text : std::string_view();
  };
  auto opened = payload_of(trim_ascii(text(Event)));
  opened.host = text(Host);
  opened.kind = text(SourceType);
  opened.time = read_hec_time(text(Time));
  return opened;
}

}  // namespace winnow
