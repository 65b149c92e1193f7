// What skl2onnx computes from the leaf that a row falls into: it writes an isolation forest as
// trees that answer with the number of a leaf, and arithmetic on what it looks up for that number.
// Arithmetic on a tree's answer is arithmetic on its leaves, so it can be done once, when reading.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/detail/onnx_trees.h"
#include "model/isolation_forest.h"

namespace winnow {

// A value for each leaf of a tree.
struct LeafTable {
  std::shared_ptr<const OnnxTree> tree;
  std::vector<double> values;
};

// The sum of such values over different trees, times a factor.
struct LeafSum {
  std::vector<LeafTable> tables;
  double scale = 1;
};

// The result of an elementwise operator of ONNX, or nothing if Winnow does not know it. Operators
// of one operand ignore the second.
std::optional<double> elementwise(std::string_view op, double a, double b);

// Replaces each value by the one that the LabelEncoder has for it. Errors: InvalidArgument (a value
// that it does not have), Unsupported (texts).
Status look_up(const OnnxNode& label_encoder, std::vector<double>& values);

// The isolation forest whose novelty is 2^sum. Errors: Unsupported (leaves that hold no paths).
Result<IsolationTrees> isolation_of(const LeafSum& sum, std::vector<std::string> columns);

}  // namespace winnow
