// The hot loops over ranked rows and heap-shaped trees, compiled once for each CPU level. README.md
// tells the layout. Kernel sources see plain memory only: an inline function of the standard
// library that they instantiated with wider instructions could be the copy that the linker keeps
// for everybody.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/cpu.h"

namespace winnow::kernels {

inline constexpr std::size_t kBlock = 512;  // rows that are scored together
inline constexpr std::size_t kStride =
    576;  // bytes of a column: not a power of two, to spread over cache sets
inline constexpr std::size_t kHeap =
    64;  // slots of a tree of depth 6: node 1 is the root, 2i and 2i+1 its children
inline constexpr std::size_t kDepth = 6;         // of a heap
inline constexpr std::size_t kChunk = 128;       // columns that one byte permutation reaches
inline constexpr std::size_t kThresholds = 256;  // of a ranker: at most 255, ascending, then NaN
inline constexpr std::size_t kExplained = 32;    // rows that are explained together
inline constexpr std::size_t kPivots = 16;       // every 16th threshold

// Replaces a feature by the number of its thresholds that are not above it: `x < threshold[j]` is
// exactly `rank <= j`. A missing value ranks 255 in one column and 0 in the other.
struct Ranker {
  std::uint32_t feature;
  std::uint32_t zero_gap;     // whether a zero is missing too
  std::uint32_t high_column;  // nodes whose missing values go right look here
  std::uint32_t low_column;   // nodes whose missing values go left look here
};

// A tree of at most kSweptLeaves leaves, for blocks of rows: all rows pass all of its nodes,
// parents before children. A row's place is the first leaf below the node that it has come to, so
// that it stays where it is when it goes left, and no other row is there.
inline constexpr std::size_t kSweptLeaves = 256;

struct SweptNode {
  std::uint16_t column;
  std::uint8_t threshold;
  std::uint8_t place;  // of the rows that come by
  std::uint8_t right;  // of those that go right
};
struct SweptTree {
  std::uint32_t begin, end;  // nodes
  std::uint32_t leaves;      // where they begin, followed by zeros up to a multiple of kHeap
  std::uint32_t leaf_count;
  std::uint32_t output;
};

// The splits of a deep tree that most rows pass (tall_trees.h), parents before children, for blocks
// of rows that have been turned into whole numbers. A row's place is the node that it gets to when
// it goes left at all of these that are left to it.
inline constexpr std::size_t kTallRows = 16;  // whose values of one column stand side by side
struct FirstSplit {
  std::uint32_t column;     // times kTallRows
  std::uint32_t threshold;  // right if the value is above it
  std::uint32_t place;      // of the rows that come by
  std::uint32_t right;      // of those that go right
};

struct View {
  const Ranker* rankers;
  std::size_t ranker_count;
  const float* thresholds;  // kThresholds for each ranker
  const float* pivots;      // kPivots for each ranker

  // For each heap tree kHeap of each; a node sends a row right if rank > threshold.
  const std::uint8_t* node_thresholds;
  const std::uint16_t* node_columns;
  const std::uint8_t* chunk_columns;  // node_columns % kChunk
  const float* leaves;                // by the six decisions, the root's highest
  const std::uint64_t* chunk_masks;   // for each tree and chunk: the nodes that look there
  std::size_t chunks;
  const std::uint32_t* outputs;  // for each tree
  const std::uint8_t* depths;    // likewise, 1 to kDepth

