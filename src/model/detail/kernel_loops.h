// Loops that the portable and the AVX2 kernels share. Included by kernel sources only, and
// everything is local to each, so that each level keeps its own machine code.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/detail/kernels.h"

namespace winnow::kernels {
namespace {

// 255 for a missing value, or a zero that counts as one, else 0. Which values are missing is a
// matter of chance, so that is not branched on; which rankers have a gap never changes.
inline std::uint8_t missing_mask(const Ranker& ranker, float x) {
  constexpr float kZeroGap = 1e-35F;  // TreeNode::kZeroGap
  auto missing = static_cast<unsigned>(x != x);
  if (ranker.zero_gap != 0) [[unlikely]] {
    missing |= static_cast<unsigned>(x >= -kZeroGap) & static_cast<unsigned>(x <= kZeroGap);
  }
  return static_cast<std::uint8_t>(0U - missing);
}

// Writes a rank where the two kinds of nodes look for it.
inline void put_rank(const Ranker& ranker, float x, unsigned rank, std::uint8_t* ranks,
                     std::size_t stride) {
  const auto missing = missing_mask(ranker, x);
  ranks[ranker.high_column * stride] = static_cast<std::uint8_t>(rank | missing);
  ranks[ranker.low_column * stride] =
      static_cast<std::uint8_t>(rank & static_cast<std::uint8_t>(~missing));
}

// The margin that trees are being added to, in a register as long as its output stays the same.
class RunningMargin {
 public:
  explicit RunningMargin(float* margins) : margins_(margins), sum_(margins[0]) {}
  ~RunningMargin() { margins_[output_] = sum_; }
  RunningMargin(const RunningMargin&) = delete;
  RunningMargin& operator=(const RunningMargin&) = delete;

  void add(std::uint32_t output, float leaf) {
    if (output != output_) {
      margins_[output_] = sum_;
      output_ = output;
      sum_ = margins_[output];
    }
    sum_ += leaf;
  }

 private:
  float* margins_;
  std::uint32_t output_ = 0;
  float sum_;
};

// Eight trees descend at once, so that their loads overlap; they are added in order.
inline void descend_and_add(const View& view, std::size_t begin, std::size_t end,
                            const std::uint8_t* ranks, float* margins) {
  constexpr std::size_t kLanes = 8;
  RunningMargin margin(margins);
  std::size_t tree = begin;
  for (; tree + kLanes <= end; tree += kLanes) {
    std::size_t at[kLanes];
    for (std::size_t j = 0; j < kLanes; ++j) at[j] = 1;
    for (std::size_t level = 0; level < kDepth; ++level) {
      for (std::size_t j = 0; j < kLanes; ++j) {
        const std::size_t node = (tree + j) * kHeap + at[j];
        at[j] = 2 * at[j] + (ranks[view.node_columns[node]] > view.node_thresholds[node] ? 1 : 0);
      }
    }
    for (std::size_t j = 0; j < kLanes; ++j) {
      margin.add(view.outputs[tree + j], view.leaves[(tree + j) * kHeap + at[j] - kHeap]);
    }
  }
  for (; tree < end; ++tree) {
    std::size_t at = 1;
    while (at < kHeap) {
      const std::size_t node = tree * kHeap + at;
      at = 2 * at + (ranks[view.node_columns[node]] > view.node_thresholds[node] ? 1 : 0);
    }
    margin.add(view.outputs[tree], view.leaves[tree * kHeap + at - kHeap]);
  }
}

// The leaf of each of sizeof(Bytes) rows, as six bits. Every node is compared for all rows, and the
// decisions on the way down select among the decisions below them. `Vector` says what a vector of
// bytes is and how it chooses; a decision is 0xFF for left.
template <typename Vector, int kLevels>
struct LeafFinder {
  using Bytes = typename Vector::Bytes;

  const std::uint8_t* thresholds;  // of the tree's nodes
  const std::uint16_t* columns;    // likewise
  const std::uint8_t* ranks;       // of the first row

  Bytes goes_left(std::size_t node) const {
    const Bytes rank = *reinterpret_cast<const Bytes*>(ranks + columns[node] * kStride);
    return reinterpret_cast<Bytes>(rank <= Vector::splat(thresholds[node]));
  }

  // The decision of the row's node on level `kLevel`, below `node`, given the decisions above.
  template <int kLevel, int kAt>
  Bytes select(std::size_t node, const Bytes* above) const {
    if constexpr (kAt == kLevel) {
      return goes_left(node);
    } else {
      const Bytes left = select<kLevel, kAt + 1>(2 * node, above);
      const Bytes right = select<kLevel, kAt + 1>(2 * node + 1, above);
      return Vector::choose(above[kAt], left, right);
    }
  }

  template <int kLevel>
  void decide(Bytes* above, Bytes& leaf) const {
    above[kLevel] = select<kLevel, 0>(1, above);
    leaf |= ~above[kLevel] & Vector::splat(static_cast<std::uint8_t>(kHeap >> (kLevel + 1)));
    if constexpr (kLevel + 1 < kLevels) decide<kLevel + 1>(above, leaf);
  }

