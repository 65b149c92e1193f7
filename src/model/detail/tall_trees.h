// Trees too deep for a heap, walked many at a time. Values and thresholds are whole numbers in the
// order of the floats that they stand for, so that a missing value, a zero that counts as one and
// a member of a category are numbers like any other. A leaf leads back to itself, so nothing
// branches: which way a row goes is a coin toss, and a processor that guesses wrong at every level
// waits longer than all the steps take.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "base/matrix.h"
#include "model/detail/kernels.h"
#include "model/detail/lines.h"
#include "model/forest.h"

namespace winnow {

class TallTrees {
 public:
  // A column is a feature, and once more where missing values go the other way; a set of
  // categories; and one that leaves look at.
  static constexpr std::size_t kMaxColumns = 4096;
  static constexpr std::size_t kMaxNodes = (1UL << 16) - 1;  // of a tree

  // Adds a tree of at most kMaxNodes nodes that needs no more columns than there may be; its leaves
  // add the value at `offset` of theirs to `output`. Its category sets outlive this.
  void add(const Tree& tree, std::uint32_t output, std::uint32_t offset);
  std::size_t size() const { return trees_.size(); }

  // Turns a row into the numbers that trees look at, at most kMaxColumns.
  void read_row(const float* row, std::uint32_t* values) const;
  // Adds the trees from `begin` to `end`, in order, to the margins of one row that has been read,
  // or of at most kernels::kBlock rows, whose margins are kBlock floats for each output.
  void add_row(std::size_t begin, std::size_t end, const std::uint32_t* values,
               float* margins) const;
  void add_block(const kernels::Kernels& kernels, std::size_t begin, std::size_t end,
                 MatrixView rows, float* margins) const;

 private:
  // A leaf leads to itself, and its threshold holds the bits of its value.
  struct Node {
    std::uint32_t threshold = 0;  // right if the value in the column is above it
    std::uint16_t column = 0;
    std::uint16_t left = 0;  // within its tree; its brother follows
  };
  struct OneTree {
    std::uint32_t root;   // in nodes_
    std::uint32_t depth;  // steps from there to any leaf
    std::uint32_t output;
    std::uint32_t splits, split_count;  // its first ones, in first_splits_
    std::uint32_t start;                // where rows that go left at all of these get to
    std::uint32_t usual;                // steps from such a place to a leaf, on average
  };
  // A feature as nodes see it.
  struct Column {
    std::uint32_t feature = 0;
    std::uint32_t missing = 0;                        // what stands for a missing value
    std::uint32_t gap = 0;                            // magnitudes below this are missing, too
    const std::vector<std::uint32_t>* set = nullptr;  // of categories: members rank above others
  };
  // What tells columns apart: feature, kind, whether missing values go left, set of categories.
  using Sight = std::tuple<std::uint32_t, TreeNode::Kind, bool, const void*>;
  template <std::size_t kTrees, std::size_t kRows>
  struct Walks;

  std::uint32_t column_of(const Tree& tree, const TreeNode& node);
  void add_first_splits(const Tree& tree, const std::vector<std::uint32_t>& places);
  template <std::size_t kRows>
  void read(const float* const* rows, std::uint32_t* values) const;
  void add_tree(const kernels::Kernels& kernels, const OneTree& tree, const std::uint32_t* values,
                std::size_t rows, float* sums) const;

  Lines<Node> nodes_;
  std::vector<OneTree> trees_;
  std::vector<kernels::FirstSplit> first_splits_;
  std::vector<Column> columns_ = {{}};  // the first is the leaves'
  std::map<Sight, std::uint32_t> column_at_;
};

}  // namespace winnow
