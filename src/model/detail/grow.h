// Foreign node tables become trees of ours.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/forest.h"

namespace winnow {

// The nodes that can be reached from nodes[0], parents before children (breadth first). Children
// may point anywhere and nodes may be unreachable, as XGBoost leaves them when it prunes. Errors:
// InvalidArgument (a child out of range, or reached twice: a cycle).
Result<std::vector<TreeNode>> in_breadth_order(const std::vector<TreeNode>& nodes);

// The same for one of several trees whose nodes are in one table: the nodes below `root`, which
// exists. `seen` marks those that a tree has, one for each node.
Result<std::vector<TreeNode>> in_breadth_order(const std::vector<TreeNode>& nodes,
                                               std::uint32_t root, std::vector<bool>& seen);

// Covers for trees that were saved without: each leaf counts one.
void count_leaves_as_cover(std::vector<TreeNode>& nodes);

}  // namespace winnow