  Bytes find() const {
    Bytes above[kLevels];
    Bytes leaf{};
    decide<0>(above, leaf);
    return leaf;
  }
};

template <typename Vector>
inline typename Vector::Bytes find_leaves(const View& view, std::size_t tree,
                                          const std::uint8_t* ranks) {
  const std::uint8_t* thresholds = view.node_thresholds + tree * kHeap;
  const std::uint16_t* columns = view.node_columns + tree * kHeap;
  switch (view.depths[tree]) {
    case 1:
      return LeafFinder<Vector, 1>{thresholds, columns, ranks}.find();
    case 2:
      return LeafFinder<Vector, 2>{thresholds, columns, ranks}.find();
    case 3:
      return LeafFinder<Vector, 3>{thresholds, columns, ranks}.find();
    case 4:
      return LeafFinder<Vector, 4>{thresholds, columns, ranks}.find();
    case 5:
      return LeafFinder<Vector, 5>{thresholds, columns, ranks}.find();
    default:
      return LeafFinder<Vector, 6>{thresholds, columns, ranks}.find();
  }
}

// Sends kVectors vectors of rows through a swept tree; their leaves' numbers come out.
template <typename Vector, std::size_t kVectors>
inline void sweep(const View& view, const SweptTree& tree, const std::uint8_t* ranks,
                  typename Vector::Bytes* places) {
  using Bytes = typename Vector::Bytes;
  Bytes at[kVectors] = {};
  for (std::size_t n = tree.begin; n < tree.end; ++n) {
    const SweptNode node = view.swept_nodes[n];
    const auto* rank = reinterpret_cast<const Bytes*>(ranks + node.column * kStride);
    const Bytes threshold = Vector::splat(node.threshold);
    const Bytes place = Vector::splat(node.place);
    const Bytes right = Vector::splat(node.right);
    for (std::size_t k = 0; k < kVectors; ++k) {
      const auto stays =
          reinterpret_cast<Bytes>(at[k] != place) | reinterpret_cast<Bytes>(rank[k] <= threshold);
      at[k] = Vector::choose(stays, at[k], right);
    }
  }
  for (std::size_t k = 0; k < kVectors; ++k) places[k] = at[k];
}

// Adds what trees give to each of `count` rows: add(leaves, places, rows, out) adds to each of some
// rows the leaf at its place.
template <typename Vector, typename Add>
inline void add_walked(const View& view, std::size_t begin, std::size_t end,
                       const std::uint8_t* ranks, std::size_t count, float* margins, Add add) {
  using Bytes = typename Vector::Bytes;
  for (std::size_t r = 0; r < count; r += sizeof(Bytes)) {
    for (std::size_t tree = begin; tree < end; ++tree) {
      const Bytes leaf = find_leaves<Vector>(view, tree, ranks + r);
      add(view.leaves + tree * kHeap, reinterpret_cast<const std::uint8_t*>(&leaf), sizeof(Bytes),
          margins + view.outputs[tree] * kBlock + r);
    }
  }
}
template <typename Vector, typename Add>
inline void add_swept(const View& view, std::size_t begin, std::size_t end,
                      const std::uint8_t* ranks, std::size_t count, float* margins, Add add) {
  using Bytes = typename Vector::Bytes;
  constexpr std::size_t kVectors = 4;
  constexpr std::size_t kRows = kVectors * sizeof(Bytes);
  for (std::size_t tree = begin; tree < end; ++tree) {
    const SweptTree& swept = view.swept_trees[tree];
    for (std::size_t r = 0; r < count; r += kRows) {
      alignas(Bytes) std::uint8_t places[kRows];
      sweep<Vector, kVectors>(view, swept, ranks + r, reinterpret_cast<Bytes*>(places));
      add(view.swept_leaves + swept.leaves, places, kRows, margins + swept.output * kBlock + r);
    }
  }
}

template <std::size_t kGroups>
inline void enter_together(const FirstSplit* splits, std::size_t count, const std::uint32_t* values,
                           std::size_t apart, std::uint32_t* places) {
  typedef std::uint32_t Rows __attribute__((vector_size(4 * kTallRows), may_alias));
  auto* const out = reinterpret_cast<Rows*>(places);
  Rows at[kGroups];
  for (std::size_t g = 0; g < kGroups; ++g) at[g] = out[g];
  for (std::size_t i = 0; i < count; ++i) {
    const FirstSplit& split = splits[i];
    for (std::size_t g = 0; g < kGroups; ++g) {
      const Rows& x = *reinterpret_cast<const Rows*>(values + g * apart + split.column);
      const auto goes_right = (at[g] == split.place) & (x > split.threshold);
      at[g] = goes_right ? split.right - Rows{} : at[g];
    }
  }
  for (std::size_t g = 0; g < kGroups; ++g) out[g] = at[g];
}

inline void enter_tree(const FirstSplit* splits, std::size_t count, const std::uint32_t* values,
                       std::size_t apart, std::size_t groups, std::uint32_t* places) {
  constexpr std::size_t kTogether = 4;
  std::size_t g = 0;
  for (; g + kTogether <= groups; g += kTogether)
    enter_together<kTogether>(splits, count, values + g * apart, apart, places + g * kTallRows);
  for (; g < groups; ++g)
    enter_together<1>(splits, count, values + g * apart, apart, places + g * kTallRows);
}

}  // namespace
}  // namespace winnow::kernels
