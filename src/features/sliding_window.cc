#include "features/sliding_window.h"

#include <algorithm>
#include <bit>

#include "base/few_bytes.h"
#include "features/detail/buckets.h"

namespace winnow {
namespace {

Error corrupt(std::string_view what) {
  return Error(Code::Corrupt, "entity state has a window " + std::string(what));
}
Error another_window() {
  return Error(Code::InvalidArgument, "windows of different lengths cannot be merged");
}

Result<std::uint32_t> read_window(ByteReader& in) {
  const auto width = in.get_count();
  const auto window = width * WindowParts::kInWindow;
  if (width > WindowParts::kLongest_s || window < WindowParts::kShortest_s ||
      window > WindowParts::kLongest_s) {
    return corrupt("of an impossible length");
  }
  return static_cast<std::uint32_t>(window);
}

}  // namespace

WindowParts::Range WindowParts::range(std::uint32_t width_s, Timestamp now, Duration window) {
  const auto width_us = std::int64_t{width_s} * 1'000'000;
  const auto last = features::bucket_of(now, width_s);
  if (window.count() >= kInWindow * width_us) return {last - kInWindow + 1, last};  // mostly
  const auto parts = (std::max<std::int64_t>(window.count(), 1) - 1) / width_us + 1;
  return {last - parts + 1, last};
}

void WindowCounts::move_to(std::int64_t part) {
  if (newest_ != WindowParts::kNone && part <= newest_) return;
  if (newest_ == WindowParts::kNone || part - newest_ >= kKept) {
    sums_.fill(0);
  } else {
    for (auto passed = newest_ + 1; passed <= part; ++passed) at(passed) = 0;
  }
  newest_ = part;
}

bool WindowCounts::add(Timestamp time, std::uint64_t amount) {
  const auto part = features::bucket_of(time, width_s_);
  if (!WindowParts::is_kept(part, newest_)) return false;
  if (amount == 0) return true;
  move_to(part);
  at(part) = features::saturating_add(at(part), amount);
  return true;
}

Status WindowCounts::merge(const WindowCounts& other) {
  if (width_s_ != other.width_s_) return another_window();
  if (other.newest_ == WindowParts::kNone) return {};
  move_to(other.newest_);
  for (auto part = std::max(newest_, other.newest_) - kKept + 1; part <= other.newest_; ++part) {
    at(part) = features::saturating_add(at(part), other.at(part));
  }
  return {};
}

std::uint64_t WindowCounts::within(Timestamp now, Duration window) const {
  if (newest_ == WindowParts::kNone) return 0;
  const auto range = WindowParts::range(width_s_, now, window);
  std::uint64_t sum = 0;
  const auto last = std::min(range.last, newest_);
  for (auto part = std::max(range.first, newest_ - kKept + 1); part <= last; ++part)
    sum = features::saturating_add(sum, at(part));
  return sum;
}

void WindowCounts::write(ByteWriter& out) const {
  constexpr std::size_t kMostOfCount = 10;
  FewBytes<sizeof(std::uint16_t) + (kKept + 2) * kMostOfCount> bytes;
  bytes.put_count(width_s_);
  std::uint16_t present = 0;  // the newest part is the lowest bit
  if (newest_ != WindowParts::kNone) {
    for (std::uint32_t age = 0; age < kKept; ++age)
      present |= static_cast<std::uint16_t>((at(newest_ - age) != 0 ? 1U : 0U) << age);
  }
  bytes.put(present);
  if (present != 0) bytes.put_count(features::zigzag(newest_));
  for (std::uint32_t left = present; left != 0; left &= left - 1)
    bytes.put_count(at(newest_ - std::countr_zero(left)));
  out.put_raw(bytes.view());
}

Result<WindowCounts> WindowCounts::read(ByteReader& in) {
  WINNOW_TRY(const std::uint32_t window, read_window(in));
  WindowCounts counts(window);
  const auto present = in.get<std::uint16_t>();
  if (present == 0) return counts;
  const auto newest = features::from_zigzag(in.get_count());
  if ((present & 1) == 0 || !features::is_index(newest)) return corrupt("of an impossible time");
  counts.newest_ = newest;
  for (std::uint32_t age = 0; age < kKept && in.ok(); ++age) {
    if ((present >> age & 1) == 0) continue;
    counts.at(newest - age) = in.get_count();
    if (counts.at(newest - age) == 0) return corrupt("with a part of nothing");
  }
  return counts;
}

void WindowDistinct::drop_old() {
  const auto newest = parts_.back().index;
  std::erase_if(parts_,
                [&](const Part& part) { return !WindowParts::is_kept(part.index, newest); });
}

bool WindowDistinct::add(Timestamp time, std::string_view value) {
  const auto index = features::bucket_of(time, width_s_);
  if (!parts_.empty() && !WindowParts::is_kept(index, parts_.back().index)) return false;
  auto place = std::lower_bound(parts_.begin(), parts_.end(), index,
                                [](const Part& part, std::int64_t i) { return part.index < i; });
  const bool is_new = place == parts_.end() || place->index != index;
  if (is_new) place = parts_.insert(place, {index, {}});
  place->values.add(value);
  if (is_new) drop_old();
  return true;
}

Status WindowDistinct::merge(const WindowDistinct& other) {
  if (width_s_ != other.width_s_) return another_window();
  if (other.parts_.empty()) return {};
  std::vector<Part> both;
  both.reserve(parts_.size() + other.parts_.size());
  std::merge(parts_.begin(), parts_.end(), other.parts_.begin(), other.parts_.end(),
             std::back_inserter(both),
             [](const Part& a, const Part& b) { return a.index < b.index; });
  parts_.clear();
  for (auto& part : both) {
    if (!parts_.empty() && parts_.back().index == part.index) {
      WINNOW_TRY(parts_.back().values.merge(part.values));
    } else {
      parts_.push_back(part);
    }
  }
  drop_old();
  return {};
}

double WindowDistinct::estimate(Timestamp now, Duration window) const {
  const auto range = WindowParts::range(width_s_, now, window);
  const auto first = std::ranges::lower_bound(parts_, range.first, {}, &Part::index);
  const auto end = std::ranges::upper_bound(first, parts_.end(), range.last, {}, &Part::index);
  if (first == end) return DistinctCount().estimate();
  if (end - first == 1) return first->values.estimate();
  auto all = first->values;
  for (auto part = first + 1; part != end; ++part)
    ensure(all.merge(part->values).has_value(), "all distinct counts are of one shape");
  return all.estimate();
}

void WindowDistinct::write(ByteWriter& out) const {
  out.put_count(width_s_).put_count(parts_.size());
  std::int64_t before = 0;
  for (const auto& part : parts_) {
    out.put_count(features::zigzag(part.index - before));
    part.values.write(out);
    before = part.index;
  }
}

Result<WindowDistinct> WindowDistinct::read(ByteReader& in) {
  WINNOW_TRY(const std::uint32_t window, read_window(in));
  WindowDistinct distinct(window);
  const auto parts = in.get_item_count(9);
  if (parts > WindowParts::kKept) return corrupt("of too many parts");
  std::int64_t index = 0;
  for (std::uint64_t i = 0; i < parts && in.ok(); ++i) {
    const auto step = features::from_zigzag(in.get_count());
    if ((i > 0 && step <= 0) || !features::is_index(step) || !features::is_index(index += step))
      return corrupt("whose parts are out of order or of an impossible time");
    WINNOW_TRY(const DistinctCount values, DistinctCount::read(in));
    if (values.empty()) return corrupt("with a part of nothing");
    distinct.parts_.push_back({index, values});
  }
  const bool too_wide =
      !distinct.parts_.empty() && !WindowParts::is_kept(distinct.parts_.front().index, index);
  if (too_wide) return corrupt("wider than it is declared");
  return distinct;
}

}  // namespace winnow
