#include "features/detail/numbers.h"

#include <cmath>

namespace winnow::features {
namespace {

constexpr double kLn2 = 0.693147180559945309417232121458;
constexpr double kOdd[] = {1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11,
                           1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3,  1.0};

}  // namespace

double natural_log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact; in [0.5, 1)
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

double log1p_of(double x) { return natural_log(1 + x); }

double half_to_the(double x) {
  if (!(x < 1000)) return 0;
  const double whole = std::floor(x);  // exact
  const double rest = (x - whole) * kLn2;
  double sum = 1;  // e^-rest by Horner's scheme; rest is below 0.7
  for (int k = 18; k >= 1; --k) sum = 1 - sum * rest / k;
  return std::ldexp(sum, -static_cast<int>(whole));  // exact
}

}  // namespace winnow::features
