// Exponential and logarithm with the same bits on every machine: libm may round differently where
// it picks another variant for another CPU, and a decision must replay bit for bit.
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

// ln(x) of a finite positive x, within 1e-15 relative where it is not near 0.
inline double exact_log(double x) {
  // x = m 2^k, m near 1; ln(m) = 2 artanh(s), s = (m - 1) / (m + 1), |s| < 0.172.
  constexpr double kLn2 = 0.69314718055994530942;
  int k = 0;
  double m = std::frexp(x, &k);
  if (m < 0.70710678118654752440) {
    m *= 2;
    --k;
  }
  const double s = (m - 1) / (m + 1);
  double sum = 0;  // the term after s^23 / 23 is below 1e-20
  for (int n = 23; n > 0; n -= 2) sum = sum * s * s + 1.0 / n;
  return k * kLn2 + 2 * s * sum;
}

inline float exact_logistic(double x) { return static_cast<float>(1 / (1 + exact_exp(-x))); }

}  // namespace winnow
