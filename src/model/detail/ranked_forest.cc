#include "model/detail/ranked_forest.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "model/detail/decide.h"

namespace winnow {

using kernels::kBlock;
using kernels::kChunk;
using kernels::kDepth;
using kernels::kHeap;
using kernels::kStride;

// Makes the columns first, then the trees that look at them.
class RankedForestBuilder {
 public:
  explicit RankedForestBuilder(const Forest& forest) : forest_(forest) {}

  std::optional<RankedForest> build() {
    if (trees_needed() > RankedForest::kMaxTrees || !std::ranges::all_of(forest_.trees, fits))
      return std::nullopt;
    collect_thresholds();
    if (!make_columns()) return std::nullopt;
    sweeps_ = sweeping_pays();
    for (const auto& tree : forest_.trees) add_tree(tree);
    cut_chunks();
    return std::move(out_);
  }

 private:
  using Shape = RankedForest::Shape;
  static constexpr std::size_t kRanks = kernels::kThresholds - 1;  // thresholds of one ranker
  static constexpr std::uint32_t kNone = RankedForest::kMaxColumns;

  // One feature as nodes see it; a zero gap makes another of it.
  struct Source {
    std::vector<float> thresholds;  // ascending, unique
    bool high = false;              // whether a missing value goes right at some node
    bool low = false;
    std::size_t first_ranker = 0;
  };
  using SourceKey = std::pair<std::uint32_t, bool>;  // feature, zero gap

  static SourceKey key_of(const TreeNode& node) {
    return {node.feature, node.kind == TreeNode::Kind::ZeroGap};
  }
  static bool is_numeric(const TreeNode& node) {
    return node.kind == TreeNode::Kind::Numeric || node.kind == TreeNode::Kind::ZeroGap;
  }

  std::size_t trees_needed() const {
    std::size_t trees = 0;
    for (const auto& tree : forest_.trees)
      trees += tree.output == Tree::kAllOutputs ? forest_.outputs() : 1;
    return trees;
  }

  void collect_thresholds() {
    for (const auto& tree : forest_.trees) {
      for (const auto& node : tree.nodes) {
        if (!is_numeric(node)) continue;
        auto& source = sources_[key_of(node)];
        source.thresholds.push_back(node.threshold);
        (node.default_left ? source.low : source.high) = true;
      }
    }
    for (auto& [key, source] : sources_) {
      std::sort(source.thresholds.begin(), source.thresholds.end());
      source.thresholds.erase(std::unique(source.thresholds.begin(), source.thresholds.end()),
                              source.thresholds.end());
    }
  }

  std::uint32_t new_column(bool wanted) { return wanted ? columns_++ : kNone; }

  bool make_columns() {
    for (auto& [key, source] : sources_) {
      source.first_ranker = out_.rankers_.size();
      for (std::size_t at = 0; at < source.thresholds.size(); at += kRanks) {
        const std::uint32_t high = new_column(source.high);
        const std::uint32_t low = new_column(source.low);
        if (columns_ >= kNone) return false;
        out_.rankers_.push_back({key.first, key.second ? 1U : 0U, high, low});
        add_thresholds(source.thresholds, at);
      }
    }
    for (const auto& tree : forest_.trees) {
      for (const auto& node : tree.nodes) {
        if (node.kind != TreeNode::Kind::Category) continue;
        const std::uint32_t high = new_column(!node.default_left);
        const std::uint32_t low = new_column(node.default_left);
        if (columns_ >= kNone) return false;
        membership_of_[&node] = out_.memberships_.size();
        out_.memberships_.push_back({node.feature, high, low, &tree.category_sets[node.slot]});
      }
    }
    // What nobody looks at is written to one spare column.
    const std::uint32_t spare = columns_++;
    const auto redirect = [&](auto& each) {
      if (each.high_column == kNone) each.high_column = spare;
      if (each.low_column == kNone) each.low_column = spare;
    };
    std::for_each(out_.rankers_.begin(), out_.rankers_.end(), redirect);
    std::for_each(out_.memberships_.begin(), out_.memberships_.end(), redirect);
    out_.columns_ = (columns_ + kChunk - 1) / kChunk * kChunk;
    return true;
  }

  void add_thresholds(const std::vector<float>& all, std::size_t at) {
    const std::size_t begin = out_.thresholds_.size();
    for (std::size_t k = 0; k < kernels::kThresholds; ++k) {
      out_.thresholds_.push_back(k < kRanks && at + k < all.size() ? all[at + k] : NAN);
    }
    for (std::size_t k = 0; k < kernels::kPivots; ++k) {
      out_.pivots_.push_back(out_.thresholds_[begin + 16 * k + 15]);  // the last is NaN
    }
  }

