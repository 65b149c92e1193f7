// Seeded randomness with the same numbers on every machine (std distributions promise none).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace winnow {

// xoshiro256** (Blackman & Vigna 2018), seeded through SplitMix64. Not for secrets.
class Rng {
 public:
  explicit Rng(std::uint64_t seed);
  // An independent stream for one purpose: what one part draws never shifts another part's numbers.
  Rng fork(std::string_view purpose) const;

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound); bound > 0; unbiased
  std::int64_t between(std::int64_t low, std::int64_t high);  // both ends included
  double unit();                                              // uniform in [0, 1)
  bool chance(double probability) { return unit() < probability; }
  double normal();  // mean 0, deviation 1
  double exponential(double mean);
  std::uint64_t poisson(double mean);  // mean up to 1e6
  // An index, drawn with the given non-negative weights, of which at least one is positive.
  std::size_t weighted(std::span<const double> weights);

  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }
  template <typename Container>
  const auto& pick(const Container& items) {  // not empty
    return items[below(std::size(items))];
  }

 private:
  std::uint64_t seed_;
  std::uint64_t state_[4];
};

}  // namespace winnow
