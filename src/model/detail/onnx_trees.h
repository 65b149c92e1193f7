// The tree ensembles of ai.onnx.ml: TreeEnsembleClassifier and TreeEnsembleRegressor of versions 1
// to 3, and TreeEnsemble of version 5 that replaces both.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "model/detail/onnx_graph.h"
#include "model/forest.h"

namespace winnow {

struct OnnxTree {
  std::vector<TreeNode> nodes;  // in breadth-first order; `slot` of a leaf counts leaves
  std::vector<double> values;   // as many a leaf as the ensemble has outputs
};

struct OnnxEnsemble {
  std::vector<OnnxTree> trees;
  std::vector<double> base;  // one for each output; two classes are one output: that of the second
  Link link = Link::Identity;
  double weight = 1;  // of each tree
};

// What ONNX calls a post transform. Errors: Unsupported.
Result<Link> onnx_link(std::string_view post_transform);

// `columns` are those of the rows that the node reads. Covers count leaves, since ONNX has none.
// Errors: InvalidArgument, Unsupported (a mode or an aggregate that Winnow does not know),
// Exhausted.
Result<OnnxEnsemble> read_onnx_trees(const OnnxNode& node, std::uint32_t columns,
                                     const ForestLimits& limits);

}  // namespace winnow
