// TreeSHAP by quadrature, for any vector width. Included by kernel sources only; `Simd` is theirs.
// Only additions, multiplications and choices, always in the same order, so that every width, a
// block and a single row give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/detail/kernels.h"

namespace winnow::kernels {
namespace {

// Lanes are rows.
template <typename Simd, std::size_t kPoints>
class BlockExplainer {
  using Floats = typename Simd::Floats;
  using Mask = typename Simd::Mask;
  static constexpr std::size_t kParts = 2;  // vectors side by side, to hide latencies
  static constexpr std::size_t kRows = kParts * Simd::kLanes;

 public:
  static void explain(const ShapTree& tree, const std::uint8_t* ranks, float* phi) {
    for (std::size_t row = 0; row < kExplained; row += kRows) {
      BlockExplainer explainer(tree, ranks + row, phi + row);
      for (std::size_t i = 0; i < tree.step_count; ++i) {
        const auto step = tree.steps[i];
        const auto& node = tree.nodes[step / 2];
        if (step % 2 == 0) {
          explainer.enter(node);
        } else {
          explainer.leave(node);
        }
      }
    }
  }

 private:
  BlockExplainer(const ShapTree& tree, const std::uint8_t* ranks, float* phi)
      : tree_(tree), ranks_(ranks), phi_(phi) {
    for (auto& point : edges_[0][0].product) {
      for (auto& part : point) part = Simd::splat(1);
    }
  }

  // What an edge has: the product of factors down to it, the sum over the leaves below it, and the
  // rows that took it as well as every edge of its feature above.
  struct Edge {
    Floats product[kPoints][kParts];
    Floats sum[kPoints][kParts];
    Mask hot[kParts];
  };

  void enter(const ShapNode& node) {
    Edge* children = edges_[node.depth + 1];
    for (std::size_t p = 0; p < kParts; ++p) {
      const Mask right =
          Simd::goes_right(ranks_ + node.column * kStride + p * Simd::kLanes, node.threshold);
      const Mask above = hot_above(node, p);
      children[0].hot[p] = ~right & above;
      children[1].hot[p] = right & above;
    }
    for (std::size_t side = 0; side < 2; ++side) descend(node, side, children[side]);
  }

  Mask hot_above(const ShapNode& node, std::size_t p) const {
    if (node.ancestor == kNoAncestor) return ~Mask{};
    return edges_[node.ancestor + 1][node.ancestor_side].hot[p];
  }

  void descend(const ShapNode& node, std::size_t side, Edge& child) {
    const float* tables = tree_.tables + node.tables;
    const Edge& parent = edges_[node.depth][node.side];
    const Floats ratio = Simd::splat(tables[ShapTables::ratio(kPoints, side)]);
    const Floats value = Simd::splat(node.value[side]);
    for (std::size_t q = 0; q < kPoints; ++q) {
      const Floats hot = Simd::splat(tables[ShapTables::hot_factor(q, side)]);
      const Floats cold = Simd::splat(tables[ShapTables::cold_factor(q, side)]);
      for (std::size_t p = 0; p < kParts; ++p) {
        Floats factor = Simd::choose(child.hot[p], hot, cold);
        if (node.ancestor != kNoAncestor) factor = Simd::choose(hot_above(node, p), factor, ratio);
        child.product[q][p] = parent.product[q][p] * factor;
        if (node.leaf[side]) child.sum[q][p] = child.product[q][p] * value;
      }
    }
  }

  void leave(const ShapNode& node) {
    const float* tables = tree_.tables + node.tables;
    const Edge* children = edges_[node.depth + 1];
    Edge& parent = edges_[node.depth][node.side];
    Floats taken[kParts] = {};
    for (std::size_t q = 0; q < kPoints; ++q) {
      const Floats cold = Simd::splat(tables[ShapTables::cold_share(q)]);
      for (std::size_t side = 0; side < 2; ++side) {
        const Floats hot = Simd::splat(tables[ShapTables::hot_share(q, side)]);
        for (std::size_t p = 0; p < kParts; ++p) {
          taken[p] =
              taken[p] + Simd::choose(children[side].hot[p], hot, cold) * children[side].sum[q][p];
        }
      }
      for (std::size_t p = 0; p < kParts; ++p) {
        parent.sum[q][p] = children[0].sum[q][p] + children[1].sum[q][p];
      }
    }
    for (std::size_t p = 0; p < kParts; ++p) {
      if (node.ancestor != kNoAncestor)
        taken[p] = Simd::choose(hot_above(node, p), taken[p], Floats{});
      float* phi = phi_ + node.feature * kExplained + p * Simd::kLanes;
      Simd::store(phi, Simd::load(phi) + taken[p]);
    }
  }

  const ShapTree& tree_;
  const std::uint8_t* ranks_;
  float* phi_;
  Edge edges_[kMaxShapDepth + 1][2];
};

// Lanes are trees. The heap is walked as one tree whose nodes decide differently in each lane.
template <typename Simd, std::size_t kPoints>
class RowExplainer {
  using Floats = typename Simd::Floats;
  using Mask = typename Simd::Mask;

