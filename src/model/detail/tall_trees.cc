#include "model/detail/tall_trees.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>
#include <limits>
#include <utility>

#include "base/contract.h"
#include "model/detail/decide.h"

namespace winnow {
namespace {

using kernels::kTallRows;

constexpr std::size_t kTreesOfARow = 8;    // walks whose loads overlap: of one row,
constexpr std::size_t kLanes = kTallRows;  // and of a block
constexpr std::size_t kRoom = 1UL << 16;   // values of the rows that a tree is walked for
constexpr std::uint32_t kFirstLook = 8;    // steps until one looks whether all have arrived,
constexpr std::uint32_t kNextLook = 3;     // and from then on
constexpr std::size_t kFirstSplits = 15;   // that a block passes together
constexpr std::size_t kLine = 8;           // nodes of a cache line

constexpr std::uint32_t kLowest = 0;
constexpr std::uint32_t kHighest = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kSign = 1U << 31;
constexpr std::uint32_t kInfinity = 0x7F800000;

std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }
std::uint32_t magnitude(std::uint32_t bits) { return bits & ~kSign; }

// Whole numbers in the order of the floats with these bits. Both zeros are one number; infinities
// are far from kLowest and kHighest.
std::uint32_t in_order(std::uint32_t bits) {
  return (bits & kSign) != 0 ? kSign - magnitude(bits) : kSign + bits;
}

bool is_leaf(const Tree& tree, std::uint32_t at) {
  return tree.nodes[at].kind == TreeNode::Kind::Leaf;
}

// Splits that are next to be dealt with.
class Open {
 public:
  explicit Open(const Tree& tree) : tree_(tree) {}

  bool empty() const { return splits_.empty(); }
  void add(std::uint32_t at) {
    if (!is_leaf(tree_, at)) splits_.push_back(at);
  }
  void add_children(std::uint32_t at) {
    add(tree_.nodes[at].left);
    add(tree_.nodes[at].right);
  }
  std::uint32_t take_most_visited() {
    const auto most = std::ranges::max_element(
        splits_, {}, [&](std::uint32_t at) { return tree_.nodes[at].cover; });
    const auto at = *most;
    splits_.erase(most);
    return at;
  }
  std::vector<std::uint32_t> take_all() { return std::exchange(splits_, {}); }

 private:
  const Tree& tree_;
  std::vector<std::uint32_t> splits_;
};

// Where each node of a tree stands. Brothers stand side by side, and below them, as far as the
// cache line goes, the children that most rows come to. The root has the place of a brother beside
// it.
std::vector<std::uint32_t> places_of(const Tree& tree) {
  std::vector<std::uint32_t> places(tree.nodes.size(), 0);
  Open near(tree);                // of this line
  std::deque<std::uint32_t> far;  // of those before
  near.add(0);
  for (std::uint32_t next = 2; !near.empty() || !far.empty(); next += 2) {
    if (next % kLine == 0) {
      const auto left_over = near.take_all();
      far.insert(far.end(), left_over.begin(), left_over.end());
    }
    if (near.empty()) {
      near.add(far.front());
      far.pop_front();
    }
    const auto at = near.take_most_visited();
    places[tree.nodes[at].left] = next;
    places[tree.nodes[at].right] = next + 1;
    near.add_children(at);
  }
  return places;
}

// How many steps walks take on average that start below the splits that are first.
double usual_steps(const Tree& tree, const std::vector<bool>& is_first) {
  std::vector<std::uint32_t> steps(tree.nodes.size(), 0);
  double sum = 0, cover = 0;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const auto& node = tree.nodes[i];
    if (node.kind == TreeNode::Kind::Leaf) {
      sum += static_cast<double>(node.cover) * steps[i];
      cover += static_cast<double>(node.cover);
    } else {
      steps[node.left] = steps[node.right] = is_first[i] ? 0 : steps[i] + 1;
    }
  }
  return cover > 0 ? sum / cover : 0;
}

}  // namespace

// One walk for each lane: in its own tree over one row, or over its own row of one tree.
template <std::size_t kTrees, std::size_t kRows>
struct TallTrees::Walks {
  static constexpr std::size_t kWalks = kTrees * kRows;
  const Node* trees[kTrees];
  const std::uint32_t* values[kRows];  // one of kRows for each column
  std::size_t at[kWalks] = {};

