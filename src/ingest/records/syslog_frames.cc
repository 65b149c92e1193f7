#include "ingest/records/syslog_frames.h"

#include <algorithm>

namespace winnow {
namespace {

// Section 3.4.2: a line feed, which some devices replace by a NUL.
constexpr std::string_view kLineEnds{"\n\0", 2};
constexpr std::string_view kBetween{"\r\n\0", 3};
constexpr std::size_t kMostDigits = 9;

std::string_view without_end(std::string_view message) {
  while (!message.empty() && kBetween.find(message.back()) != std::string_view::npos)
    message.remove_suffix(1);
  return message;
}

}  // namespace

void SyslogFrames::add(std::string_view bytes) {
  buffer_.erase(0, begin_);
  scanned_ -= std::min(scanned_, begin_);
  begin_ = 0;
  buffer_.append(bytes);
}

// What is left of a message that was cut, and what stands between messages.
void SyslogFrames::pass_over() {
  const auto skipped = std::min(skip_, buffer_.size() - begin_);
  skip_ -= skipped;
  begin_ += skipped;
  if (skips_line_) {
    const auto end = buffer_.find_first_of(kLineEnds, begin_);
    skips_line_ = end == std::string::npos;
    begin_ = std::min(end, buffer_.size());
  }
  if (skip_ == 0 && !skips_line_)
    begin_ = std::min(buffer_.find_first_not_of(kBetween, begin_), buffer_.size());
  scanned_ = std::max(scanned_, begin_);
}

// "123 <": a length and the beginning of a message, which always has a priority there (section
// 3.4.1). Lines without a header may begin with digits as well.
SyslogFrames::Framing SyslogFrames::look() {
  const auto front = std::string_view(buffer_).substr(begin_, kMostDigits + 2);
  std::size_t digits = 0;
  count_ = 0;
  for (; digits < front.size() && front[digits] >= '0' && front[digits] <= '9'; ++digits)
    count_ = count_ * 10 + static_cast<std::size_t>(front[digits] - '0');
  if (digits == 0 || digits > kMostDigits || front.front() == '0') return Framing::Line;
  constexpr std::string_view kBegin = " <";
  const auto behind = front.substr(digits, kBegin.size());
  if (behind == kBegin) {
    head_ = digits + 1;
    return Framing::Counted;
  }
  return kBegin.starts_with(behind) ? Framing::Unknown : Framing::Line;
}

std::optional<SyslogFrames::Frame> SyslogFrames::next() {
  for (;;) {
    pass_over();
    if (begin_ == buffer_.size()) return std::nullopt;
    const auto framing = look();
    if (framing == Framing::Unknown) return std::nullopt;
    const auto frame = framing == Framing::Counted ? next_counted() : next_line();
    if (!frame || !frame->message.empty()) return frame;
  }
}

std::optional<SyslogFrames::Frame> SyslogFrames::next_counted() {
  const auto kept = std::min(count_, max_message_);
  if (buffer_.size() - begin_ - head_ < kept) return std::nullopt;
  const auto message = std::string_view(buffer_).substr(begin_ + head_, kept);
  begin_ += head_ + kept;
  skip_ = count_ - kept;
  return Frame{without_end(message), skip_ > 0};
}

std::optional<SyslogFrames::Frame> SyslogFrames::next_line() {
  const auto end = buffer_.find_first_of(kLineEnds, scanned_);
  const auto size = std::min(end, buffer_.size()) - begin_;
  scanned_ = begin_ + size;
  if (end == std::string::npos && size <= max_message_) return std::nullopt;
  const bool cut = size > max_message_;
  const auto message = std::string_view(buffer_).substr(begin_, std::min(size, max_message_));
  begin_ += message.size();
  skips_line_ = cut;
  return Frame{without_end(message), cut};
}

std::optional<SyslogFrames::Frame> SyslogFrames::finish() {
  const bool counted = begin_ < buffer_.size() && look() == Framing::Counted;
  const bool left = begin_ < buffer_.size() && skip_ == 0 && !skips_line_;
  const auto begin = begin_ + (counted ? head_ : 0);
  begin_ = buffer_.size();
  if (!left) return std::nullopt;
  const auto message = without_end(std::string_view(buffer_).substr(begin));
  return message.empty() ? std::nullopt : std::optional(Frame{message, counted});
}

}  // namespace winnow
