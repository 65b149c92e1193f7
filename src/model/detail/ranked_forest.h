// A forest in the layout of the kernels.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/detail/kernels.h"
#include "model/detail/lines.h"
#include "model/detail/swept_trees.h"
#include "model/detail/tall_trees.h"
#include "model/forest.h"

namespace winnow {

class RankedForest {
 public:
  static constexpr std::size_t kMaxColumns = 4096;      // bytes of a ranked row
  static constexpr std::size_t kMaxBlockColumns = 512;  // of one in a block
  static constexpr std::size_t kMaxTrees =
      1UL << 18;  // a heap takes up to 800 bytes, however small the tree

  // How a tree is walked.
  enum class Shape : std::uint8_t {
    Heap,   // at most kDepth levels, on ranks
    Swept,  // deeper: blocks on ranks (swept_trees.h), single rows on the values
    Tall,   // on the values (tall_trees.h)
  };

  // Consecutive trees of one shape, in the order in which they are added: `begin` to `end` of the
  // view's heaps, or of `tall_`.
  struct Run {
    Shape shape;
    std::size_t begin;
    std::size_t end;
  };

  using Place = RankPlace;

  // Nothing if the forest needs more than the limits (a vector leaf counts as a tree for each
  // output). `forest` is checked, and outlives this.
  static std::optional<RankedForest> make(const Forest& forest);

  kernels::View view() const;
  std::size_t columns() const {
    return columns_;
  }  // of a ranked row, a multiple of kernels::kChunk

  // The place of each node of each tree of the forest; leaves have none.
  const std::vector<std::vector<Place>>& places() const { return places_; }

  // Which tree of the view is the forest's tree `tree` (its first output); nothing if that is no
  // heap.
  std::optional<std::uint32_t> heap_of(std::size_t tree) const { return heap_of_[tree]; }

  void rank_row(const kernels::Kernels& kernels, const float* row, std::uint8_t* ranks) const;
  void rank_block(const kernels::Kernels& kernels, const float* rows, std::size_t columns,
                  std::size_t count, std::uint8_t* ranks) const;
  // Whether ranks are looked at when margins of a row, or of a block, are added up.
  bool adds_rows_by_rank() const { return adds_rows_by_rank_; }
  bool adds_blocks_by_rank() const { return adds_blocks_by_rank_; }
  void add_row(const kernels::Kernels& kernels, std::span<const float> row,
               const std::uint8_t* ranks, float* margins) const;
  void add_block(const kernels::Kernels& kernels, MatrixView rows, const std::uint8_t* ranks,
                 float* margins) const;

 private:
  friend class RankedForestBuilder;

  // A categorical split has columns of its own: 1 for a member, 0 for any other value.
  struct Membership {
    std::uint32_t feature;
    std::uint32_t high_column;
    std::uint32_t low_column;
    const std::vector<std::uint32_t>* set;
  };
  void rank_memberships(const float* row, std::uint8_t* ranks, std::size_t stride) const;

  std::size_t columns_ = 0;
  std::vector<kernels::Ranker> rankers_;
  Lines<float> thresholds_;
  Lines<float> pivots_;
  std::vector<Membership> memberships_;
  std::vector<std::vector<Place>> places_;
  std::vector<std::optional<std::uint32_t>> heap_of_;

  std::vector<Run> runs_;
  bool adds_rows_by_rank_ = false;
  bool adds_blocks_by_rank_ = false;
  Lines<std::uint8_t> node_thresholds_;
  Lines<std::uint16_t> node_columns_;
  Lines<std::uint8_t> chunk_columns_;
  Lines<float> leaves_;
  std::vector<std::uint64_t> chunk_masks_;
  std::vector<std::uint32_t> outputs_;
  std::vector<std::uint8_t> depths_;

  SweptTrees swept_;  // for each tall tree
  TallTrees tall_;
};

}  // namespace winnow