  RankedForest::Place place_of(const TreeNode& node) const {
    if (node.kind == TreeNode::Kind::Category) {
      const auto& membership = out_.memberships_[membership_of_.at(&node)];
      return {static_cast<std::uint16_t>(node.default_left ? membership.low_column
                                                           : membership.high_column),
              0};
    }
    const auto& source = sources_.at(key_of(node));
    const auto rank = static_cast<std::size_t>(
        std::lower_bound(source.thresholds.begin(), source.thresholds.end(), node.threshold) -
        source.thresholds.begin());
    const auto& ranker = out_.rankers_[source.first_ranker + rank / kRanks];
    return {static_cast<std::uint16_t>(node.default_left ? ranker.low_column : ranker.high_column),
            static_cast<std::uint8_t>(rank % kRanks)};
  }

  void add_tree(const Tree& tree) {
    auto& places = out_.places_.emplace_back(tree.nodes.size());
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      if (tree.nodes[i].kind != TreeNode::Kind::Leaf) places[i] = place_of(tree.nodes[i]);
    }
    const auto shape = shape_of(tree);
    const bool heap = shape == Shape::Heap;
    out_.heap_of_.push_back(heap ? std::optional(static_cast<std::uint32_t>(out_.outputs_.size()))
                                 : std::nullopt);
    // A vector leaf is as many leaves of trees with the same splits.
    const bool vector = tree.output == Tree::kAllOutputs;
    for (std::uint32_t k = 0; k < (vector ? forest_.outputs() : 1); ++k) {
      const std::uint32_t output = vector ? k : tree.output;
      if (heap) {
        add_heap(tree, output, vector ? k : 0);
        out_.depths_.push_back(static_cast<std::uint8_t>(std::max(depth_of(tree), 1U)));
        extend_run(shape, out_.outputs_.size());
      } else {
        out_.tall_.add(tree, output, vector ? k : 0);
        if (shape == Shape::Swept) {
          out_.swept_.add(tree, places, output, vector ? k : 0);
        } else {
          out_.swept_.add_none();
        }
        extend_run(shape, out_.tall_.size());
      }
    }
  }

  static bool fits(const Tree& tree) { return tree.nodes.size() <= TallTrees::kMaxNodes; }
  static bool is_heap(const Tree& tree) { return depth_of(tree) <= kDepth; }

  // Whether blocks of rows are rather ranked and swept than walked: by what each step takes of a
  // row with AVX2, in nanoseconds. With AVX-512 sweeping gains more, and elsewhere about nothing.
  bool sweeping_pays() const {
    constexpr double kRanking = 3, kPassingSplit = 0.03, kWalkingTree = 5;
    if (out_.columns_ > RankedForest::kMaxBlockColumns) return false;
    double ranking =
        kRanking * static_cast<double>(out_.rankers_.size() + out_.memberships_.size());
    double sweeping = 0, walking = 0;
    for (const auto& tree : forest_.trees) {
      if (is_heap(tree)) {
        ranking = 0;  // rows are ranked in any case
      } else if (SweptTrees::takes(tree)) {
        sweeping += kPassingSplit * static_cast<double>(tree.nodes.size() / 2);
        walking += kWalkingTree;
      }
    }
    return ranking + sweeping < walking;
  }

  Shape shape_of(const Tree& tree) const {
    if (is_heap(tree)) return Shape::Heap;
    return sweeps_ && SweptTrees::takes(tree) ? Shape::Swept : Shape::Tall;
  }

  void extend_run(Shape shape, std::size_t end) {
    if (out_.runs_.empty() || out_.runs_.back().shape != shape)
      out_.runs_.push_back({shape, end - 1, end});
    out_.runs_.back().end = end;
    out_.adds_rows_by_rank_ |= shape == Shape::Heap;
    out_.adds_blocks_by_rank_ |= shape != Shape::Tall;
  }

  float value_of(const Tree& tree, const TreeNode& leaf, std::uint32_t offset) const {
    return tree.leaf_values[leaf.slot + offset] * tree.weight;
  }

