#include "model/detail/shap_forest.h"

#include <algorithm>
#include <array>
#include <optional>

#include "model/detail/shap_walk.h"

namespace winnow {

using kernels::kDepth;
using kernels::kExplained;
using kernels::kGroup;
using kernels::kHeap;
using kernels::kMaxPoints;
using kernels::kMaxShapDepth;
using kernels::kStride;
using kernels::ShapNode;
using kernels::ShapTables;

namespace {

bool adds_to(const Tree& tree, std::uint32_t output) {
  return tree.output == Tree::kAllOutputs || tree.output == output;
}

std::size_t points_of(const Tree& tree) { return (std::max(path_features(tree), 1U) + 1) / 2; }

// The nearest split above on the same feature: the edge that was taken there and the share of the
// training rows that took that edge and those of its feature above.
struct Ancestor {
  std::uint32_t feature;
  std::uint8_t depth;
  std::uint8_t side;
  double share;
};

void fill_tables(const Quadrature& rule, const std::optional<double>& above,
                 const std::array<double, 2>& shares, float* tables) {
  for (std::size_t q = 0; q < rule.points.size(); ++q) {
    const double t = rule.points[q];
    const double weight = rule.weights[q];
    const double before = above ? (1 - t) * *above + t : 1;
    const double taken_before = above ? (1 - *above) / before : 0;
    for (std::size_t side = 0; side < 2; ++side) {
      const double hot = (1 - t) * shares[side] + t;
      tables[ShapTables::hot_factor(q, side)] = static_cast<float>(hot / before);
      tables[ShapTables::cold_factor(q, side)] =
          static_cast<float>((1 - t) * shares[side] / before);
      tables[ShapTables::hot_share(q, side)] =
          static_cast<float>(weight * ((1 - shares[side]) / hot - taken_before));
    }
    tables[ShapTables::cold_share(q)] = static_cast<float>(weight * (-1 / (1 - t) - taken_before));
  }
  for (std::size_t side = 0; side < 2; ++side) {
    tables[ShapTables::ratio(rule.points.size(), side)] =
        above ? static_cast<float>(shares[side] / *above) : 0.0F;
  }
}

}  // namespace

class ShapForestBuilder {
 public:
  ShapForestBuilder(const Forest& forest, const RankedForest& ranked, std::uint32_t output,
                    std::size_t& room, ShapForest& out)
      : forest_(forest), ranked_(ranked), output_(output), room_(room), out_(out) {
    for (std::size_t points = 1; points <= kMaxPoints; ++points)
      rules_.push_back(gauss_legendre(points));
  }

  void build() {
    constexpr std::size_t kHeapPoints = (kDepth + 1) / 2;
    std::vector<std::vector<std::size_t>> heaps(kHeapPoints + 1);  // by points
    std::vector<std::size_t> deep;
    for (std::size_t t = 0; t < forest_.trees.size(); ++t) {
      const auto& tree = forest_.trees[t];
      if (!adds_to(tree, output_)) continue;
      const auto points = points_of(tree);
      const bool heap = ranked_.heap_of(t).has_value();
      const bool fits = points <= kMaxPoints && depth_of(tree) <= kMaxShapDepth;
      if (!fits || !take_room(tree, points, heap)) {
        out_.slow_trees_.push_back(&tree);
      } else {
        (heap ? heaps[points] : deep).push_back(t);
      }
    }
    for (const auto& same : heaps) {
      for (const auto t : same) add_tree(t);
    }
    out_.first_deep_ = out_.trees_.size();
    std::size_t first = 0;
    for (const auto& same : heaps) {
      for (std::size_t at = 0; at < same.size(); at += kGroup) {
        const auto count = std::min(kGroup, same.size() - at);
        add_group({same.data() + at, count}, first + at);
      }
      first += same.size();
    }
    for (const auto t : deep) add_tree(t);
  }

 private:
  bool take_room(const Tree& tree, std::size_t points, bool heap) {
    const std::size_t nodes =
        tree.nodes.size() / 2 + (heap ? kHeap : 0);  // splits, and slots of a group
    const std::size_t floats = nodes * ShapTables::size(points);
    if (floats > room_) return false;
    room_ -= floats;
    return true;
  }

  void add_tree(std::size_t t) {
    const auto& tree = forest_.trees[t];
    const auto points = points_of(tree);
    ShapForest::TreePart part{out_.nodes_.size(), out_.steps_.size(), 0, points};
    part_ = &part;
    if (tree.nodes[0].kind != TreeNode::Kind::Leaf) add_node(t, 0, 0, 0);
    part.step_count = out_.steps_.size() - part.steps;
    out_.trees_.push_back(part);
  }

