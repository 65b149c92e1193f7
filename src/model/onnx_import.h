// Models of scikit-learn and others that were written as ONNX. A file is data: whatever its bytes
// are, reading ends with a checked model or an Error, in memory bounded by the limits.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "model/column_linear.h"
#include "model/forest.h"
#include "model/isolation_forest.h"

namespace winnow {

// A linear model; the link turns its margin into a prediction, as a forest's does.
struct LinkedLinear {
  ColumnLinear linear;
  Link link = Link::Identity;
};

struct OnnxModel {
  // The names of its columns: inputs of one column give theirs; those of a wider input are f0, f1,
  // ... or, beside other inputs, INPUT_0, INPUT_1, ...
  std::vector<std::string> columns;
  std::variant<Forest, LinkedLinear, IsolationTrees> model;  // over these columns
};

// Whether the bytes begin as an ONNX file does.
bool looks_like_onnx(std::string_view bytes);

// What skl2onnx and onnxmltools write of tree ensembles (ai.onnx.ml 1 to 5), linear models,
// isolation forests, and pipelines of these after scalers, imputers and column transformers, which
// are folded into thresholds and weights: docs/formats/onnx.md lists the operators. Of two classes
// the second is predicted. Predictions equal ONNX Runtime's within 1e-6, also where scikit-learn,
// which scales in double, rounds a value to the other side of a threshold.
// Errors: InvalidArgument (not such a file, or one that contradicts itself), Unsupported (an
// operator, by name), Exhausted (a limit).
Result<OnnxModel> read_onnx(std::string_view bytes, const ForestLimits& limits = {});

}  // namespace winnow