  const SweptTree* swept_trees;
  const SweptNode* swept_nodes;
  const float* swept_leaves;
};

// Explaining (README.md tells the method). A node's tables hold, for each point q of the quadrature
// and each side c, what an edge multiplies into the products below it and what it takes out of
// their sums:
//   hot_factor[q][c]   hot_share[q][c]    the row goes that way, as at every split on this feature
//   above cold_factor[q][c]  cold_share[q]      the row goes the other way, but not at those above
//   ratio[c]                              it already left at one of those: nothing is taken out
struct ShapTables {
  static constexpr std::size_t hot_factor(std::size_t q, std::size_t side) { return 7 * q + side; }
  static constexpr std::size_t cold_factor(std::size_t q, std::size_t side) {
    return 7 * q + 2 + side;
  }
  static constexpr std::size_t hot_share(std::size_t q, std::size_t side) {
    return 7 * q + 4 + side;
  }
  static constexpr std::size_t cold_share(std::size_t q) { return 7 * q + 6; }
  static constexpr std::size_t ratio(std::size_t points, std::size_t side) {
    return 7 * points + side;
  }
  static constexpr std::size_t size(std::size_t points) { return 7 * points + 2; }
};

inline constexpr std::size_t kMaxPoints = 8;      // enough for 16 different features on a path
inline constexpr std::size_t kMaxShapDepth = 32;  // levels of a tree
inline constexpr std::uint8_t kNoAncestor = 255;

struct ShapNode {
  std::uint32_t feature;
  std::uint32_t tables;  // where they begin
  std::uint16_t column;
  std::uint8_t threshold;
  std::uint8_t depth;
  std::uint8_t side;           // of its parent
  std::uint8_t ancestor;       // depth of the nearest split above on the same feature
  std::uint8_t ancestor_side;  // and the side of it that leads here
  bool leaf[2];                // whether the child is one
  float value[2];              // then its value
};

// A tree as the steps of a depth-first walk: 2 x node when it is entered, 2 x node + 1 when it is
// left.
struct ShapTree {
  const ShapNode* nodes;
  const float* tables;
  const std::uint32_t* steps;
  std::size_t step_count;
  std::size_t points;
};

inline constexpr std::size_t kGroup = 16;  // heap trees that explain one row together

// Heap trees side by side, for one row: every array holds kGroup entries, one for each tree.
struct ShapGroup {
  const float* tables;  // for each node from the root: ShapTables, each entry kGroup wide
  const float* values;  // for each of the kHeap leaves
  const std::uint16_t*
      ancestor;  // for each node and each level above: whose ancestor is there, as bits
  const std::uint32_t* trees;  // where each is in the view; the last is repeated to fill the group
  std::size_t points;
};

struct Kernels {
  // Ranks one row of floats into a row of bytes.
  void (*rank_row)(const View& view, const float* row, std::uint8_t* ranks);
  // Ranks `count` rows, each `columns` floats long, into columns of kStride bytes.
  void (*rank_block)(const View& view, const float* rows, std::size_t columns, std::size_t count,
                     std::uint8_t* ranks);
  // Adds the trees from `begin` to `end`, in order, to the margins of one row.
  void (*add_row)(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
                  float* margins);
  // The same for `count` rows of a block; margins are kBlock floats for each output.
  void (*add_block)(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
                    std::size_t count, float* margins);
  // The same for swept trees.
  void (*sweep_block)(const View& view, std::size_t begin, std::size_t end,
                      const std::uint8_t* ranks, std::size_t count, float* margins);
  // Sends `groups` of kTallRows rows from `places` through the first splits of a tree; the values
  // of one group stand `apart` from those of the next. Values and places are aligned to cache
  // lines.
  void (*enter_tree)(const FirstSplit* splits, std::size_t count, const std::uint32_t* values,
                     std::size_t apart, std::size_t groups, std::uint32_t* places);
  // Adds one tree's contributions for kExplained rows of a block; phi is kExplained floats for each
  // feature.
  void (*explain_block)(const ShapTree& tree, const std::uint8_t* ranks, float* phi);
  // The contributions of each node of a group for one row: kGroup floats for each heap node.
  void (*explain_row)(const View& view, const ShapGroup& group, const std::uint8_t* ranks,
                      float* contributions);
  std::size_t block_pays;  // from how many rows on a block is faster than row after row
};

const Kernels& portable_kernels();
const Kernels& avx2_kernels();    // only on machines of that level
const Kernels& avx512_kernels();  // likewise
const Kernels& kernels_of(CpuLevel level);

}  // namespace winnow::kernels
