#include "model/forest.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "model/detail/decide.h"
#include "model/detail/exact_math.h"

namespace winnow {
namespace {

Error wrong(std::size_t node, std::string_view why) {
  return Error(Code::InvalidArgument, fmt::format("node {} {}", node, why));
}

Status check_leaf(const Tree& tree, const Forest& forest, std::size_t i) {
  const std::size_t width = tree.output == Tree::kAllOutputs ? forest.outputs() : 1;
  const auto& node = tree.nodes[i];
  if (node.slot > tree.leaf_values.size() || tree.leaf_values.size() - node.slot < width) {
    return wrong(i, "has leaf values that do not exist");
  }
  for (std::size_t k = 0; k < width; ++k) {
    if (!std::isfinite(tree.leaf_values[node.slot + k]))
      return wrong(i, "has a leaf value that is not finite");
  }
  return {};
}

Status check_split(const Tree& tree, const Forest& forest, std::size_t i) {
  const auto& node = tree.nodes[i];
  if (node.kind > TreeNode::Kind::Category) return wrong(i, "is of an unknown kind");
  if (node.feature >= forest.features) return wrong(i, "splits on a feature that does not exist");
  if (std::isnan(node.threshold)) return wrong(i, "splits at NaN");
  if (node.kind == TreeNode::Kind::Category && node.slot >= tree.category_sets.size()) {
    return wrong(i, "splits on a set of categories that does not exist");
  }
  if (!(node.cover > 0)) return wrong(i, "has children but no cover");
  for (const auto child : {node.left, node.right}) {
    if (child <= i || child >= tree.nodes.size())
      return wrong(i, "has a child out of order or out of range");
    // Sums of hessians round, so a child may cover a trifle more than its parent, but no multiple
    // of it.
    if (!(tree.nodes[child].cover <= node.cover * 1.01F))
      return wrong(i, "covers less than its child");
  }
  return {};
}

Status check_sets(const Tree& tree) {
  for (const auto& set : tree.category_sets) {
    const bool ascends =
        std::adjacent_find(set.begin(), set.end(), std::greater_equal<>()) == set.end();
    if (!ascends || (!set.empty() && set.back() >= Forest::kMaxCategory)) {
      return Error(Code::InvalidArgument,
                   "a set of categories is not ascending or holds one too large");
    }
  }
  return {};
}

// Children come after parents, so one pass in order finds each node's depth before its children's.
Status check_shape(const Tree& tree, const ForestLimits& limits) {
  std::vector<std::uint32_t> depth(tree.nodes.size(), 0);
  std::vector<bool> has_parent(tree.nodes.size(), false);
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const auto& node = tree.nodes[i];
    if (i > 0 && !has_parent[i]) return wrong(i, "has no parent");
    if (node.kind == TreeNode::Kind::Leaf) continue;
    for (const auto child : {node.left, node.right}) {
      if (has_parent[child]) return wrong(child, "has two parents");
      has_parent[child] = true;
      depth[child] = depth[i] + 1;
      if (depth[child] > limits.max_depth) {
        return Error(Code::Exhausted, fmt::format("deeper than {} levels", limits.max_depth));
      }
    }
  }
  return {};
}

Status check_tree(const Tree& tree, const Forest& forest, const ForestLimits& limits) {
  if (tree.nodes.empty()) return Error(Code::InvalidArgument, "has no nodes");
  if (tree.output != Tree::kAllOutputs && tree.output >= forest.outputs()) {
    return Error(Code::InvalidArgument,
                 fmt::format("adds to output {} of {}", tree.output, forest.outputs()));
  }
  if (!std::isfinite(tree.weight))
    return Error(Code::InvalidArgument, "has a weight that is not finite");
  WINNOW_TRY(check_sets(tree));
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const auto& node = tree.nodes[i];
    if (!(node.cover >= 0) || !std::isfinite(node.cover))
      return wrong(i, "has a cover that is no amount");
    WINNOW_TRY(node.kind == TreeNode::Kind::Leaf ? check_leaf(tree, forest, i)
                                                 : check_split(tree, forest, i));
  }
  return check_shape(tree, limits);
}