  void step() {
    for (std::size_t j = 0; j < kWalks; ++j) {
      const Node& node = trees[j % kTrees][at[j]];
      const auto x = values[j % kRows][node.column * kRows];
      at[j] = node.left + static_cast<std::size_t>(node.threshold < x);
    }
  }
  bool have_arrived() const {
    bool all = true;
    for (std::size_t j = 0; j < kWalks; ++j) all &= trees[j % kTrees][at[j]].left == at[j];
    return all;
  }
};

std::uint32_t TallTrees::column_of(const Tree& tree, const TreeNode& node) {
  const auto* const set =
      node.kind == TreeNode::Kind::Category ? &tree.category_sets[node.slot] : nullptr;
  const auto [found, is_new] =
      column_at_.try_emplace({node.feature, node.kind, node.default_left, set},
                             static_cast<std::uint32_t>(columns_.size()));
  if (is_new) {
    const bool gap = node.kind == TreeNode::Kind::ZeroGap;
    columns_.push_back({.feature = node.feature,
                        .missing = node.default_left ? kLowest : kHighest,
                        .gap = gap ? bits_of(TreeNode::kZeroGap) + 1 : 0,
                        .set = set});
    ensure(columns_.size() <= kMaxColumns, "a row of the forest's columns can be walked");
  }
  return found->second;
}

void TallTrees::add(const Tree& tree, std::uint32_t output, std::uint32_t offset) {
  ensure(tree.nodes.size() <= kMaxNodes, "a tall tree has room for its nodes");
  const auto root = (nodes_.size() + kLine - 1) / kLine * kLine;
  nodes_.resize(root + tree.nodes.size() + 1);
  const auto places = places_of(tree);
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const auto& from = tree.nodes[i];
    auto& to = nodes_[root + places[i]];
    if (is_leaf(tree, i)) {
      to.threshold = bits_of(tree.leaf_values[from.slot + offset] * tree.weight);
      to.left = static_cast<std::uint16_t>(places[i]);
      continue;
    }
    // Not below the threshold is above what comes before it.
    to.threshold =
        from.kind == TreeNode::Kind::Category ? 1 : in_order(bits_of(from.threshold)) - 1;
    to.column = static_cast<std::uint16_t>(column_of(tree, from));
    to.left = static_cast<std::uint16_t>(places[from.left]);
  }
  trees_.push_back({.root = static_cast<std::uint32_t>(root),
                    .depth = depth_of(tree),
                    .output = output,
                    .splits = static_cast<std::uint32_t>(first_splits_.size()),
                    .split_count = 0,
                    .start = 0,
                    .usual = 0});
  add_first_splits(tree, places);
}

void TallTrees::add_first_splits(const Tree& tree, const std::vector<std::uint32_t>& places) {
  auto& added = trees_.back();
  std::vector<std::uint32_t> first;
  std::vector<bool> is_first(tree.nodes.size(), false);
  Open open(tree);
  open.add(0);
  while (first.size() < kFirstSplits && !open.empty()) {
    first.push_back(open.take_most_visited());
    is_first[first.back()] = true;
    open.add_children(first.back());
  }
  const auto place_from = [&](std::uint32_t at) {
    while (is_first[at]) at = tree.nodes[at].left;
    return places[at];
  };
  for (const auto at : first) {
    const auto& node = nodes_[added.root + places[at]];
    first_splits_.push_back({static_cast<std::uint32_t>(node.column * kTallRows), node.threshold,
                             place_from(at), place_from(tree.nodes[at].right)});
  }
  added.split_count = static_cast<std::uint32_t>(first.size());
  added.start = place_from(0);
  added.usual = static_cast<std::uint32_t>(
      std::clamp(std::ceil(usual_steps(tree, is_first)), 0.0, static_cast<double>(added.depth)));
}

template <std::size_t kRows>
void TallTrees::read(const float* const* rows, std::uint32_t* values) const {
  std::fill_n(values, kRows, kLowest);
  for (std::size_t c = 1; c < columns_.size(); ++c) {
    const auto& column = columns_[c];
    std::uint32_t* const to = values + c * kRows;
    std::uint32_t bits[kRows];
    for (std::size_t j = 0; j < kRows; ++j) bits[j] = bits_of(rows[j][column.feature]);
    for (std::size_t j = 0; j < kRows; ++j) {
      const auto size = magnitude(bits[j]);
      to[j] = size > kInfinity || size < column.gap ? column.missing : in_order(bits[j]);
    }
    if (column.set == nullptr) continue;
    for (std::size_t j = 0; j < kRows; ++j) {
      if (magnitude(bits[j]) > kInfinity) continue;
      to[j] = in_category_set(*column.set, std::bit_cast<float>(bits[j])) ? 2 : 1;
    }
  }
}

