#include "model/isolation_forest.h"

#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/bytes.h"
#include "model/detail/envelope.h"
#include "model/detail/exact_math.h"

namespace winnow {
namespace {

constexpr std::string_view kMagic = "WnIsolat";
constexpr std::uint32_t kVersion = 1;
constexpr double kLn2 = 0.69314718055994530942;

// The first byte of a node.
enum class NodeKind : std::uint8_t { Leaf, MissingRight, MissingLeft };
constexpr std::size_t kLeafBytes = 2;

Error wrong(std::size_t node, std::string_view why) {
  return Error(Code::InvalidArgument, fmt::format("node {} {}", node, why));
}

Status check_names(const std::vector<std::string>& names, const ForestLimits& limits) {
  if (names.size() > limits.max_features) {
    return Error(Code::Exhausted,
                 fmt::format("{} features, allowed are {}", names.size(), limits.max_features));
  }
  std::set<std::string_view> seen;
  for (const auto& name : names) {
    if (name.empty() || !seen.insert(name).second) {
      return Error(Code::InvalidArgument,
                   fmt::format("the feature name '{}' is empty or occurs twice", name));
    }
  }
  return {};
}

// In preorder a subtree is one stretch of nodes: `ends` holds where those end that are open.
Status check_preorder(const IsolationTree& tree, std::size_t features, std::uint32_t max_depth) {
  std::vector<std::size_t> ends = {tree.size()};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto& node = tree[i];
    if (ends.empty()) return wrong(i, "has no parent");
    const std::size_t end = ends.back();
    ends.pop_back();
    if (node.is_leaf()) {
      if (node.samples == 0) return wrong(i, "is a leaf of no samples");
      if (i + 1 != end) return wrong(i + 1, "has no parent");
      continue;
    }
    if (node.feature >= features) return wrong(i, "splits on a feature that does not exist");
    if (!std::isfinite(node.threshold)) return wrong(i, "splits at no number");
    if (node.right <= i + 1 || node.right >= end) return wrong(i, "has a child out of order");
    if (ends.size() >= max_depth) {
      return Error(Code::Exhausted, fmt::format("deeper than {} levels", max_depth));
    }
    ends.push_back(end);
    ends.push_back(node.right);
  }
  return {};
}

Status check_trees(const IsolationTrees& trees, const ForestLimits& limits) {
  WINNOW_TRY(check_names(trees.features, limits));
  if (trees.trees.empty()) return Error(Code::InvalidArgument, "an isolation forest without trees");
  if (!std::isfinite(trees.usual_path) || trees.usual_path <= 0) {
    return Error(Code::InvalidArgument, "the usual path is not a positive number");
  }
  std::size_t nodes = 0;
  for (std::size_t t = 0; t < trees.trees.size(); ++t) {
    const auto& tree = trees.trees[t];
    nodes += tree.size();
    if (nodes > limits.max_nodes) {
      return Error(Code::Exhausted,
                   fmt::format("a forest of more than {} nodes", limits.max_nodes));
    }
    if (tree.empty()) return Error(Code::InvalidArgument, fmt::format("tree {} has no nodes", t));
    if (auto status = check_preorder(tree, trees.features.size(), limits.max_depth); !status) {
      return std::move(status).error().with_context(fmt::format("tree {}", t));
    }
  }
  return {};
}

// The same tree with path lengths as leaf values: edges from the root, and what the samples of the
// leaf would have taken on. `tree` is checked.
Tree with_paths(const IsolationTree& tree) {
  Tree paths;
  paths.nodes.resize(tree.size());
  std::vector<std::uint32_t> depth(tree.size(), 0);
  for (std::uint32_t i = 0; i < tree.size(); ++i) {
    const auto& from = tree[i];
    auto& to = paths.nodes[i];
    if (from.is_leaf()) {
      to.slot = static_cast<std::uint32_t>(paths.leaf_values.size());
      to.cover = static_cast<float>(from.samples);
      paths.leaf_values.push_back(static_cast<float>(depth[i] + average_path(from.samples)));
      continue;
    }
    depth[i + 1] = depth[from.right] = depth[i] + 1;
    to.kind = TreeNode::Kind::Numeric;
    to.default_left = from.missing_left;
    to.feature = from.feature;
    to.threshold = from.threshold;
    to.left = i + 1;
    to.right = from.right;
  }
  for (std::size_t i = tree.size(); i-- > 0;) {
    auto& node = paths.nodes[i];
    if (node.kind == TreeNode::Kind::Leaf) continue;
    node.cover = paths.nodes[node.left].cover + paths.nodes[node.right].cover;
  }
  return paths;
}

void put(ByteWriter& out, const IsolationNode& node) {
  const auto kind = node.is_leaf()      ? NodeKind::Leaf
                    : node.missing_left ? NodeKind::MissingLeft
                                        : NodeKind::MissingRight;
  out.put(static_cast<std::uint8_t>(kind));
  if (node.is_leaf()) {
    out.put_count(node.samples);
  } else {
    out.put_count(node.feature).put(node.threshold);
  }
}

// Reads in preorder: the node after a leaf is the right child of the innermost split that still
// lacks one. Whatever the bytes say, the tree ends where every split has both.
IsolationTree get_tree(ByteReader& in, std::size_t count) {
  IsolationTree tree;
  std::vector<std::uint32_t> lacking;
  while (tree.size() < count && in.ok()) {
    const auto kind = static_cast<NodeKind>(in.get<std::uint8_t>());
    IsolationNode node;
    if (kind == NodeKind::Leaf) {
      node.samples = static_cast<std::uint32_t>(in.get_count());
      tree.push_back(node);
      if (lacking.empty()) break;
      tree[lacking.back()].right = static_cast<std::uint32_t>(tree.size());
      lacking.pop_back();
      continue;
    }
    node.missing_left = kind == NodeKind::MissingLeft;
    node.feature = static_cast<std::uint32_t>(in.get_count());
    node.threshold = in.get<float>();
    lacking.push_back(static_cast<std::uint32_t>(tree.size()));
    tree.push_back(node);
  }
  return tree;
}

}  // namespace