void softmax(std::span<float> margins) {
  const double top = *std::max_element(margins.begin(), margins.end());
  double sum = 0;
  for (const float margin : margins) sum += exact_exp(margin - top);
  for (float& margin : margins) margin = static_cast<float>(exact_exp(margin - top) / sum);
}

}  // namespace

std::string_view name_of(Link link) {
  switch (link) {
    case Link::Identity:
      return "identity";
    case Link::Logistic:
      return "logistic";
    case Link::Softmax:
      return "softmax";
    case Link::Exponential:
      return "exponential";
    case Link::Step:
      return "step";
    case Link::SignedSquare:
      return "signed square";
  }
  return "identity";
}

Status check(const Forest& forest, const ForestLimits& limits) {
  if (forest.outputs() == 0) return Error(Code::InvalidArgument, "a forest without outputs");
  if (forest.outputs() > limits.max_outputs || forest.features > limits.max_features) {
    return Error(
        Code::Exhausted,
        fmt::format("a forest of {} outputs and {} features, allowed are {} and {}",
                    forest.outputs(), forest.features, limits.max_outputs, limits.max_features));
  }
  if (!forest.feature_names.empty() && forest.feature_names.size() != forest.features) {
    return Error(Code::InvalidArgument, fmt::format("{} feature names for {} features",
                                                    forest.feature_names.size(), forest.features));
  }
  const bool finite = std::all_of(forest.base_scores.begin(), forest.base_scores.end(),
                                  [](float score) { return std::isfinite(score); });
  if (!finite || !std::isfinite(forest.link_scale) || forest.link > Link::SignedSquare) {
    return Error(Code::InvalidArgument, "a forest whose base score or link is no number of use");
  }
  std::size_t nodes = 0;
  for (std::size_t t = 0; t < forest.trees.size(); ++t) {
    nodes += forest.trees[t].nodes.size();
    if (nodes > limits.max_nodes) {
      return Error(Code::Exhausted,
                   fmt::format("a forest of more than {} nodes", limits.max_nodes));
    }
    if (auto status = check_tree(forest.trees[t], forest, limits); !status) {
      return std::move(status).error().with_context(fmt::format("tree {}", t));
    }
  }
  return {};
}

std::uint32_t depth_of(const Tree& tree) {
  std::vector<std::uint32_t> depth(tree.nodes.size(), 0);
  std::uint32_t deepest = 0;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    deepest = std::max(deepest, depth[i]);
    if (tree.nodes[i].kind == TreeNode::Kind::Leaf) continue;
    depth[tree.nodes[i].left] = depth[tree.nodes[i].right] = depth[i] + 1;
  }
  return deepest;
}

void walk_margins(const Forest& forest, std::span<const float> row, std::span<float> margins) {
  std::copy(forest.base_scores.begin(), forest.base_scores.end(), margins.begin());
  for (const auto& tree : forest.trees) {
    const TreeNode* node = tree.nodes.data();
    while (node->kind != TreeNode::Kind::Leaf) {
      node = &tree.nodes[goes_left(tree, *node, row[node->feature]) ? node->left : node->right];
    }
    if (tree.output != Tree::kAllOutputs) {
      margins[tree.output] += tree.leaf_values[node->slot] * tree.weight;
      continue;
    }
    for (std::size_t k = 0; k < margins.size(); ++k)
      margins[k] += tree.leaf_values[node->slot + k] * tree.weight;
  }
}

void apply_link(const Forest& forest, std::span<float> margins) {
  if (forest.link == Link::Softmax) return softmax(margins);
  for (float& margin : margins) {
    switch (forest.link) {
      case Link::Identity:
      case Link::Softmax:
        break;
      case Link::Logistic:
        margin = exact_logistic(static_cast<double>(forest.link_scale) * margin);
        break;
      case Link::Exponential:
        margin = static_cast<float>(exact_exp(margin));
        break;
      case Link::Step:
        margin = margin > 0 ? 1 : 0;
        break;
      case Link::SignedSquare:
        margin *= std::fabs(margin);
        break;
    }
  }
}

}  // namespace winnow
