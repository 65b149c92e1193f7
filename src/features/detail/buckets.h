// Time in buckets of equal width, and sums that stop at their type's end: what the accumulators of
// an entity state have in common.
#pragma once

#include <cstdint>
#include <limits>

#include "base/timestamp.h"

namespace winnow::features {

// floor(time / width)
inline std::int64_t bucket_of(Timestamp at, std::uint32_t width_s) {
  const auto seconds = at.seconds();
  const std::int64_t width = width_s;
  return seconds / width - (seconds % width < 0 ? 1 : 0);
}

// Of what is not negative: associative and commutative, as a sum without an end would be.
template <typename T>
T saturating_add(T a, T b) {
  return b > std::numeric_limits<T>::max() - a ? std::numeric_limits<T>::max()
                                               : static_cast<T>(a + b);
}

// Small numbers of either sign as small counts: 0, -1, 1, -2, ...
inline std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// Indices and seconds of every Timestamp are nearer to 0; so are their differences.
inline constexpr std::int64_t kHighestIndex = 20'000'000'000'000;
inline bool is_index(std::int64_t value) {
  return value <= kHighestIndex && value >= -kHighestIndex;
}

}  // namespace winnow::features
