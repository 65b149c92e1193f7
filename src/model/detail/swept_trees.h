// Trees of few leaves as kernels sweep them over blocks of rows (kernels::SweptTree): on ranks, all
// nodes for all rows, whatever the tree's depth.
#pragma once

#include <vector>

#include "model/detail/kernels.h"
#include "model/detail/lines.h"
#include "model/forest.h"

namespace winnow {

// Where a node's decision is found: right if the rank in `column` is above `threshold`.
struct RankPlace {
  std::uint16_t column;
  std::uint8_t threshold;
};

class SweptTrees {
 public:
  static bool takes(const Tree& tree);

  // Adds a tree that takes() is true of, whose leaves add the value at `offset` of theirs to
  // `output`. `places` are its nodes'.
  void add(const Tree& tree, const std::vector<RankPlace>& places, std::uint32_t output,
           std::uint32_t offset);
  void add_none() { trees_.emplace_back(); }  // in the place of a tree that is not swept

  const std::vector<kernels::SweptTree>& trees() const { return trees_; }
  const std::vector<kernels::SweptNode>& nodes() const { return nodes_; }
  const Lines<float>& leaves() const { return leaves_; }

 private:
  std::vector<kernels::SweptTree> trees_;
  std::vector<kernels::SweptNode> nodes_;
  Lines<float> leaves_;
};

}  // namespace winnow
