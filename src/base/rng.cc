#include "base/rng.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "base/contract.h"
#include "base/digest.h"

namespace winnow {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) : seed_(seed) {
  for (auto& word : state_) word = split_mix(seed);
}

Rng Rng::fork(std::string_view purpose) const { return Rng(hash64(purpose, seed_)); }

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

// Lemire, "Fast random integer generation in an interval" (2019).
std::uint64_t Rng::below(std::uint64_t bound) {
  ensure(bound > 0, "a range to draw from is not empty");
  auto product = static_cast<Wide>(next()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < threshold) {
      product = static_cast<Wide>(next()) * bound;
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

std::int64_t Rng::between(std::int64_t low, std::int64_t high) {
  ensure(low <= high, "a range to draw from is not empty");
  return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

double Rng::unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

double Rng::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - unit()));
  return radius * std::cos(2 * std::numbers::pi * unit());
}

double Rng::exponential(double mean) { return -mean * std::log(1 - unit()); }

std::uint64_t Rng::poisson(double mean) {
  if (mean > 64) {  // far from zero the normal approximation is as good as anybody needs
    return static_cast<std::uint64_t>(std::max(0.0, std::round(mean + std::sqrt(mean) * normal())));
  }
  const double limit = std::exp(-mean);
  std::uint64_t count = 0;
  for (double product = unit(); product > limit; product *= unit()) ++count;
  return count;
}

std::size_t Rng::weighted(std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  ensure(sum > 0, "at least one weight is positive");
  double left = unit() * sum;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) return i;
  }
  std::size_t last = weights.size() - 1;  // rounding left a crumb: the last positive weight
  while (weights[last] <= 0) --last;
  return last;
}

}  // namespace winnow
