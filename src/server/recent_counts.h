// How often something happened in each of the last N periods (minutes, hours).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace winnow::server {

// Periods are numbered by the caller, one after the other. One thread at a time.
template <std::size_t N>
class RecentCounts {
 public:
  void note(std::int64_t period) {
    move_to(period);
    if (newest_ - period < kN) ++counts_[place(period)];
  }
  // The counts of the N periods that end with `newest`, oldest first.
  std::array<std::uint64_t, N> until(std::int64_t newest) const {
    std::array<std::uint64_t, N> told{};
    for (std::size_t i = 0; i < N; ++i) {
      const auto period = newest - kN + 1 + static_cast<std::int64_t>(i);
      if (period <= newest_ && newest_ - period < kN) told[i] = counts_[place(period)];
    }
    return told;
  }

 private:
  static constexpr auto kN = static_cast<std::int64_t>(N);
  static std::size_t place(std::int64_t period) {
    return static_cast<std::size_t>(((period % kN) + kN) % kN);
  }
  void move_to(std::int64_t period) {
    if (period - newest_ >= kN) {
      counts_ = {};
      newest_ = period;
    }
    while (newest_ < period) counts_[place(++newest_)] = 0;
  }

  std::int64_t newest_ = 0;
  std::array<std::uint64_t, N> counts_{};
};

}  // namespace winnow::server
