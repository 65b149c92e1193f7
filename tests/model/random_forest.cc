#include "tests/model/random_forest.h"

#include <cmath>
#include <limits>
#include <set>

namespace winnow::testing {
namespace {

class Grower {
 public:
  Grower(const ForestShape& shape, Rng& rng) : shape_(shape), rng_(rng) {
    for (std::uint32_t f = 0; f < shape.features; ++f) {
      auto& values = thresholds_.emplace_back();
      for (std::size_t k = 0; k < shape.distinct_thresholds; ++k) {
        values.push_back(static_cast<float>(rng.normal() * 3));
      }
      values.push_back(0);
    }
  }

  Tree grow(std::uint32_t output) {
    tree_ = {};
    tree_.output = shape_.vector_leaves ? Tree::kAllOutputs : output;
    if (shape_.weights) tree_.weight = static_cast<float>(rng_.unit());
    tree_.nodes.emplace_back();
    tree_.nodes[0].cover = static_cast<float>(rng_.between(50, 5000));
    std::vector<std::uint32_t> depth = {0};
    for (std::uint32_t at = 0; at < tree_.nodes.size(); ++at) {
      if (depth[at] < shape_.max_depth && !rng_.chance(shape_.leaf_chance)) {
        split(at);
        depth.resize(tree_.nodes.size(), depth[at] + 1);
      } else {
        make_leaf(at);
      }
    }
    return tree_;
  }

 private:
  void make_leaf(std::uint32_t at) {
    tree_.nodes[at].slot = static_cast<std::uint32_t>(tree_.leaf_values.size());
    const std::uint32_t width = shape_.vector_leaves ? shape_.outputs : 1;
    for (std::uint32_t k = 0; k < width; ++k)
      tree_.leaf_values.push_back(static_cast<float>(rng_.normal()));
  }

  void split(std::uint32_t at) {
    const auto cover = tree_.nodes[at].cover;
    const auto share = static_cast<float>(0.05 + 0.9 * rng_.unit());
    const auto left = static_cast<std::uint32_t>(tree_.nodes.size());
    tree_.nodes.resize(left + 2);
    auto& node = tree_.nodes[at];
    node.kind = TreeNode::Kind::Numeric;
    node.feature = static_cast<std::uint32_t>(rng_.below(shape_.features));
    node.default_left = rng_.chance(0.5);
    node.left = left;
    node.right = left + 1;
    tree_.nodes[left].cover = cover * share;
    tree_.nodes[left + 1].cover = cover - cover * share;
    if (shape_.categories && rng_.chance(0.3)) {
      make_category(node);
    } else {
      node.threshold = rng_.pick(thresholds_[node.feature]);
      if (rng_.chance(0.01)) node.threshold = std::numeric_limits<float>::infinity();
      if (shape_.zero_gaps && rng_.chance(0.3)) node.kind = TreeNode::Kind::ZeroGap;
    }
  }

  void make_category(TreeNode& node) {
    std::set<std::uint32_t> set;
    for (int k = 0; k < 4; ++k) set.insert(static_cast<std::uint32_t>(rng_.below(8)));
    node.kind = TreeNode::Kind::Category;
    node.slot = static_cast<std::uint32_t>(tree_.category_sets.size());
    tree_.category_sets.emplace_back(set.begin(), set.end());
  }

  const ForestShape& shape_;
  Rng& rng_;
  std::vector<std::vector<float>> thresholds_;
  Tree tree_;
};

}  // namespace

Forest random_forest(const ForestShape& shape, Rng& rng) {
  Forest forest;
  forest.features = shape.features;
  for (std::uint32_t k = 0; k < shape.outputs; ++k)
    forest.base_scores.push_back(static_cast<float>(rng.normal()));
  Grower grower(shape, rng);
  for (std::size_t t = 0; t < shape.trees; ++t) {
    forest.trees.push_back(grower.grow(static_cast<std::uint32_t>(t % shape.outputs)));
  }
  return forest;
}

std::vector<float> random_rows(const Forest& forest, std::size_t count, Rng& rng) {
  using Limits = std::numeric_limits<float>;
  std::vector<std::vector<float>> seen(forest.features);
  for (const auto& tree : forest.trees) {
    for (const auto& node : tree.nodes) {
      if (node.kind != TreeNode::Kind::Leaf) seen[node.feature].push_back(node.threshold);
    }
  }
  const std::vector<float> odd = {NAN,
                                  0.F,
                                  -0.F,
                                  Limits::infinity(),
                                  -Limits::infinity(),
                                  Limits::denorm_min(),
                                  -Limits::denorm_min(),
                                  1e-35F,
                                  -1e-35F,
                                  2e-35F,
                                  Limits::max(),
                                  Limits::lowest(),
                                  1.F,
                                  2.F,
                                  3.F,
                                  7.F,
                                  7.5F,
                                  16777216.F};
  std::vector<float> rows;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::uint32_t f = 0; f < forest.features; ++f) {
      const auto kind = rng.below(4);
      if (kind == 0) {
        rows.push_back(rng.pick(odd));
      } else if (kind == 1 && !seen[f].empty()) {
        rows.push_back(rng.pick(seen[f]));
      } else {
        rows.push_back(static_cast<float>(rng.normal() * 3));
      }
    }
  }
  return rows;
}

}  // namespace winnow::testing
