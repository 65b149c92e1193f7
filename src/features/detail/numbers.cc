#include "features/detail/numbers.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace winnow::features {
namespace {

constexpr double kLn2 = 0.693147180559945309417232121458;
constexpr double kOdd[] = {1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11,
                           1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3,  1.0};

// As std::frexp, whose call takes as long as half of the rest.
double parted(double x, int& exponent) {
  constexpr std::uint64_t kExponent = std::uint64_t{0x7FF} << 52,
                          kHalf = std::uint64_t{0x3FE} << 52;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto biased = (bits & kExponent) >> 52;
  const bool is_normal = biased != 0 && biased != 0x7FF;
  if (!is_normal) return std::frexp(x, &exponent);
  exponent = static_cast<int>(biased) - 0x3FE;
  return std::bit_cast<double>((bits & ~kExponent) | kHalf);
}

}  // namespace

double natural_log(double x) {
  int exponent = 0;
  double mantissa = parted(x, exponent);  // exact; in [0.5, 1)
  if (mantissa < 0.70710678118654752440) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)); the argument is below 0.172, so 0.172^2 gains 1.5 digits a
  // term.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double square = s * s;
  double sum = 0;
  for (const double share : kOdd) sum = sum * square + share;
  return exponent * kLn2 + 2 * s * sum;
}

// Mostly of counts, and most counts are small.
double log1p_of(double x) {
  constexpr std::size_t kKnown = 512;
  static const auto kOfCounts = [] {
    std::array<double, kKnown> logs;
    for (std::size_t i = 0; i < kKnown; ++i) logs[i] = natural_log(1 + static_cast<double>(i));
    return logs;
  }();
  if (!(x < kKnown)) return natural_log(1 + x);
  const auto count = static_cast<std::size_t>(x);
  return static_cast<double>(count) == x ? kOfCounts[count] : natural_log(1 + x);
}

double half_to_the(double x) {
  if (!(x < 1000)) return 0;
  const double whole = std::floor(x);  // exact
  const double rest = (x - whole) * kLn2;
  double sum = 1;  // e^-rest by Horner's scheme; rest is below 0.7
  for (int k = 18; k >= 1; --k) sum = 1 - sum * rest / k;
  return std::ldexp(sum, -static_cast<int>(whole));  // exact
}

}  // namespace winnow::features
