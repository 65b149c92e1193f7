// What is remembered of the last minutes, hours or days. A window is cut into twelve parts of equal
// width; the newest sixteen are kept, counted from the newest observation, so that what comes up to
// a third of the window late still counts, and an event that comes late still finds what was before
// it. Which parts there are, and what is in them, depends on the set of observations alone: a part
// that is dropped stays below the newest sixteen in every merge to come. See docs/adr/0010.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "features/distinct_count.h"

namespace winnow {

struct WindowParts {
  static constexpr std::uint32_t kInWindow = 12;
  static constexpr std::uint32_t kKept = 16;
  static constexpr std::uint32_t kShortest_s = 60, kLongest_s = 30 * 86'400;  // in whole minutes
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();

  // The parts that end in the one of `now`: as many as `window` holds, rounded up, at most a
  // window.
  struct Range {
    std::int64_t first, last;
    bool holds(std::int64_t part) const { return part >= first && part <= last; }
  };
  static Range range(std::uint32_t width_s, Timestamp now, Duration window);
  // Whether `part` is among the newest sixteen, where there is one at all.
  static bool is_kept(std::int64_t part, std::int64_t newest) {
    return newest == kNone || part > newest - static_cast<std::int64_t>(kKept);
  }
};

// The sum of amounts. 144 bytes, no allocation; an observation touches two cache lines.
class WindowCounts {
 public:
  explicit WindowCounts(std::uint32_t window_s) : width_s_(window_s / WindowParts::kInWindow) {}

  // False when it came too late: then nothing changes.
  bool add(Timestamp at, std::uint64_t amount);
  Status merge(const WindowCounts& other);  // Errors: InvalidArgument (another window)
  // The sum of the last `window`, which is at most window_s(): between 11/12 of it and all.
  std::uint64_t within(Timestamp now, Duration window) const;

  std::uint32_t window_s() const { return width_s_ * WindowParts::kInWindow; }
  void write(ByteWriter& out) const;
  static Result<WindowCounts> read(ByteReader& in);  // Errors: Corrupt
  friend bool operator==(const WindowCounts&, const WindowCounts&) = default;

 private:
  std::uint64_t& at(std::int64_t part) { return sums_[static_cast<std::uint64_t>(part) % kKept]; }
  std::uint64_t at(std::int64_t part) const {
    return sums_[static_cast<std::uint64_t>(part) % kKept];
  }
  void move_to(std::int64_t part);  // makes it the newest if it is newer

  static constexpr auto kKept = WindowParts::kKept;
  std::array<std::uint64_t, kKept> sums_{};   // by part modulo 16
  std::int64_t newest_ = WindowParts::kNone;  // its sum is above 0
  std::uint32_t width_s_;
};

// About how many different values: a DistinctCount for each part that has one. A value that comes
// again in several parts counts once.
class WindowDistinct {
 public:
  explicit WindowDistinct(std::uint32_t window_s) : width_s_(window_s / WindowParts::kInWindow) {}

  bool add(Timestamp at, std::string_view value);  // as WindowCounts
  Status merge(const WindowDistinct& other);       // Errors: InvalidArgument (another window)
  double estimate(Timestamp now, Duration window) const;

  std::uint32_t window_s() const { return width_s_ * WindowParts::kInWindow; }
  std::size_t heap_bytes() const { return parts_.capacity() * sizeof(Part); }
  void write(ByteWriter& out) const;
  static Result<WindowDistinct> read(ByteReader& in);  // Errors: Corrupt
  friend bool operator==(const WindowDistinct&, const WindowDistinct&) = default;

 private:
  struct Part {
    std::int64_t index;
    DistinctCount values;  // not empty
    friend bool operator==(const Part&, const Part&) = default;
  };
  void drop_old();

  std::uint32_t width_s_;
  std::vector<Part> parts_;  // ascending
};

}  // namespace winnow
