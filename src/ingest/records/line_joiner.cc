#include "ingest/records/line_joiner.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace winnow {
namespace {

constexpr std::int64_t kMostSeconds = 2;  // between lines of one event, as auparse has it

std::string machine_of(const AuditLine& line) {
  return std::string(line.host).append("\n").append(line.node);
}

}  // namespace

LineJoiner::Open LineJoiner::begun(const AuditLine& line, Joined event) {
  const auto number = event.line;
  return {std::move(event), machine_of(line), std::string(line.stamp),
          line.seconds,     number,           line.is_last};
}

LineJoiner::Events::iterator LineJoiner::end(Events::iterator event) {
  bytes_ -= event->event.raw.size();
  ended_.push_back(std::move(event->event));
  return open_.erase(event);
}

bool LineJoiner::add(std::string_view line, std::uint64_t offset, std::uint64_t number) {
  auto read = read_audit_line(line);
  // A message with a line feed in it could not be told from two lines.
  if (read && line.find('\n') != line.npos) read.reset();
  if (!read && open_.empty()) return false;
  const auto machine = read ? machine_of(*read) : std::string();
  const auto is_own = [&](const Open& event) {
    return read && event.stamp == read->stamp && event.machine == machine;
  };
  const auto has_ended = [&](const Open& event) {
    if (is_own(event))
      return event.event.lines >= limits_.lines ||
             event.event.raw.size() + 1 + line.size() > limits_.bytes;
    const bool is_past =
        read && event.machine == machine && read->seconds - event.seconds > kMostSeconds;
    return event.is_whole || is_past;
  };
  for (auto event = open_.begin(); event != open_.end();)
    event = has_ended(*event) ? end(event) : event + 1;
  if (!read || read->is_alone) return false;
  const auto own = std::ranges::find_if(open_, is_own);
  if (own == open_.end()) {
    if (read->is_end || line.size() > limits_.bytes) return false;
    open_.push_back(begun(*read, {std::string(line), 1, offset, number}));
    bytes_ += line.size();
  } else {
    own->event.raw.append("\n").append(line);
    ++own->event.lines;
    own->last = number;
    own->is_whole = read->is_last;
    bytes_ += 1 + line.size();
    if (read->is_end) end(own);
  }
  while (open_.size() > limits_.events || bytes_ > limits_.all_bytes) end_oldest();
  return true;
}

std::optional<LineJoiner::Joined> LineJoiner::take() {
  if (ended_.empty()) return std::nullopt;
  auto joined = std::move(ended_.front());
  ended_.pop_front();
  return joined;
}

void LineJoiner::end_all() {
  while (!open_.empty()) end_oldest();
}

void LineJoiner::end_before(std::uint64_t number) {
  for (auto event = open_.begin(); event != open_.end();)
    event = event->last < number ? end(event) : event + 1;
}

std::vector<LineJoiner::Joined> LineJoiner::open() const {
  std::vector<Joined> events;
  for (const auto& open : open_) events.push_back(open.event);
  return events;
}

std::string LineJoiner::state() const {
  ByteWriter out;
  const auto put = [&](const Joined& event, bool has_ended) {
    out.put<std::uint8_t>(has_ended ? 1 : 0).put_text(event.raw);
  };
  for (const auto& event : ended_) put(event, true);
  for (const auto& event : open_) put(event.event, false);
  return std::move(out).bytes();
}

Result<LineJoiner> LineJoiner::from_state(std::string_view bytes) {
  LineJoiner joiner;
  ByteReader in(bytes);
  const Error corrupt(Code::Corrupt, "these are not lines of open events");
  while (in.ok() && in.left() > 0) {
    const bool has_ended = in.get<std::uint8_t>() != 0;
    const auto raw = in.get_text();
    const auto last_at = raw.rfind('\n') + 1;  // 0 where there is one line
    const auto first = read_audit_line(raw.substr(0, raw.find('\n')));
    const auto last = read_audit_line(raw.substr(last_at));
    if (!first || !last) return corrupt;
    const auto feeds = static_cast<std::size_t>(std::ranges::count(raw, '\n'));
    auto open = begun(*first, {std::string(raw), feeds + 1, 0, 0});
    open.is_whole = last->is_last;
    if (has_ended) {
      joiner.ended_.push_back(std::move(open.event));
    } else {
      joiner.bytes_ += raw.size();
      joiner.open_.push_back(std::move(open));
    }
  }
  if (!in.ok()) return corrupt;
  return joiner;
}

}  // namespace winnow
