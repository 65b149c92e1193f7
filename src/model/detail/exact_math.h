// The exponential function with the same bits on every machine: libm may round differently where it
// picks another variant for another CPU, and a decision must replay bit for bit.
#pragma once

#include <cmath>

namespace winnow {

// exp(x) within 2e-16 relative; 0 below -708, infinity above 709.
inline double exact_exp(double x) {
  if (x > 709) return INFINITY;
  if (!(x >= -708)) return std::isnan(x) ? x : 0;
  // exp(x) = 2^k exp(r), |r| <= ln(2)/2; ln(2) in two parts, so that k * ln(2) is exact where it
  // counts.
  constexpr double kLog2E = 1.4426950408889634;
  constexpr double kLn2High = 6.93147180369123816490e-01;
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  const double k = std::floor(x * kLog2E + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double sum = 1;  // Taylor's series by Horner: the term after r^13/13! is below 1e-17
  for (int n = 13; n > 0; --n) sum = 1 + sum * r / n;
  return std::ldexp(sum, static_cast<int>(k));
}

inline float exact_logistic(double x) { return static_cast<float>(1 / (1 + exact_exp(-x))); }

}  // namespace winnow
