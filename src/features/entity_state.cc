#include "features/entity_state.h"

#include <algorithm>
#include <cmath>

#include "features/detail/buckets.h"
#include "features/detail/numbers.h"

namespace winnow {

using features::saturating_add;

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
  return features::bucket_of(at, width_s_);
}

// An index that is dropped here has `capacity` newer ones beside it, and would have them in every
// merge to come: that is why dropping early or late ends in the same state.
void BucketCounts::keep_newest() {
  if (buckets_.size() > capacity_) {
    buckets_.erase(buckets_.begin(), buckets_.end() - static_cast<std::ptrdiff_t>(capacity_));
  }
}

bool BucketCounts::add(Timestamp at, std::uint64_t count) {
  if (count == 0) return true;
  total_ = saturating_add(total_, count);
  const auto index = index_of(at);
  const auto place =
      std::lower_bound(buckets_.begin(), buckets_.end(), index,
                       [](const Bucket& bucket, std::int64_t i) { return bucket.index < i; });
  if (place != buckets_.end() && place->index == index) {
    place->count = saturating_add(place->count, count);
    return true;
  }
  const bool is_late = buckets_.size() == capacity_ && place == buckets_.begin();
  if (is_late) return false;
  buckets_.insert(place, {index, count});
  keep_newest();
  return true;
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

std::optional<BucketCounts::Usual> BucketCounts::usual(Timestamp now, Duration window) const {
  const auto present = index_of(now);
  const auto width_us = std::int64_t{width_s_} * 1'000'000;
  if (buckets_.empty() || buckets_.front().index >= present) return {};
  const auto first = std::max(present - std::max<std::int64_t>(window.count() / width_us, 1),
                              buckets_.front().index);
  const auto size = static_cast<double>(present - first);
  Usual usual{0, 0, 0};
  for (const auto& [index, count] : buckets_) {
    if (index >= first && index < present) usual.mean += static_cast<double>(count) / size;
    if (index == present) usual.present = static_cast<double>(count);
  }
  double squares = 0, filled = 0;
  for (const auto& [index, count] : buckets_) {
    if (index < first || index >= present) continue;
    const auto distance = static_cast<double>(count) - usual.mean;
    squares += distance * distance;
    filled += 1;
  }
  squares += (size - filled) * usual.mean * usual.mean;
  usual.deviation = std::sqrt(squares / size);
  return usual;
}

bool same_shape(const Accumulator& a, const Accumulator& b) {
  return std::visit(
      [&](const auto& one) {
        using Kind = std::decay_t<decltype(one)>;
        const auto* other = std::get_if<Kind>(&b);
        if (other == nullptr) return false;
        if constexpr (std::is_same_v<Kind, BucketCounts>)
          return one.width_s() == other->width_s() && one.capacity() == other->capacity();
        if constexpr (requires { one.window_s(); }) return one.window_s() == other->window_s();
        return true;
      },
      a);
}

std::size_t EntityState::memory_bytes() const {
  std::size_t bytes = sizeof *this + accumulators_.capacity() * sizeof(Accumulator);
  for (const auto& accumulator : accumulators_) {
    std::visit(
        [&](const auto& kind) {
          if constexpr (requires { kind.heap_bytes(); }) bytes += kind.heap_bytes();
        },
        accumulator);
  }
  return bytes;
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
