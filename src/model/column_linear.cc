#include "model/column_linear.h"

#include <algorithm>
#include <cmath>

namespace winnow {

double ColumnLinear::moved(const Term& term, std::span<const float> row) {
  const auto value = static_cast<double>(row[term.column]);
  return std::isfinite(value) ? term.weight * (value - term.center) : 0;
}

double ColumnLinear::margin(std::span<const float> row) const {
  double sum = bias;
  for (const auto& term : terms) sum += moved(term, row);
  return sum;
}

Status check(const ColumnLinear& linear, std::size_t columns) {
  const auto fits = [columns](const ColumnLinear::Term& term) {
    return term.column < columns && std::isfinite(term.weight) && std::isfinite(term.center);
  };
  const bool ascends =
      std::is_sorted(linear.terms.begin(), linear.terms.end(),
                     [](const auto& a, const auto& b) { return a.column < b.column; });
  if (ascends && std::isfinite(linear.bias) &&
      std::all_of(linear.terms.begin(), linear.terms.end(), fits)) {
    return {};
  }
  return Error(Code::InvalidArgument,
               "a linear model with a column out of order or a number that is not finite");
}

}  // namespace winnow
