#include "model/detail/grow.h"

#include <fmt/format.h>

namespace winnow {

Result<std::vector<TreeNode>> in_breadth_order(const std::vector<TreeNode>& nodes) {
  if (nodes.empty()) return Error(Code::InvalidArgument, "a tree without nodes");
  std::vector<bool> seen(nodes.size(), false);
  return in_breadth_order(nodes, 0, seen);
}

Result<std::vector<TreeNode>> in_breadth_order(const std::vector<TreeNode>& nodes,
                                               std::uint32_t root, std::vector<bool>& seen) {
  if (seen[root]) return Error(Code::InvalidArgument, "a root that is part of another tree");
  std::vector<std::uint32_t> order = {root};  // old numbers, in the new order
  seen[root] = true;
  std::vector<TreeNode> ordered;
  for (std::size_t i = 0; i < order.size(); ++i) {
    TreeNode node = nodes[order[i]];
    if (node.kind != TreeNode::Kind::Leaf) {
      for (auto* child : {&node.left, &node.right}) {
        if (*child >= nodes.size() || seen[*child]) {
          return Error(
              Code::InvalidArgument,
              fmt::format("node {} has child {}, which {}", order[i], *child,
                          *child >= nodes.size() ? "does not exist" : "has a parent already"));
        }
        seen[*child] = true;
        order.push_back(*child);
        *child = static_cast<std::uint32_t>(order.size() - 1);
      }
    }
    ordered.push_back(node);
  }
  return ordered;
}

void count_leaves_as_cover(std::vector<TreeNode>& nodes) {
  for (std::size_t i = nodes.size(); i-- > 0;) {
    auto& node = nodes[i];
    node.cover =
        node.kind == TreeNode::Kind::Leaf ? 1 : nodes[node.left].cover + nodes[node.right].cover;
  }
}

}  // namespace winnow
