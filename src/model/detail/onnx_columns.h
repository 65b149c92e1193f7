// What scalers and imputers before a model make of its columns, folded into the model: a tree that
// splits on a scaled value splits on the value itself, and one row needs no arithmetic.
#pragma once

#include <cstdint>
#include <vector>

#include "model/forest.h"

namespace winnow {

// One step of ONNX Runtime's float arithmetic on a column.
struct OnnxStep {
  enum class Kind : std::uint8_t { Add, Subtract, Multiply, Divide, Impute };
  Kind kind = Kind::Add;
  float by = 0;  // finite; not 0 to divide by
};

// A column of the model's rows, and what happens to it on the way to a node.
struct OnnxColumn {
  std::uint32_t source = 0;
  std::vector<OnnxStep> steps;
};

// The column's value for a row's; NaN until an imputer replaces it.
float value_of(const OnnxColumn& column, float x);

// Rewrites a numeric split on the column as the split on its source that sends every finite or
// missing value the same way: steps are monotone, also after rounding, so one threshold exists.
void pull_back(const OnnxColumn& column, TreeNode& node);

// The column as slope x source + offset, and the source value at which a missing one stands.
struct OnnxLine {
  double slope = 1;
  double offset = 0;
  double center = 0;
};
OnnxLine line_of(const OnnxColumn& column);

}  // namespace winnow
