#include "features/entity_state.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/digest.h"
#include "features/detail/numbers.h"

namespace winnow {
namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return b > std::numeric_limits<std::uint64_t>::max() - a
             ? std::numeric_limits<std::uint64_t>::max()
             : a + b;
}

}  // namespace

void SeenSpan::add(Timestamp at) {
  first_us = std::min(first_us, at.micros());
  last_us = std::max(last_us, at.micros());
}

Status SeenSpan::merge(const SeenSpan& other) {
  first_us = std::min(first_us, other.first_us);
  last_us = std::max(last_us, other.last_us);
  return {};
}

std::int64_t BucketCounts::index_of(Timestamp at) const {
  return floor_div(at.seconds(), width_s_);
}

// An index that is dropped here has `capacity` newer ones beside it, and would have them in every
// merge to come: that is why dropping early or late ends in the same state.
void BucketCounts::keep_newest() {
  if (buckets_.size() > capacity_) {
    buckets_.erase(buckets_.begin(), buckets_.end() - static_cast<std::ptrdiff_t>(capacity_));
  }
}

void BucketCounts::add(Timestamp at, std::uint64_t count) {
  if (count == 0) return;
  total_ = saturating_add(total_, count);
  const auto index = index_of(at);
  const auto place =
      std::lower_bound(buckets_.begin(), buckets_.end(), index,
                       [](const Bucket& bucket, std::int64_t i) { return bucket.index < i; });
  if (place != buckets_.end() && place->index == index) {
    place->count = saturating_add(place->count, count);
  } else {
    buckets_.insert(place, {index, count});
    keep_newest();
  }
}

Status BucketCounts::merge(const BucketCounts& other) {
  if (width_s_ != other.width_s_ || capacity_ != other.capacity_) {
    return Error(Code::InvalidArgument,
                 "counts of different bucket widths or capacities cannot be merged");
  }
  total_ = saturating_add(total_, other.total_);
  std::vector<Bucket> both;
  both.reserve(buckets_.size() + other.buckets_.size());
  std::merge(buckets_.begin(), buckets_.end(), other.buckets_.begin(), other.buckets_.end(),
             std::back_inserter(both),
             [](const Bucket& a, const Bucket& b) { return a.index < b.index; });
  buckets_.clear();
  for (const auto& bucket : both) {
    if (!buckets_.empty() && buckets_.back().index == bucket.index) {
      buckets_.back().count = saturating_add(buckets_.back().count, bucket.count);
    } else {
      buckets_.push_back(bucket);
    }
  }
  keep_newest();
  return {};
}

std::uint64_t BucketCounts::within(Timestamp now, Duration window) const {
  const auto last = index_of(now);
  const auto width_us = std::int64_t{width_s_} * 1'000'000;
  const auto first = last - (std::max<std::int64_t>(window.count(), 1) - 1) / width_us;
  std::uint64_t sum = 0;
  for (const auto& bucket : buckets_) {
    if (bucket.index >= first && bucket.index <= last) sum = saturating_add(sum, bucket.count);
  }
  return sum;
}

std::uint64_t BucketCounts::active(Timestamp now, Duration window) const {
  const auto last = index_of(now);
  const auto width_us = std::int64_t{width_s_} * 1'000'000;
  const auto first = last - (std::max<std::int64_t>(window.count(), 1) - 1) / width_us;
  return static_cast<std::uint64_t>(std::count_if(
      buckets_.begin(), buckets_.end(),
      [&](const Bucket& bucket) { return bucket.index >= first && bucket.index <= last; }));
}

double BucketCounts::decayed(Timestamp now, Duration half_life) const {
  const auto last = index_of(now);
  const double buckets_a_half_life = static_cast<double>(half_life.count()) / 1e6 / width_s_;
  double sum = 0;
  for (const auto& bucket : buckets_) {
    if (bucket.index > last) break;
    const auto age = static_cast<double>(last - bucket.index);
    sum += static_cast<double>(bucket.count) * features::half_to_the(age / buckets_a_half_life);
  }
  return sum;
}

void DistinctCount::add(std::string_view value) {
  const auto hash = hash64(value, 0x57494E4E4F57);
  auto& highest = registers_[hash >> 58];  // six bits name the register
  const auto rank = static_cast<std::uint8_t>(std::countl_zero((hash << 6) | 0x20) + 1);  // 1 to 59
  highest = std::max(highest, rank);
}

Status DistinctCount::merge(const DistinctCount& other) {
  for (std::size_t i = 0; i < kRegisters; ++i)
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  return {};
}

double DistinctCount::estimate() const {
  double inverse = 0;  // in register order, so that rounding is the same everywhere
  int empty = 0;
  for (const auto rank : registers_) {
    inverse += 1.0 / static_cast<double>(std::uint64_t{1} << rank);
    empty += rank == 0 ? 1 : 0;
  }
  constexpr double kSize = kRegisters;
  constexpr double kAlpha = 0.709;  // Flajolet et al. 2007, figure 3, for 64 registers
  const double raw = kAlpha * kSize * kSize / inverse;
  if (raw <= 2.5 * kSize && empty > 0) return kSize * features::natural_log(kSize / empty);
  return raw;
}

Status EntityState::merge(const EntityState& other) {
  const Error different(Code::InvalidArgument,
                        "entity states were declared differently and cannot be merged");
  if (accumulators_.size() != other.accumulators_.size()) return different;
  EntityState merged = *this;
  for (std::size_t i = 0; i < accumulators_.size(); ++i) {
    WINNOW_TRY(std::visit(
        [&](auto& mine) -> Status {
          using Kind = std::decay_t<decltype(mine)>;
          const auto* theirs = std::get_if<Kind>(&other.accumulators_[i]);
          return theirs == nullptr ? Status(different) : mine.merge(*theirs);
        },
        merged.accumulators_[i]));
  }
  *this = std::move(merged);
  return {};
}

}  // namespace winnow