double average_path(std::uint64_t samples) {
  constexpr double kEuler = 0.57721566490153286061;
  if (samples <= 1) return 0;
  if (samples == 2) return 1;
  const auto n = static_cast<double>(samples);
  return 2 * (exact_log(n - 1) + kEuler) - 2 * (n - 1) / n;
}

IsolationForest::IsolationForest(IsolationTrees trees, ForestModel paths)
    : trees_(std::move(trees)),
      paths_(std::move(paths)),
      scale_(-1 / (static_cast<double>(trees_.trees.size()) * trees_.usual_path)) {}

Result<IsolationForest> IsolationForest::create(IsolationTrees trees, CpuLevel level,
                                                const ForestLimits& limits) {
  WINNOW_TRY(check_trees(trees, limits));
  Forest paths;
  paths.features = static_cast<std::uint32_t>(trees.features.size());
  paths.base_scores = {0};
  paths.objective = "isolation";
  for (const auto& tree : trees.trees) paths.trees.push_back(with_paths(tree));
  WINNOW_TRY(auto model, ForestModel::compile(std::move(paths), level));
  return IsolationForest(std::move(trees), std::move(model));
}

void IsolationForest::score(MatrixView rows, std::span<float> novelty) const {
  paths_.margins(rows, novelty);
  for (auto& value : novelty.first(rows.rows)) {
    value = static_cast<float>(exact_exp(kLn2 * scale_ * static_cast<double>(value)));
  }
}

void IsolationForest::explain(MatrixView rows, Contributions& out) const {
  paths_.explain(rows, out);
  const auto scale = static_cast<float>(scale_);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (float& value : out.row(i)) value *= scale;
    out.base(i) *= scale;
  }
}

std::string IsolationForest::to_bytes() const {
  ByteWriter out;
  out.put_count(trees_.features.size());
  for (const auto& name : trees_.features) out.put_text(name);
  out.put(trees_.usual_path).put_count(trees_.trees.size());
  for (const auto& tree : trees_.trees) {
    out.put_count(tree.size());
    for (const auto& node : tree) put(out, node);
  }
  return seal(kMagic, kVersion, out.bytes());
}

Result<IsolationForest> IsolationForest::from_bytes(std::string_view bytes,
                                                    const ForestLimits& limits, CpuLevel level) {
  if (bytes.size() > limits.max_bytes) {
    return Error(Code::Exhausted, fmt::format("an isolation forest of {} bytes, allowed are {}",
                                              bytes.size(), limits.max_bytes));
  }
  WINNOW_TRY(const auto payload, unseal(kMagic, kVersion, bytes));
  ByteReader in(payload);
  IsolationTrees trees;
  trees.features.resize(in.get_item_count(1));
  for (auto& name : trees.features) name = std::string(in.get_text());
  trees.usual_path = in.get<double>();
  trees.trees.resize(in.get_item_count(1 + kLeafBytes));
  for (auto& tree : trees.trees) tree = get_tree(in, in.get_item_count(kLeafBytes));
  WINNOW_TRY(in.finish("the isolation forest"));
  WINNOW_TRY(auto forest, create(std::move(trees), level, limits));
  if (forest.to_bytes() != bytes)
    return Error(Code::Corrupt, "the isolation forest is not in its canonical form");
  return forest;
}

}  // namespace winnow
