// Which way a value goes at a node.
#pragma once

#include <algorithm>
#include <cmath>

#include "model/forest.h"

namespace winnow {

// A value as a category: not negative, small enough, truncated. NaN belongs to no set.
inline bool in_category_set(const std::vector<std::uint32_t>& set, float x) {
  if (!(x >= 0) || x >= static_cast<float>(Forest::kMaxCategory)) return false;
  return std::binary_search(set.begin(), set.end(), static_cast<std::uint32_t>(x));
}

inline bool goes_left(const Tree& tree, const TreeNode& node, float x) {
  const bool gap = node.kind == TreeNode::Kind::ZeroGap && std::fabs(x) <= TreeNode::kZeroGap;
  if (std::isnan(x) || gap) return node.default_left;
  if (node.kind == TreeNode::Kind::Category)
    return !in_category_set(tree.category_sets[node.slot], x);
  return x < node.threshold;
}

}  // namespace winnow