  float leaf_value(const Tree& tree, const TreeNode& leaf) const {
    const auto offset = tree.output == Tree::kAllOutputs ? output_ : 0;
    return tree.leaf_values[leaf.slot + offset] * tree.weight;
  }

  // Depth first; kMaxShapDepth bounds the recursion.
  void add_node(std::size_t t, std::uint32_t at, std::uint8_t depth, std::uint8_t side) {
    const auto& tree = forest_.trees[t];
    const auto& node = tree.nodes[at];
    const auto place = ranked_.places()[t][at];
    const auto found = std::find_if(path_.rbegin(), path_.rend(), [&](const Ancestor& step) {
      return step.feature == node.feature;
    });
    const bool again = found != path_.rend();
    const std::array<std::uint32_t, 2> children = {node.left, node.right};
    std::array<double, 2> shares{};
    ShapNode out{};
    out.feature = node.feature;
    out.tables = static_cast<std::uint32_t>(out_.tables_.size());
    out.column = place.column;
    out.threshold = place.threshold;
    out.depth = depth;
    out.side = side;
    out.ancestor = again ? found->depth : kernels::kNoAncestor;
    out.ancestor_side = again ? found->side : std::uint8_t{0};
    for (std::size_t c = 0; c < 2; ++c) {
      const auto& child = tree.nodes[children[c]];
      shares[c] = (again ? found->share : 1) * static_cast<double>(child.cover) /
                  static_cast<double>(node.cover);
      out.leaf[c] = child.kind == TreeNode::Kind::Leaf;
      if (out.leaf[c]) out.value[c] = leaf_value(tree, child);
    }
    out_.tables_.resize(out_.tables_.size() + ShapTables::size(part_->points));
    fill_tables(rules_[part_->points - 1], again ? std::optional(found->share) : std::nullopt,
                shares, out_.tables_.data() + out.tables);
    const auto number = static_cast<std::uint32_t>(out_.nodes_.size() - part_->nodes);
    out_.nodes_.push_back(out);
    out_.steps_.push_back(2 * number);
    for (std::uint8_t c = 0; c < 2; ++c) {
      if (out.leaf[c]) continue;
      path_.push_back({node.feature, depth, c, shares[c]});
      add_node(t, children[c], static_cast<std::uint8_t>(depth + 1), c);
      path_.pop_back();
    }
    out_.steps_.push_back(2 * number + 1);
  }

  void add_group(std::span<const std::size_t> trees, std::size_t first_part) {
    const auto points = out_.trees_[first_part].points;
    const auto size = ShapTables::size(points);
    ShapForest::GroupPart part{out_.group_tables_.size(),
                               out_.group_values_.size(),
                               out_.group_ancestors_.size(),
                               out_.group_trees_.size(),
                               out_.entry_ends_.size(),
                               trees.size(),
                               points};
    out_.group_tables_.resize(part.tables + kHeap * size * kGroup, 0.0F);
    out_.group_values_.resize(part.values + kHeap * kGroup, 0.0F);
    out_.group_ancestors_.resize(part.ancestors + kHeap * kDepth, 0);
    for (std::size_t k = 0; k < kGroup; ++k) {
      const auto k_or_last = std::min(k, trees.size() - 1);
      out_.group_trees_.push_back(*ranked_.heap_of(trees[k_or_last]));
      if (k >= trees.size()) continue;
      pad_tables(part, k);
      place_tree(trees[k], out_.trees_[first_part + k], part, k);
      out_.entry_ends_.push_back(out_.entries_.size());
    }
    out_.groups_.push_back(part);
  }

  float* group_table(const ShapForest::GroupPart& part, std::size_t slot, std::size_t entry,
                     std::size_t k) {
    return &out_.group_tables_[part.tables +
                               (slot * ShapTables::size(part.points) + entry) * kGroup + k];
  }

  // Where a tree has no split, everything goes left and nothing is taken out.
  void pad_tables(const ShapForest::GroupPart& part, std::size_t k) {
    for (std::size_t slot = 1; slot < kHeap; ++slot) {
      for (std::size_t q = 0; q < part.points; ++q)
        *group_table(part, slot, ShapTables::hot_factor(q, 0), k) = 1;
    }
  }