  // A branch that ends early goes on to the left, where its leaf waits: nothing ranks above 255.
  void add_heap(const Tree& tree, std::uint32_t output, std::uint32_t offset) {
    const std::size_t base = out_.outputs_.size() * kHeap;
    out_.outputs_.push_back(output);
    out_.node_thresholds_.resize(base + kHeap, 255);
    out_.node_columns_.resize(base + kHeap, 0);
    out_.leaves_.resize(base + kHeap, 0.0F);
    const auto& places = out_.places_.back();
    struct Visit {
      std::uint32_t node;
      std::size_t slot;
    };
    std::vector<Visit> open = {{0, 1}};
    while (!open.empty()) {
      const auto [at, slot] = open.back();
      open.pop_back();
      const auto& node = tree.nodes[at];
      if (node.kind == TreeNode::Kind::Leaf) {
        std::size_t leaf = slot;
        while (leaf < kHeap) leaf *= 2;
        out_.leaves_[base + leaf - kHeap] = value_of(tree, node, offset);
        continue;
      }
      out_.node_thresholds_[base + slot] = places[at].threshold;
      out_.node_columns_[base + slot] = places[at].column;
      open.push_back({node.left, 2 * slot});
      open.push_back({node.right, 2 * slot + 1});
    }
  }

  void cut_chunks() {
    const std::size_t chunks = out_.columns_ / kChunk;
    out_.chunk_masks_.assign(out_.outputs_.size() * chunks, 0);
    for (std::size_t i = 0; i < out_.node_columns_.size(); ++i) {
      const std::size_t column = out_.node_columns_[i];
      out_.chunk_columns_.push_back(static_cast<std::uint8_t>(column % kChunk));
      out_.chunk_masks_[i / kHeap * chunks + column / kChunk] |= std::uint64_t{1} << (i % kHeap);
    }
  }

  const Forest& forest_;
  std::map<SourceKey, Source> sources_;
  std::map<const TreeNode*, std::size_t> membership_of_;
  std::uint32_t columns_ = 0;
  bool sweeps_ = false;
  RankedForest out_;
};

std::optional<RankedForest> RankedForest::make(const Forest& forest) {
  return RankedForestBuilder(forest).build();
}

kernels::View RankedForest::view() const {
  return {.rankers = rankers_.data(),
          .ranker_count = rankers_.size(),
          .thresholds = thresholds_.data(),
          .pivots = pivots_.data(),
          .node_thresholds = node_thresholds_.data(),
          .node_columns = node_columns_.data(),
          .chunk_columns = chunk_columns_.data(),
          .leaves = leaves_.data(),
          .chunk_masks = chunk_masks_.data(),
          .chunks = columns_ / kChunk,
          .outputs = outputs_.data(),
          .depths = depths_.data(),
          .swept_trees = swept_.trees().data(),
          .swept_nodes = swept_.nodes().data(),
          .swept_leaves = swept_.leaves().data()};
}

void RankedForest::rank_memberships(const float* row, std::uint8_t* ranks,
                                    std::size_t stride) const {
  for (const auto& membership : memberships_) {
    const float x = row[membership.feature];
    const bool missing = std::isnan(x);
    const std::uint8_t member = in_category_set(*membership.set, x) ? 1 : 0;
    ranks[membership.high_column * stride] = missing ? 255 : member;
    ranks[membership.low_column * stride] = missing ? 0 : member;
  }
}

void RankedForest::rank_row(const kernels::Kernels& kernels, const float* row,
                            std::uint8_t* ranks) const {
  kernels.rank_row(view(), row, ranks);
  rank_memberships(row, ranks, 1);
}

void RankedForest::rank_block(const kernels::Kernels& kernels, const float* rows,
                              std::size_t columns, std::size_t count, std::uint8_t* ranks) const {
  kernels.rank_block(view(), rows, columns, count, ranks);
  if (memberships_.empty()) return;
  for (std::size_t r = 0; r < count; ++r) rank_memberships(rows + r * columns, ranks + r, kStride);
}

void RankedForest::add_row(const kernels::Kernels& kernels, std::span<const float> row,
                           const std::uint8_t* ranks, float* margins) const {
  std::uint32_t values[TallTrees::kMaxColumns];
  if (tall_.size() > 0) tall_.read_row(row.data(), values);
  for (const auto& run : runs_) {
    switch (run.shape) {
      case Shape::Heap:
        kernels.add_row(view(), run.begin, run.end, ranks, margins);
        break;
      case Shape::Swept:
      case Shape::Tall:
        tall_.add_row(run.begin, run.end, values, margins);
        break;
    }
  }
}

void RankedForest::add_block(const kernels::Kernels& kernels, MatrixView rows,
                             const std::uint8_t* ranks, float* margins) const {
  for (const auto& run : runs_) {
    switch (run.shape) {
      case Shape::Heap:
        kernels.add_block(view(), run.begin, run.end, ranks, rows.rows, margins);
        break;
      case Shape::Swept:
        kernels.sweep_block(view(), run.begin, run.end, ranks, rows.rows, margins);
        break;
      case Shape::Tall:
        tall_.add_block(kernels, run.begin, run.end, rows, margins);
        break;
    }
  }
}

}  // namespace winnow
