// Where one syslog message ends and the next begins in a stream (RFC 6587): behind its length, or
// at a line's end; a stream may change between both.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

// Holds at most one message of `max_message` bytes and what was added last. Linear in the bytes.
class SyslogFrames {
 public:
  explicit SyslogFrames(std::size_t max_message) : max_message_(max_message) {}

  struct Frame {
    std::string_view message;  // without line ends; valid until the next call of add()
    bool cut = false;          // only the front of a larger one, or of one whose end never came
  };
  void add(std::string_view bytes);
  // The next message that is there; empty ones are passed over.
  std::optional<Frame> next();
  // No more bytes come: the last message, which may have no end. After next() gave nothing.
  std::optional<Frame> finish();
  // Of a message that has not ended.
  bool is_within_message() const { return begin_ < buffer_.size() || skip_ > 0 || skips_line_; }

 private:
  enum class Framing { Unknown, Counted, Line };  // of the message at the front
  void pass_over();
  Framing look();
  std::optional<Frame> next_counted();
  std::optional<Frame> next_line();

  const std::size_t max_message_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of what is not taken, in buffer_
  std::size_t scanned_ = 0;  // up to here there is no line end
  std::size_t skip_ = 0;     // bytes that are left of a message that was cut
  bool skips_line_ = false;  // a line was cut, and has not ended
  std::size_t count_ = 0;    // of a message behind its length
  std::size_t head_ = 0;     // the size of that length and its blank
};

}  // namespace winnow
