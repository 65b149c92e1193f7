// Logarithm and power from additions, multiplications and divisions alone. The C library picks
// other code on other processors, whose last bit differs; a decision replays bit for bit anywhere.
#pragma once

namespace winnow::features {

double natural_log(double x);  // relative error below 1e-14; requires x > 0 and finite
double log1p_of(double x);     // natural_log(1 + x); requires x >= 0
double half_to_the(double x);  // 2^-x for x >= 0; 0 above 1000

}  // namespace winnow::features
