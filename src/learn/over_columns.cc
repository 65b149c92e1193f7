#include <algorithm>

#include "learn/detail/foreign_columns.h"

namespace winnow::learn {
namespace {

// Copies one tree without the splits on missing columns: there the way of missing values goes on.
class Pruning {
 public:
  Pruning(const Tree& from, const std::vector<std::uint32_t>& columns)
      : from_(from), columns_(columns), to_(from) {
    to_.nodes.clear();
  }

  Tree run() {
    // Parents come first, so each child finds where it is to be noted.
    add(0, 1, nullptr);
    while (!open_.empty()) {
      const auto next = open_.back();
      open_.pop_back();
      const auto& node = from_.nodes[next.node];
      add(node.left, next.scale, &TreeNode::left, next.copy);
      add(node.right, next.scale, &TreeNode::right, next.copy);
    }
    return std::move(to_);
  }

 private:
  struct Open {
    std::uint32_t node, copy;
    float scale;
  };

  void add(std::uint32_t at, float scale, std::uint32_t TreeNode::*child,
           std::uint32_t parent = 0) {
    const auto* node = &from_.nodes[at];
    while (node->kind != TreeNode::Kind::Leaf && columns_[node->feature] == kNoColumn) {
      const auto* taken = &from_.nodes[node->default_left ? node->left : node->right];
      // All rows that came by go this way now, and covers below stay shares of it.
      if (taken->cover > 0) scale *= node->cover / taken->cover;
      node = taken;
    }
    const auto copy = static_cast<std::uint32_t>(to_.nodes.size());
    to_.nodes.push_back(*node);
    to_.nodes.back().cover *= scale;
    if (child != nullptr) to_.nodes[parent].*child = copy;
    if (node->kind == TreeNode::Kind::Leaf) return;
    to_.nodes.back().feature = columns_[node->feature];
    open_.push_back({static_cast<std::uint32_t>(node - from_.nodes.data()), copy, scale});
  }

  const Tree& from_;
  const std::vector<std::uint32_t>& columns_;
  Tree to_;
  std::vector<Open> open_;
};

}  // namespace

Forest over_columns(const Forest& forest, const std::vector<std::uint32_t>& columns) {
  ensure(columns.size() == forest.features, "each column of the forest becomes one or none");
  Forest over = forest;
  over.feature_names.clear();
  over.features = 0;
  for (const auto column : columns) {
    if (column != kNoColumn) over.features = std::max(over.features, column + 1);
  }
  for (auto& tree : over.trees) tree = Pruning(tree, columns).run();
  return over;
}

ColumnLinear over_columns(const ColumnLinear& linear, const std::vector<std::uint32_t>& columns) {
  ColumnLinear over{{}, linear.bias};
  for (auto term : linear.terms) {
    term.column = columns[term.column];
    if (term.column != kNoColumn) over.terms.push_back(term);
  }
  std::stable_sort(over.terms.begin(), over.terms.end(),
                   [](const auto& a, const auto& b) { return a.column < b.column; });
  return over;
}

Result<IsolationTrees> over_columns(IsolationTrees trees, const TakenColumns& taken) {
  if (taken.features.size() != taken.columns.size()) {
    return Error(Code::InvalidArgument,
                 "each column of an isolation forest needs a feature of its own")
        .with_hint("train it again without the columns that no feature stands for");
  }
  for (auto& tree : trees.trees) {
    for (auto& node : tree) {
      if (!node.is_leaf()) node.feature = taken.columns[node.feature];
    }
  }
  trees.features = taken.features;
  return trees;
}

}  // namespace winnow::learn
