#include "model/detail/swept_trees.h"

#include <optional>

namespace winnow {

bool SweptTrees::takes(const Tree& tree) {
  return tree.nodes.size() / 2 <
         kernels::kSweptLeaves;  // a split has two children: n - 1 for n leaves
}

void SweptTrees::add(const Tree& tree, const std::vector<RankPlace>& places, std::uint32_t output,
                     std::uint32_t offset) {
  const auto first_leaf = leaves_.size();
  const auto begin = nodes_.size();
  const auto leaves_so_far = [&] { return static_cast<std::uint8_t>(leaves_.size() - first_leaf); };
  struct Visit {
    std::uint32_t node;
    std::optional<std::size_t> right_of;  // in nodes_
  };
  std::vector<Visit> open = {{0, {}}};
  while (!open.empty()) {
    const auto [at, right_of] = open.back();
    open.pop_back();
    if (right_of) nodes_[*right_of].right = leaves_so_far();
    const auto& node = tree.nodes[at];
    if (node.kind == TreeNode::Kind::Leaf) {
      leaves_.push_back(tree.leaf_values[node.slot + offset] * tree.weight);
      continue;
    }
    open.push_back({node.right, nodes_.size()});
    open.push_back({node.left, {}});
    nodes_.push_back({places[at].column, places[at].threshold, leaves_so_far(), 0});
  }
  const auto count = leaves_.size() - first_leaf;
  leaves_.resize((leaves_.size() + kernels::kHeap - 1) / kernels::kHeap * kernels::kHeap, 0.0F);
  trees_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(nodes_.size()),
                    static_cast<std::uint32_t>(first_leaf), static_cast<std::uint32_t>(count),
                    output});
}

}  // namespace winnow
