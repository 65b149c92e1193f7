// Reads a log that another thread appends to, in order and past damage: what stands before and
// behind bytes that changed is still read.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/file.h"
#include "store/segment_log.h"

namespace winnow::store {

class SegmentTail {
 public:
  // Told where damage begins and how many bytes it covers.
  using OnDamage = std::function<void(RecordPosition at, std::uint64_t bytes)>;

  // Reads from `at` on, where a record begins or the log ends.
  SegmentTail(Path folder, RecordPosition at, OnDamage on_damage)
      : folder_(std::move(folder)), at_(at), on_damage_(std::move(on_damage)) {}

  // The next record before `end`, which is durable; nothing where there is none. The payload is
  // borrowed until the next call. Errors: NotFound (a segment is gone), Unavailable.
  Result<std::optional<SegmentRecord>> next(RecordPosition end);
  RecordPosition at() const { return at_; }  // behind the last record read

 private:
  static constexpr std::size_t kChunk = 1UL << 20;
  std::string_view window() const { return std::string_view(bytes_).substr(front_); }
  void advance(std::size_t bytes);
  void enter_next_segment();
  Status open_segment();
  // Lengthens the window to `bytes` where the segment, before `end`, has as many.
  Result<bool> fill_to(std::size_t bytes, RecordPosition end);
  Status skip_damage(RecordPosition end);

  Path folder_;
  RecordPosition at_;  // of the window's first byte
  OnDamage on_damage_;
  std::optional<InputFile> file_;  // of the segment
  std::uint64_t read_ = 0;         // bytes of it
  std::string bytes_;
  std::size_t front_ = 0;  // of the window, within bytes_
};

}  // namespace winnow::store
