// A window that slides over an input of any size: readers look ahead in it as far as their limits
// allow, then consume what they have taken.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"

namespace winnow {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Appends up to `max_bytes` to `out`; 0 at the end. Errors: Unavailable.
  virtual Result<std::size_t> read_some(std::string& out, std::size_t max_bytes) = 0;
};

class FileBytes final : public ByteSource {
 public:
  explicit FileBytes(InputFile file) : file_(std::move(file)) {}
  Result<std::size_t> read_some(std::string& out, std::size_t max_bytes) override {
    return file_.read_some(out, max_bytes);
  }

 private:
  InputFile file_;
};

class TextBytes final : public ByteSource {
 public:
  // `chunk` bounds each read, so that tests can cut the text anywhere.
  explicit TextBytes(std::string text, std::size_t chunk = SIZE_MAX)
      : text_(std::move(text)), chunk_(chunk) {}
  Result<std::size_t> read_some(std::string& out, std::size_t max_bytes) override;

 private:
  std::string text_;
  std::size_t at_ = 0;
  std::size_t chunk_;
};

// The front of an input, already read, and then the rest of it.
class PeekedBytes final : public ByteSource {
 public:
  PeekedBytes(std::string front, std::unique_ptr<ByteSource> rest)
      : front_(std::move(front)), rest_(std::move(rest)) {}
  Result<std::size_t> read_some(std::string& out, std::size_t max_bytes) override;

 private:
  std::string front_;
  std::unique_ptr<ByteSource> rest_;
};

class InputBuffer {
 public:
  static constexpr std::size_t kChunk = 256UL << 10;

  explicit InputBuffer(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

  std::string_view view() const { return std::string_view(bytes_).substr(front_); }
  std::uint64_t offset() const { return offset_; }  // of the view's first byte in the input
  std::uint64_t bytes_read() const { return offset_ + bytes_.size() - front_; }

  // Lengthens the view; false when the input has ended. Moves the view: positions in it stay valid,
  // pointers do not. Errors: Unavailable.
  Result<bool> fill();
  // Lengthens it to `size` bytes where the input has as many; tells whether it has.
  Result<bool> fill_to(std::size_t size);
  void consume(std::size_t size);

  // The position after the line that begins at `start`: its line feed included, at the end of the
  // input the view's size. Looks no further than `max_bytes` (then returns start + max_bytes).
  Result<std::size_t> line_end(std::size_t start, std::size_t max_bytes);

 private:
  std::unique_ptr<ByteSource> source_;
  std::string bytes_;
  std::size_t front_ = 0;  // of the view, within bytes_
  std::uint64_t offset_ = 0;
  bool ended_ = false;
};

}  // namespace winnow
