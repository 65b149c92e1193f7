// A forest in the layout of the kernels.
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <vector>

#include "model/detail/kernels.h"
#include "model/detail/tall_trees.h"
#include "model/forest.h"

namespace winnow {

// Memory at cache line boundaries, which the kernels load whole.
template <typename T>
struct LineAllocator {
  using value_type = T;
  LineAllocator() = default;
  template <typename U>
  LineAllocator(const LineAllocator<U>&) {}  // NOLINT: rebinding converts
  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{64}));
  }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, std::align_val_t{64}); }
  friend bool operator==(const LineAllocator&, const LineAllocator&) { return true; }
};
template <typename T>
using Lines = std::vector<T, LineAllocator<T>>;

class RankedForest {
 public:
  static constexpr std::size_t kMaxColumns = 4096;  // bytes of a ranked row
  static constexpr std::size_t kMaxTrees =
      1UL << 18;  // a heap takes up to 800 bytes, however small the tree

  // How a tree is walked.
  enum class Shape : std::uint8_t {
    Heap,  // at most kDepth levels, on ranks
    Tall,  // deeper, on the values (tall_trees.h)
    Deep,  // what neither of them takes: on ranks, node to node
  };

  // Consecutive trees of one shape, in the order in which they are added: `begin` to `end` of the
  // view, of `tall_` or of `deep_roots_`.
  struct Run {
    Shape shape;
    std::size_t begin;
    std::size_t end;
  };

  // A node of a tree of Shape::Deep.
  struct DeepNode {
    std::uint32_t left;  // 0: a leaf; the right child follows the left
    std::uint16_t column;
    std::uint8_t threshold;
    float value;
  };

  // Where a node's decision is found: right if the rank in `column` is above `threshold`.
  struct Place {
    std::uint16_t column;
    std::uint8_t threshold;
  };

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
  // Whether ranks are looked at when margins are added up.
  bool adds_by_rank() const { return adds_by_rank_; }
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
  float deep_leaf(std::size_t tree, const std::uint8_t* ranks, std::size_t stride) const;

  std::size_t columns_ = 0;
  std::vector<kernels::Ranker> rankers_;
  Lines<float> thresholds_;
  Lines<float> pivots_;
  std::vector<Membership> memberships_;
  std::vector<std::vector<Place>> places_;
  std::vector<std::optional<std::uint32_t>> heap_of_;

  std::vector<Run> runs_;
  bool adds_by_rank_ = false;
  Lines<std::uint8_t> node_thresholds_;
  Lines<std::uint16_t> node_columns_;
  Lines<std::uint8_t> chunk_columns_;
  Lines<float> leaves_;
  std::vector<std::uint64_t> chunk_masks_;
  std::vector<std::uint32_t> outputs_;
  std::vector<std::uint8_t> depths_;

  TallTrees tall_;
  std::vector<DeepNode> deep_nodes_;
  std::vector<std::uint32_t> deep_roots_;
  std::vector<std::uint32_t> deep_outputs_;
};

}  // namespace winnow