void TallTrees::read_row(const float* row, std::uint32_t* values) const { read<1>(&row, values); }

void TallTrees::add_row(std::size_t begin, std::size_t end, const std::uint32_t* values,
                        float* margins) const {
  for (std::size_t first = begin; first < end; first += kTreesOfARow) {
    const auto count = std::min(kTreesOfARow, end - first);
    Walks<kTreesOfARow, 1> walks;
    walks.values[0] = values;
    std::uint32_t depth = 0;
    for (std::size_t j = 0; j < kTreesOfARow; ++j) {
      const auto& tree = trees_[first + std::min(j, count - 1)];
      walks.trees[j] = &nodes_[tree.root];
      depth = std::max(depth, tree.depth);
    }
    auto until_look = kFirstLook;
    while (true) {
      const auto steps = std::min(depth, until_look);
      for (std::uint32_t i = 0; i < steps; ++i) walks.step();
      depth -= steps;
      if (depth == 0 || walks.have_arrived()) break;
      until_look = kNextLook;
    }
    for (std::size_t j = 0; j < count; ++j) {
      margins[trees_[first + j].output] +=
          std::bit_cast<float>(walks.trees[j][walks.at[j]].threshold);
    }
  }
}

void TallTrees::add_block(const kernels::Kernels& kernels, std::size_t begin, std::size_t end,
                          MatrixView rows, float* margins) const {
  alignas(64) std::uint32_t values[kRoom];
  const auto group = columns_.size() * kLanes;
  const auto most = kRoom / group * kLanes;
  for (std::size_t from = 0; from < rows.rows; from += most) {
    const auto count = std::min(most, rows.rows - from);
    for (std::size_t first = 0; first < count; first += kLanes) {
      const float* lanes[kLanes];
      for (std::size_t j = 0; j < kLanes; ++j)
        lanes[j] = rows.row(from + std::min(first + j, count - 1)).data();
      read<kLanes>(lanes, values + first / kLanes * group);
    }
    for (std::size_t i = begin; i < end; ++i) {
      const auto& tree = trees_[i];
      add_tree(kernels, tree, values, count, margins + tree.output * kernels::kBlock + from);
    }
  }
}

// All rows go as far as most do; those that have not arrived by then go on together.
void TallTrees::add_tree(const kernels::Kernels& kernels, const OneTree& tree,
                         const std::uint32_t* values, std::size_t rows, float* sums) const {
  const Node* const nodes = &nodes_[tree.root];
  const auto columns = columns_.size();
  alignas(64) std::uint32_t at[kernels::kBlock];
  std::uint16_t late[kernels::kBlock + kLanes];
  std::size_t count = 0;
  const auto walk = [&](auto&& row_of, std::uint32_t steps) {
    Walks<1, kLanes> walks;
    walks.trees[0] = nodes;
    for (std::size_t j = 0; j < kLanes; ++j) {
      const std::size_t r = row_of(j);
      walks.values[j] = values + r / kLanes * kLanes * columns + r % kLanes;
      walks.at[j] = at[r];
    }
    for (std::uint32_t i = 0; i < steps; ++i) walks.step();
    for (std::size_t j = 0; j < kLanes; ++j)
      at[row_of(j)] = static_cast<std::uint32_t>(walks.at[j]);
  };
  const auto keep = [&](std::size_t r) {
    late[count] = static_cast<std::uint16_t>(r);
    count += nodes[at[r]].left != at[r] ? 1 : 0;
  };
  std::fill_n(at, kernels::kBlock, tree.start);
  kernels.enter_tree(&first_splits_[tree.splits], tree.split_count, values, kLanes * columns,
                     (rows + kLanes - 1) / kLanes, at);
  for (std::size_t first = 0; first < rows; first += kLanes)
    walk([&](std::size_t j) { return first + j; }, tree.usual);
  for (std::size_t r = 0; r < rows; ++r) keep(r);
  while (count > 0) {
    std::fill_n(late + count, kLanes, late[count - 1]);
    for (std::size_t first = 0; first < count; first += kLanes)
      walk([&](std::size_t j) { return late[first + j]; }, kNextLook);
    const auto before = std::exchange(count, 0);
    for (std::size_t i = 0; i < before; ++i) keep(late[i]);
  }
  for (std::size_t r = 0; r < rows; ++r) sums[r] += std::bit_cast<float>(nodes[at[r]].threshold);
}

}  // namespace winnow