  // Copies what add_tree made to the tree's lane of the group, following the same steps.
  void place_tree(std::size_t t, const ShapForest::TreePart& tree,
                  const ShapForest::GroupPart& part, std::size_t k) {
    if (tree.step_count == 0) {
      const auto& forest_tree = forest_.trees[t];
      out_.group_values_[part.values + k] = leaf_value(forest_tree, forest_tree.nodes[0]);
    }
    std::array<std::size_t, kDepth + 1> slots{};  // of the nodes on the path, by depth
    for (std::size_t i = 0; i < tree.step_count; ++i) {
      const auto step = out_.steps_[tree.steps + i];
      const auto& node = out_.nodes_[tree.nodes + step / 2];
      auto& slot = slots[node.depth];
      if (step % 2 == 1) {
        out_.entries_.push_back({node.feature, static_cast<std::uint32_t>(slot)});
        continue;
      }
      slot = node.depth == 0 ? 1 : 2 * slots[node.depth - 1U] + node.side;
      for (std::size_t entry = 0; entry < ShapTables::size(part.points); ++entry) {
        *group_table(part, slot, entry, k) = out_.tables_[node.tables + entry];
      }
      if (node.ancestor != kernels::kNoAncestor) {
        auto& bits = out_.group_ancestors_[part.ancestors + slot * kDepth + node.ancestor];
        bits = static_cast<std::uint16_t>(bits | 1U << k);
      }
      for (std::size_t c = 0; c < 2; ++c) {
        if (!node.leaf[c]) continue;
        std::size_t leaf = 2 * slot + c;
        while (leaf < kHeap) leaf *= 2;
        out_.group_values_[part.values + (leaf - kHeap) * kGroup + k] = node.value[c];
      }
    }
  }

  const Forest& forest_;
  const RankedForest& ranked_;
  std::uint32_t output_;
  std::size_t& room_;
  ShapForest& out_;
  std::vector<Quadrature> rules_;
  std::vector<Ancestor> path_;
  const ShapForest::TreePart* part_ = nullptr;
};

ShapForest::ShapForest(const Forest& forest, const RankedForest& ranked, std::uint32_t output,
                       std::size_t& room)
    : ranked_(ranked), features_(forest.features) {
  ShapForestBuilder(forest, ranked, output, room, *this).build();
}

kernels::ShapTree ShapForest::shap_tree(const TreePart& part) const {
  return {.nodes = nodes_.data() + part.nodes,
          .tables = tables_.data(),
          .steps = steps_.data() + part.steps,
          .step_count = part.step_count,
          .points = part.points};
}

void ShapForest::add_block(const kernels::Kernels& kernels, const std::uint8_t* ranks,
                           float* phi) const {
  for (const auto& part : trees_) kernels.explain_block(shap_tree(part), ranks, phi);
}

void ShapForest::add_group(const kernels::Kernels& kernels, const GroupPart& part,
                           const std::uint8_t* ranks, float* phi) const {
  alignas(64) float contributions[kHeap * kGroup];
  kernels.explain_row(ranked_.view(),
                      {.tables = group_tables_.data() + part.tables,
                       .values = group_values_.data() + part.values,
                       .ancestor = group_ancestors_.data() + part.ancestors,
                       .trees = group_trees_.data() + part.trees,
                       .points = part.points},
                      ranks, contributions);
  std::size_t at = part.entries == 0 ? 0 : entry_ends_[part.entries - 1];
  for (std::size_t k = 0; k < part.count; ++k) {
    for (; at < entry_ends_[part.entries + k]; ++at) {
      phi[entries_[at].feature] += contributions[entries_[at].slot * kGroup + k];
    }
  }
}

void ShapForest::add_row(const kernels::Kernels& kernels, const std::uint8_t* ranks,
                         float* phi) const {
  for (const auto& part : groups_) add_group(kernels, part, ranks, phi);
  if (first_deep_ < trees_.size()) add_deep(kernels, ranks, phi);
}

// Deep trees know blocks only: the row becomes the first of one.
void ShapForest::add_deep(const kernels::Kernels& kernels, const std::uint8_t* ranks,
                          float* phi) const {
  Lines<std::uint8_t> block(ranked_.columns() * kStride, 0);
  for (std::size_t c = 0; c < ranked_.columns(); ++c) block[c * kStride] = ranks[c];
  Lines<float> wide(features_ * kExplained, 0.0F);
  for (std::size_t f = 0; f < features_; ++f) wide[f * kExplained] = phi[f];
  for (std::size_t t = first_deep_; t < trees_.size(); ++t) {
    kernels.explain_block(shap_tree(trees_[t]), block.data(), wide.data());
  }
  for (std::size_t f = 0; f < features_; ++f) phi[f] = wide[f * kExplained];
}

}  // namespace winnow
