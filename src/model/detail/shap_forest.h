// A forest's tables for explaining one of its outputs.
#pragma once

#include <cstdint>
#include <vector>

#include "model/detail/ranked_forest.h"

namespace winnow {

class ShapForest {
 public:
  // `forest` and `ranked` belong together and outlive this. `room` is how many floats of tables may
  // still be made, of all outputs together; trees that no longer fit are slow ones.
  ShapForest(const Forest& forest, const RankedForest& ranked, std::uint32_t output,
             std::size_t& room);

  // Adds the contributions of the first kernels::kExplained rows of a ranked block to `phi`: as
  // many floats for each feature.
  void add_block(const kernels::Kernels& kernels, const std::uint8_t* ranks, float* phi) const;

  // The same for one row, ranked as a row: one float for each feature.
  void add_row(const kernels::Kernels& kernels, const std::uint8_t* ranks, float* phi) const;

  // Trees that are too deep, too large or have too many features on a path for the kernels.
  const std::vector<const Tree*>& slow_trees() const { return slow_trees_; }

 private:
  friend class ShapForestBuilder;

  struct TreePart {  // where a tree's parts begin
    std::size_t nodes;
    std::size_t steps;
    std::size_t step_count;
    std::size_t points;
  };
  struct GroupPart {
    std::size_t tables;
    std::size_t values;
    std::size_t ancestors;
    std::size_t trees;
    std::size_t entries;  // of entry_ends_
    std::size_t count;    // trees, at most kernels::kGroup
    std::size_t points;
  };
  // A split and whom it is about, in the order in which a tree's contributions are added.
  struct Entry {
    std::uint32_t feature;
    std::uint32_t slot;
  };

  kernels::ShapTree shap_tree(const TreePart& part) const;
  void add_group(const kernels::Kernels& kernels, const GroupPart& part, const std::uint8_t* ranks,
                 float* phi) const;
  void add_deep(const kernels::Kernels& kernels, const std::uint8_t* ranks, float* phi) const;

  const RankedForest& ranked_;
  std::size_t features_;
  std::vector<const Tree*> slow_trees_;

  std::vector<TreePart> trees_;  // heap trees first, by points; then the deeper ones
  std::size_t first_deep_ = 0;   // of trees_
  std::vector<kernels::ShapNode> nodes_;
  std::vector<std::uint32_t> steps_;
  std::vector<float> tables_;

  std::vector<GroupPart> groups_;
  Lines<float> group_tables_;
  Lines<float> group_values_;
  std::vector<std::uint16_t> group_ancestors_;
  std::vector<std::uint32_t> group_trees_;
  std::vector<std::size_t> entry_ends_;  // for each tree of each group
  std::vector<Entry> entries_;
};

}  // namespace winnow
