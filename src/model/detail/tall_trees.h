// Trees too deep for a heap, of numeric splits alone, walked several at a time on the values
// themselves. A leaf leads back to itself, so that a walk takes as many steps as the tree has
// levels and nothing branches: which way a row goes is a coin toss, and a processor that guesses
// wrong at every level waits longer than all the steps take.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/matrix.h"
#include "model/forest.h"

namespace winnow {

class TallTrees {
 public:
  // Whether such a walk can take `tree`: no categories, no zeros that count as missing, and nodes
  // and features small enough for their places here.
  static bool takes(const Tree& tree);

  // Adds a tree that takes() is true of, whose leaves add the value at `offset` of theirs to
  // `output`.
  void add(const Tree& tree, std::uint32_t output, std::uint32_t offset);
  std::size_t size() const { return trees_.size(); }

  // Adds the trees from `begin` to `end`, in order, to the margins of one row, or of `rows`, whose
  // margins stand `stride` floats apart for each output, row beside row.
  void add_row(std::size_t begin, std::size_t end, std::span<const float> row,
               float* margins) const;
  void add_rows(std::size_t begin, std::size_t end, MatrixView rows, float* margins,
                std::size_t stride) const;

 private:
  struct Node {
    float threshold = 0;       // right if x >= threshold; NaN: a leaf
    std::uint16_t left = 0;    // within its tree; the right child follows; of a leaf: itself
    std::uint16_t column = 0;  // twice the feature, and 1 where missing values go right
  };
  struct OneTree {
    std::uint32_t root;   // in nodes_
    std::uint32_t depth;  // steps from there to any leaf
    std::uint32_t output;
  };

  template <bool kMayMiss>
  void add_row_with(std::size_t begin, std::size_t end, const float* row, float* margins) const;
  template <bool kMayMiss>
  void add_tree_with(const OneTree& tree, MatrixView rows, float* sums) const;

  std::vector<Node> nodes_;
  std::vector<float> values_;  // of the leaves, one for each node
  std::vector<OneTree> trees_;
};

}  // namespace winnow