 public:
  // `decisions` has a word for each node: bit k is set where tree k sends the row right.
  static void explain(const ShapGroup& group, const std::uint16_t* decisions,
                      float* contributions) {
    for (std::size_t lane = 0; lane < kGroup; lane += Simd::kLanes) {
      RowExplainer explainer(group, decisions, contributions, lane);
      Floats product[kPoints];
      Floats sum[kPoints];
      for (auto& point : product) point = Simd::splat(1);
      explainer.template walk<0>(1, product, sum);
    }
  }

 private:
  RowExplainer(const ShapGroup& group, const std::uint16_t* decisions, float* contributions,
               std::size_t lane)
      : group_(group), decisions_(decisions), contributions_(contributions), lane_(lane) {}

  // The trees that agree with the row at every split above on the node's feature.
  template <std::size_t kLevel>
  unsigned hot_above(std::size_t node) const {
    const std::uint16_t* ancestor = group_.ancestor + node * kDepth;
    unsigned hot = 0;
    unsigned without = 0xFFFF;
    for (std::size_t level = 0; level < kLevel; ++level) {
      hot |= ancestor[level] & hot_[level];
      without &= static_cast<unsigned>(~ancestor[level]);
    }
    return hot | (without & 0xFFFF);
  }

  Floats table(std::size_t node, std::size_t entry) const {
    return Simd::load(group_.tables + (node * ShapTables::size(kPoints) + entry) * kGroup + lane_);
  }

  // Writes the sums over the leaves below `node` to `sum`.
  template <std::size_t kLevel>
  void walk(std::size_t node, const Floats* product, Floats* sum) {
    if constexpr (kLevel == kDepth) {
      const Floats value = Simd::load(group_.values + (node - kHeap) * kGroup + lane_);
      for (std::size_t q = 0; q < kPoints; ++q) sum[q] = product[q] * value;
    } else {
      const unsigned above = hot_above<kLevel>(node);
      const unsigned right = decisions_[node];
      const Mask is_above = Simd::mask_of(above >> lane_);
      Mask hot[2];
      Floats below[2][kPoints];
      for (std::size_t side = 0; side < 2; ++side) {
        hot_[kLevel] = (side == 1 ? right : ~right) & above;
        hot[side] = Simd::mask_of(hot_[kLevel] >> lane_);
        Floats child[kPoints];
        for (std::size_t q = 0; q < kPoints; ++q) {
          const Floats factor =
              Simd::choose(hot[side], table(node, ShapTables::hot_factor(q, side)),
                           table(node, ShapTables::cold_factor(q, side)));
          child[q] = product[q] *
                     Simd::choose(is_above, factor, table(node, ShapTables::ratio(kPoints, side)));
        }
        walk<kLevel + 1>(2 * node + side, child, below[side]);
      }
      Floats taken{};
      for (std::size_t q = 0; q < kPoints; ++q) {
        const Floats cold = table(node, ShapTables::cold_share(q));
        for (std::size_t side = 0; side < 2; ++side) {
          taken =
              taken + Simd::choose(hot[side], table(node, ShapTables::hot_share(q, side)), cold) *
                          below[side][q];
        }
        sum[q] = below[0][q] + below[1][q];
      }
      Simd::store(contributions_ + node * kGroup + lane_, Simd::choose(is_above, taken, Floats{}));
    }
  }

  const ShapGroup& group_;
  const std::uint16_t* decisions_;
  float* contributions_;
  std::size_t lane_;
  unsigned hot_[kDepth] = {};  // of the edges on the way to the node
};

template <typename Simd>
void explain_block_with(const ShapTree& tree, const std::uint8_t* ranks, float* phi) {
  switch (tree.points) {
    case 1:
      return BlockExplainer<Simd, 1>::explain(tree, ranks, phi);
    case 2:
      return BlockExplainer<Simd, 2>::explain(tree, ranks, phi);
    case 3:
      return BlockExplainer<Simd, 3>::explain(tree, ranks, phi);
    case 4:
      return BlockExplainer<Simd, 4>::explain(tree, ranks, phi);
    case 5:
      return BlockExplainer<Simd, 5>::explain(tree, ranks, phi);
    case 6:
      return BlockExplainer<Simd, 6>::explain(tree, ranks, phi);
    case 7:
      return BlockExplainer<Simd, 7>::explain(tree, ranks, phi);
    default:
      return BlockExplainer<Simd, kMaxPoints>::explain(tree, ranks, phi);
  }
}

template <typename Simd>
void explain_group_with(const ShapGroup& group, const std::uint16_t* decisions,
                        float* contributions) {
  switch (group.points) {
    case 1:
      return RowExplainer<Simd, 1>::explain(group, decisions, contributions);
    case 2:
      return RowExplainer<Simd, 2>::explain(group, decisions, contributions);
    default:
      return RowExplainer<Simd, 3>::explain(group, decisions, contributions);
  }
}

// Decisions of a group, compared one by one.
inline void decide_group(const View& view, const ShapGroup& group, const std::uint8_t* ranks,
                         std::uint16_t* decisions) {
  for (std::size_t node = 1; node < kHeap; ++node) {
    unsigned bits = 0;
    for (std::size_t k = 0; k < kGroup; ++k) {
      const std::size_t slot = group.trees[k] * kHeap + node;
      bits |= (ranks[view.node_columns[slot]] > view.node_thresholds[slot] ? 1U : 0U) << k;
    }
    decisions[node] = static_cast<std::uint16_t>(bits);
  }
}

}  // namespace
}  // namespace winnow::kernels
