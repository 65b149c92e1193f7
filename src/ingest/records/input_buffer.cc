#include "ingest/records/input_buffer.h"

#include <algorithm>
#include <cstring>

#include "base/contract.h"

namespace winnow {

Result<std::size_t> TextBytes::read_some(std::string& out, std::size_t max_bytes) {
  const std::size_t size = std::min({max_bytes, chunk_, text_.size() - at_});
  out.append(text_, at_, size);
  at_ += size;
  return size;
}

Result<std::size_t> PeekedBytes::read_some(std::string& out, std::size_t max_bytes) {
  if (front_.empty()) return rest_->read_some(out, max_bytes);
  const auto size = std::min(front_.size(), max_bytes);
  out.append(front_, 0, size);
  front_.erase(0, size);
  return size;
}

Result<bool> InputBuffer::fill() {
  if (ended_) return false;
  // Moving what is left costs less than it gains only when much was consumed.
  if (front_ > bytes_.size() / 2) {
    bytes_.erase(0, front_);
    front_ = 0;
  }
  WINNOW_TRY(const std::size_t got, source_->read_some(bytes_, kChunk));
  ended_ = got == 0;
  return !ended_;
}

Result<bool> InputBuffer::fill_to(std::size_t size) {
  while (view().size() < size) {
    WINNOW_TRY(const bool more, fill());
    if (!more) return false;
  }
  return true;
}

void InputBuffer::consume(std::size_t size) {
  ensure(size <= view().size(), "only what is in view is consumed");
  front_ += size;
  offset_ += size;
  // One huge record must not keep its memory for the rest of the input.
  if (front_ == bytes_.size()) {
    front_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > 8 * kChunk) bytes_.shrink_to_fit();
  }
}

Result<std::size_t> InputBuffer::line_end(std::size_t start, std::size_t max_bytes) {
  for (std::size_t searched = start;;) {
    const std::string_view seen = view();
    const std::size_t stop = std::min(seen.size(), start + max_bytes);
    if (searched < stop) {
      const void* found = std::memchr(seen.data() + searched, '\n', stop - searched);
      if (found != nullptr) {
        return static_cast<std::size_t>(static_cast<const char*>(found) - seen.data()) + 1;
      }
    }
    searched = std::max(searched, stop);
    if (stop == start + max_bytes) return stop;
    WINNOW_TRY(const bool more, fill());
    if (!more) return view().size();
  }
}

}  // namespace winnow
