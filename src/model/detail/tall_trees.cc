#include "model/detail/tall_trees.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace winnow {
namespace {

constexpr std::size_t kLanes = 16;          // walks whose loads overlap
constexpr std::size_t kRows = 32;           // that a tree is walked for while it is at hand
constexpr std::uint32_t kBetweenLooks = 8;  // steps until one looks whether all have arrived
constexpr std::size_t kMaxNodes = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint32_t kMaxFeature = std::numeric_limits<std::uint16_t>::max() / 2;

// One walk for each lane, in its own tree or over its own row. Without `kMayMiss` no row has a
// missing value.
template <typename Node, bool kMayMiss>
struct Lanes {
  const Node* tree[kLanes];
  const float* row[kLanes];
  std::uint32_t at[kLanes] = {};

  void step() {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const Node node = tree[j][at[j]];
      const float x = row[j][node.column / 2];
      auto right = static_cast<unsigned>(x >= node.threshold);
      if constexpr (kMayMiss) right |= static_cast<unsigned>(x != x) & node.column;
      at[j] = node.left + (right & 1U);
    }
  }
  bool have_arrived() const {
    bool all = true;
    for (std::size_t j = 0; j < kLanes; ++j) all &= tree[j][at[j]].left == at[j];
    return all;
  }
  void walk(std::uint32_t depth) {
    for (;;) {
      const auto steps = std::min(depth, kBetweenLooks);
      for (std::uint32_t i = 0; i < steps; ++i) step();
      depth -= steps;
      if (depth == 0 || have_arrived()) return;
    }
  }
};

bool any_missing(const float* values, std::size_t count) {
  bool any = false;
  for (std::size_t i = 0; i < count; ++i) any |= values[i] != values[i];
  return any;
}

}  // namespace

bool TallTrees::takes(const Tree& tree) {
  return tree.nodes.size() <= kMaxNodes && std::ranges::all_of(tree.nodes, [](const auto& node) {
           return node.kind == TreeNode::Kind::Leaf ||
                  (node.kind == TreeNode::Kind::Numeric && node.feature <= kMaxFeature);
         });
}

void TallTrees::add(const Tree& tree, std::uint32_t output, std::uint32_t offset) {
  const auto root = nodes_.size();
  trees_.push_back({static_cast<std::uint32_t>(root), depth_of(tree), output});
  struct Open {
    std::uint32_t node;
    std::size_t to;
  };
  std::vector<Open> open = {{0, root}};
  nodes_.emplace_back();
  values_.emplace_back();
  // Level by level, so that the nodes which every row meets stand together.
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto [at, to] = open[i];
    const auto& node = tree.nodes[at];
    if (node.kind == TreeNode::Kind::Leaf) {
      nodes_[to] = {std::numeric_limits<float>::quiet_NaN(), static_cast<std::uint16_t>(to - root),
                    0};
      values_[to] = tree.leaf_values[node.slot + offset] * tree.weight;
      continue;
    }
    const auto left = nodes_.size();
    nodes_.resize(left + 2);
    values_.resize(left + 2);
    nodes_[to] = {node.threshold, static_cast<std::uint16_t>(left - root),
                  static_cast<std::uint16_t>(2 * node.feature + (node.default_left ? 0 : 1))};
    open.push_back({node.left, left});
    open.push_back({node.right, left + 1});
  }
}

void TallTrees::add_row(std::size_t begin, std::size_t end, std::span<const float> row,
                        float* margins) const {
  if (any_missing(row.data(), row.size())) {
    add_row_with<true>(begin, end, row.data(), margins);
  } else {
    add_row_with<false>(begin, end, row.data(), margins);
  }
}

template <bool kMayMiss>
void TallTrees::add_row_with(std::size_t begin, std::size_t end, const float* row,
                             float* margins) const {
  for (std::size_t first = begin; first < end; first += kLanes) {
    const auto count = std::min(kLanes, end - first);
    Lanes<Node, kMayMiss> lanes;
    std::uint32_t depth = 0;
    for (std::size_t j = 0; j < kLanes; ++j) {
      const auto& tree = trees_[first + std::min(j, count - 1)];
      lanes.tree[j] = &nodes_[tree.root];
      lanes.row[j] = row;
      depth = std::max(depth, tree.depth);
    }
    lanes.walk(depth);
    for (std::size_t j = 0; j < count; ++j) {
      const auto& tree = trees_[first + j];
      margins[tree.output] += values_[tree.root + lanes.at[j]];
    }
  }
}

void TallTrees::add_rows(std::size_t begin, std::size_t end, MatrixView rows, float* margins,
                         std::size_t stride) const {
  for (std::size_t from = 0; from < rows.rows; from += kRows) {
    const MatrixView some{rows.data + from * rows.columns, std::min(kRows, rows.rows - from),
                          rows.columns};
    const bool missing = any_missing(some.data, some.rows * some.columns);
    for (std::size_t i = begin; i < end; ++i) {
      const auto& tree = trees_[i];
      float* const sums = margins + tree.output * stride + from;
      if (missing) {
        add_tree_with<true>(tree, some, sums);
      } else {
        add_tree_with<false>(tree, some, sums);
      }
    }
  }
}

template <bool kMayMiss>
void TallTrees::add_tree_with(const OneTree& tree, MatrixView rows, float* sums) const {
  for (std::size_t first = 0; first < rows.rows; first += kLanes) {
    const auto count = std::min(kLanes, rows.rows - first);
    Lanes<Node, kMayMiss> lanes;
    for (std::size_t j = 0; j < kLanes; ++j) {
      lanes.tree[j] = &nodes_[tree.root];
      lanes.row[j] = rows.data + (first + std::min(j, count - 1)) * rows.columns;
    }
    lanes.walk(tree.depth);
    for (std::size_t j = 0; j < count; ++j) sums[first + j] += values_[tree.root + lanes.at[j]];
  }
}

}  // namespace winnow
