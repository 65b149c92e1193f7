#include "features/arrivals.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "features/detail/buckets.h"

namespace winnow {

bool Arrivals::add(Timestamp at) {
  const auto second = at.seconds();
  const auto place = std::lower_bound(seconds_.begin(), seconds_.end(), second);
  if (place != seconds_.end() && *place == second) return true;
  if (seconds_.size() < kKept) {
    seconds_.insert(place, second);
    return true;
  }
  if (place == seconds_.begin()) return false;
  std::move(seconds_.begin() + 1, place, seconds_.begin());  // the oldest makes room
  *(place - 1) = second;
  return true;
}

Status Arrivals::merge(const Arrivals& other) {
  std::vector<std::int64_t> both;
  both.reserve(seconds_.size() + other.seconds_.size());
  std::set_union(seconds_.begin(), seconds_.end(), other.seconds_.begin(), other.seconds_.end(),
                 std::back_inserter(both));
  if (both.size() > kKept)
    both.erase(both.begin(), both.end() - static_cast<std::ptrdiff_t>(kKept));
  seconds_ = std::move(both);
  return {};
}

std::size_t Arrivals::until(Timestamp now) const {
  return static_cast<std::size_t>(
      std::upper_bound(seconds_.begin(), seconds_.end(), now.seconds()) - seconds_.begin());
}

std::optional<Arrivals::Rhythm> Arrivals::rhythm(Timestamp now) const {
  const auto known = until(now);
  if (known < kFewest) return {};
  std::vector<double> gaps;
  for (std::size_t i = 1; i < known; ++i)
    gaps.push_back(static_cast<double>(seconds_[i] - seconds_[i - 1]));
  std::sort(gaps.begin(), gaps.end());
  const double median = gaps[gaps.size() / 2];  // at least 1: the seconds differ
  const double low = gaps[gaps.size() / 4], high = gaps[gaps.size() * 3 / 4];
  auto deviations = gaps;
  for (auto& gap : deviations) gap = std::abs(gap - median);
  std::sort(deviations.begin(), deviations.end());
  const double spread = deviations[deviations.size() / 2];
  return Rhythm{median, std::max(0.0, 1 - spread / median),
                high > low ? (high + low - 2 * median) / (high - low) : 0};
}

void Arrivals::write(ByteWriter& out) const {
  out.put_count(seconds_.size());
  std::int64_t before = 0;
  for (const auto second : seconds_) {
    out.put_count(features::zigzag(second - before));
    before = second;
  }
}

Result<Arrivals> Arrivals::read(ByteReader& in) {
  Arrivals arrivals;
  const auto count = in.get_item_count(1);
  std::int64_t second = 0;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const auto step = features::from_zigzag(in.get_count());
    if (i >= kKept || (i > 0 && step <= 0) || !features::is_index(step) ||
        !features::is_index(second += step)) {
      return Error(Code::Corrupt,
                   "entity state has arrivals too many, out of order or of an impossible time");
    }
    arrivals.seconds_.push_back(second);
  }
  return arrivals;
}

}  // namespace winnow
