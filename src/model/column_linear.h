// A linear model over the columns of a row, as logistic regressions elsewhere are. (linear.h is the
// one over hashed text.)
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace winnow {

// The margin is bias + the sum of weight x (value - center), in double in the order of the terms. A
// value that is missing or infinite stands at the center: what an imputer would put there, or the
// mean that a scaler takes off. So a term is also what its column moved the margin by.
struct ColumnLinear {
  struct Term {
    std::uint32_t column = 0;
    double weight = 0;
    double center = 0;
    friend bool operator==(const Term&, const Term&) = default;
  };

  std::vector<Term> terms;  // ascending by column; a column may have several
  double bias = 0;

  // By how much the term moves the margin of a row that has its column.
  static double moved(const Term& term, std::span<const float> row);
  double margin(std::span<const float> row) const;

  friend bool operator==(const ColumnLinear&, const ColumnLinear&) = default;
};

// Errors: InvalidArgument (a column that does not exist or is out of order, a number that is not
// finite).
Status check(const ColumnLinear& linear, std::size_t columns);

}  // namespace winnow
