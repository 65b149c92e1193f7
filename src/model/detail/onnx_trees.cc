#include "model/detail/onnx_trees.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "model/detail/grow.h"

namespace winnow {
namespace {

Error wrong(std::string_view why) {
  return Error(Code::InvalidArgument,
               fmt::format("a tree ensemble that contradicts itself: {}", why));
}

// How a node compares; the names are ONNX's, in the order in which version 5 numbers them.
enum class Mode { Leq, Lt, Gte, Gt, Eq, Neq, Member, Leaf };

Result<Mode> mode_of(std::string_view name) {
  static const std::map<std::string_view, Mode> kModes = {
      {"BRANCH_LEQ", Mode::Leq}, {"BRANCH_LT", Mode::Lt},        {"BRANCH_GTE", Mode::Gte},
      {"BRANCH_GT", Mode::Gt},   {"BRANCH_EQ", Mode::Eq},        {"BRANCH_NEQ", Mode::Neq},
      {"LEAF", Mode::Leaf},      {"BRANCH_MEMBER", Mode::Member}};
  const auto mode = kModes.find(name);
  if (mode != kModes.end()) return mode->second;
  return wrong(fmt::format("a node of the mode '{}'", name.substr(0, 40)));
}

// The smallest float that is not below (or, with `above`, not at) the threshold: what `x < edge`
// compares with.
float edge_of(double threshold, bool above) {
  const auto nearest = static_cast<float>(threshold);
  const double at = static_cast<double>(nearest);
  return at < threshold || (above && at == threshold) ? std::nextafter(nearest, INFINITY) : nearest;
}

struct Split {
  Mode mode;
  double threshold;
  bool missing_goes_true;
  std::int64_t feature;
  std::uint32_t yes, no;  // node numbers
};

// ONNX sends what compares true one way; a missing value compares false, unless the node says.
Result<TreeNode> node_of(const Split& split, std::uint32_t columns) {
  if (split.feature < 0 || split.feature >= columns) {
    return wrong(fmt::format("a split on column {} of {}", split.feature, columns));
  }
  if (std::isnan(split.threshold)) return wrong("a split at no number");
  if (split.mode == Mode::Eq || split.mode == Mode::Neq || split.mode == Mode::Member) {
    return Error(Code::Unsupported,
                 "ONNX's splits on single values (BRANCH_EQ, BRANCH_NEQ, BRANCH_MEMBER)")
        .with_hint("import the model in its own library's form, or train it without categories");
  }
  const bool yes_is_left = split.mode == Mode::Leq || split.mode == Mode::Lt;
  TreeNode node;
  node.kind = TreeNode::Kind::Numeric;
  node.feature = static_cast<std::uint32_t>(split.feature);
  node.threshold = edge_of(split.threshold, split.mode == Mode::Leq || split.mode == Mode::Gt);
  node.left = yes_is_left ? split.yes : split.no;
  node.right = yes_is_left ? split.no : split.yes;
  node.default_left = yes_is_left == split.missing_goes_true;
  return node;
}

// All trees in one table: what both forms become before they are taken apart.
struct Table {
  std::vector<TreeNode> nodes;  // children count within the table; `slot` of a leaf is its number
  std::vector<std::uint32_t> roots;
  std::vector<double> values;  // `outputs` for each slot
  std::size_t outputs = 1;

  Status make_room(std::size_t slots, std::size_t outputs_wanted, const ForestLimits& limits) {
    outputs = outputs_wanted;
    if (outputs == 0) return wrong("no outputs");
    if (outputs > limits.max_outputs || slots > limits.max_nodes / outputs) {
      return Error(Code::Exhausted, fmt::format("{} leaves of {} values", slots, outputs));
    }
    values.assign(slots * outputs, 0.0);
    return {};
  }

  Result<std::vector<OnnxTree>> trees() const {
    std::vector<OnnxTree> trees;
    std::vector<bool> seen(nodes.size(), false);
    for (const auto root : roots) {
      OnnxTree tree;
      WINNOW_TRY(tree.nodes, in_breadth_order(nodes, root, seen));
      for (auto& node : tree.nodes) {
        if (node.kind != TreeNode::Kind::Leaf) continue;
        const auto from = values.begin() + static_cast<std::ptrdiff_t>(node.slot * outputs);
        node.slot = static_cast<std::uint32_t>(tree.values.size() / outputs);
        tree.values.insert(tree.values.end(), from, from + static_cast<std::ptrdiff_t>(outputs));
      }
      count_leaves_as_cover(tree.nodes);
      trees.push_back(std::move(tree));
    }
    return trees;
  }
};

// Numbers that stand in an attribute or, since version 3, in a tensor beside it.
std::vector<double> numbers_of(const OnnxNode& node, std::string_view name,
                               std::string_view tensor_name) {
  if (node.has(tensor_name)) return node[tensor_name].tensor.values;
  const auto& numbers = node[name].numbers;
  return {numbers.begin(), numbers.end()};
}

// A version 1 node is named by its tree and its number there.
class NodeNames {
 public:
  static Result<NodeNames> of(const std::vector<std::int64_t>& trees,
                              const std::vector<std::int64_t>& nodes) {
    NodeNames names;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) names.all_.push_back({trees[i], nodes[i], i});
    std::sort(names.all_.begin(), names.all_.end());
    for (std::size_t i = 1; i < names.all_.size(); ++i) {
      if (names.all_[i].tree == names.all_[i - 1].tree &&
          names.all_[i].node == names.all_[i - 1].node) {
        return wrong("a node that occurs twice");
      }
    }
    return names;
  }

  Result<std::uint32_t> find(std::int64_t tree, std::int64_t node) const {
    const Name name{tree, node, 0};
    const auto at = std::lower_bound(all_.begin(), all_.end(), name);
    if (at != all_.end() && at->tree == tree && at->node == node) return at->place;
    return wrong(fmt::format("node {} of tree {} does not exist", node, tree));
  }

 private:
  struct Name {
    std::int64_t tree, node;
    std::uint32_t place;
    auto operator<=>(const Name&) const = default;
  };
  std::vector<Name> all_;
};

Status read_nodes(const OnnxNode& node, std::uint32_t columns, const NodeNames& names,
                  Table& table) {
  const auto& trees = node["nodes_treeids"].integers;
  const auto& features = node["nodes_featureids"].integers;
  const auto& modes = node["nodes_modes"].texts;
  const auto& yes = node["nodes_truenodeids"].integers;
  const auto& no = node["nodes_falsenodeids"].integers;
  const auto& missing = node["nodes_missing_value_tracks_true"].integers;
  const auto thresholds = numbers_of(node, "nodes_values", "nodes_values_as_tensor");
  const auto count = trees.size();
  if (features.size() != count || modes.size() != count || yes.size() != count ||
      no.size() != count || thresholds.size() != count ||
      (!missing.empty() && missing.size() != count)) {
    return wrong("attributes of different lengths");
  }
  std::vector<bool> has_parent(count, false);
  for (std::uint32_t i = 0; i < count; ++i) {
    WINNOW_TRY(const auto mode, mode_of(modes[i]));
    if (mode == Mode::Leaf) {
      table.nodes.emplace_back().slot = i;
      continue;
    }
    Split split{mode, thresholds[i], !missing.empty() && missing[i] != 0, features[i], 0, 0};
    WINNOW_TRY(split.yes, names.find(trees[i], yes[i]));
    WINNOW_TRY(split.no, names.find(trees[i], no[i]));
    has_parent[split.yes] = has_parent[split.no] = true;
    WINNOW_TRY(const auto made, node_of(split, columns));
    table.nodes.push_back(made);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!has_parent[i]) table.roots.push_back(i);
  }
  return {};
}

// What leaves say: one entry for each leaf and target or class.
struct Entries {
  std::vector<std::int64_t> targets;
  std::vector<double> weights;

  bool have_one_target() const {
    return std::adjacent_find(targets.begin(), targets.end(), std::not_equal_to<>()) ==
           targets.end();
  }
};

Status read_entries(const OnnxNode& node, std::string_view kind, const NodeNames& names,
                    const Entries& entries, Table& table) {
  const auto& trees = node[fmt::format("{}_treeids", kind)].integers;
  const auto& nodes = node[fmt::format("{}_nodeids", kind)].integers;
  if (trees.size() != entries.weights.size() || nodes.size() != entries.weights.size() ||
      entries.targets.size() != entries.weights.size()) {
    return wrong("leaf values of different lengths");
  }
  for (std::size_t k = 0; k < entries.weights.size(); ++k) {
    WINNOW_TRY(const auto at, names.find(trees[k], nodes[k]));
    const auto target = entries.targets[k];
    if (table.nodes[at].kind != TreeNode::Kind::Leaf) return wrong("a split with a value");
    if (target < 0 || static_cast<std::size_t>(target) >= table.outputs)
      return wrong("a value for an output that does not exist");
    table.values[at * table.outputs + static_cast<std::size_t>(target)] += entries.weights[k];
  }
  return {};
}

// Of two classes, the second is the output. A file may give values of one class only; those are the
// second's then, whatever the class is called, as in ONNX Runtime. Probabilities and margins of
// both: the second's. Under a softmax: the difference.
Status fold_two_classes(bool one_class, Table& table, OnnxEnsemble& ensemble) {
  const bool softmax = ensemble.link == Link::Softmax;
  if (one_class && softmax) return Error(Code::Unsupported, "a softmax over one of two classes");
  if (softmax) ensemble.link = Link::Logistic;
  std::vector<double> folded;
  for (std::size_t at = 0; at < table.values.size(); at += 2) {
    const double first = table.values[at], second = table.values[at + 1];
    folded.push_back(one_class ? first + second : softmax ? second - first : second);
  }
  table.values = std::move(folded);
  table.outputs = 1;
  auto& base = ensemble.base;
  if (base.size() == 2) {
    base = {softmax ? base[1] - base[0] : base[1]};
  } else if (base.size() == 1 && !one_class) {
    return wrong("one base value for two classes");
  }
  return {};
}

Status set_aggregate(std::string_view name, OnnxEnsemble& ensemble) {
  if (name == "AVERAGE" && !ensemble.trees.empty()) {
    ensemble.weight = 1 / static_cast<double>(ensemble.trees.size());
  }
  if (name.empty() || name == "SUM" || name == "AVERAGE") return {};
  return Error(Code::Unsupported,
               fmt::format("trees that are aggregated by '{}'", name.substr(0, 40)));
}

Status finish(const Table& table, OnnxEnsemble& ensemble) {
  WINNOW_TRY(ensemble.trees, table.trees());
  if (ensemble.base.empty()) ensemble.base.assign(table.outputs, 0.0);
  if (ensemble.base.size() == table.outputs) return {};
  return wrong(fmt::format("{} base values for {} outputs", ensemble.base.size(), table.outputs));
}

Result<OnnxEnsemble> read_named(const OnnxNode& node, std::uint32_t columns,
                                const ForestLimits& limits) {
  const bool classifies = node.op == "TreeEnsembleClassifier";
  const std::string_view kind = classifies ? "class" : "target";
  const auto& trees = node["nodes_treeids"].integers;
  const auto& numbers = node["nodes_nodeids"].integers;
  if (numbers.size() != trees.size()) return wrong("attributes of different lengths");
  if (trees.size() > limits.max_nodes)
    return Error(Code::Exhausted, fmt::format("a forest of {} nodes", trees.size()));
  const auto outputs = classifies ? std::max(node["classlabels_int64s"].integers.size(),
                                             node["classlabels_strings"].texts.size())
                                  : static_cast<std::size_t>(std::clamp<std::int64_t>(
                                        node["n_targets"].integer, 0, 1 << 20));
  Table table;
  WINNOW_TRY(table.make_room(trees.size(), outputs, limits));
  WINNOW_TRY(const auto names, NodeNames::of(trees, numbers));
  WINNOW_TRY(read_nodes(node, columns, names, table));
  const Entries entries{
      node[fmt::format("{}_ids", kind)].integers,
      numbers_of(node, fmt::format("{}_weights", kind), fmt::format("{}_weights_as_tensor", kind))};
  WINNOW_TRY(read_entries(node, kind, names, entries, table));
  OnnxEnsemble ensemble;
  WINNOW_TRY(ensemble.link, onnx_link(node["post_transform"].text));
  ensemble.base = numbers_of(node, "base_values", "base_values_as_tensor");
  if (classifies && outputs == 2) {
    WINNOW_TRY(fold_two_classes(entries.have_one_target(), table, ensemble));
  }
  WINNOW_TRY(finish(table, ensemble));
  std::size_t placed = 0;
  for (const auto& tree : ensemble.trees) placed += tree.nodes.size();
  if (placed != table.nodes.size()) return wrong("nodes in a circle");
  WINNOW_TRY(set_aggregate(node["aggregate_function"].text, ensemble));
  return ensemble;
}

// Version 5 numbers nodes and leaves through all trees. A leaf may have several parents, so each
// place where one hangs gets a leaf of its own: those of node i follow all nodes at 2 i.
class NumberedReader {
 public:
  NumberedReader(const OnnxNode& node, std::uint32_t columns) : node_(node), columns_(columns) {}

  Result<OnnxEnsemble> read(const ForestLimits& limits) {
    const auto count = node_["nodes_featureids"].integers.size();
    if (count > limits.max_nodes / 3)
      return Error(Code::Exhausted, fmt::format("a forest of {} nodes", count));
    const auto outputs = std::clamp<std::int64_t>(node_["n_targets"].integer, 0, 1 << 20);
    WINNOW_TRY(table_.make_room(2 * count, static_cast<std::size_t>(outputs), limits));
    WINNOW_TRY(read_nodes(count));
    for (const auto root : node_["tree_roots"].integers) {
      if (root < 0 || static_cast<std::size_t>(root) >= count)
        return wrong("a root that is no node");
      table_.roots.push_back(static_cast<std::uint32_t>(root));
    }
    static constexpr std::string_view kPosts[] = {"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO",
                                                  "PROBIT"};
    static constexpr std::string_view kAggregates[] = {"AVERAGE", "SUM", "MIN", "MAX"};
    const auto post = node_["post_transform"].integer;
    const auto aggregate =
        node_.has("aggregate_function") ? node_["aggregate_function"].integer : 1;
    if (post < 0 || post > 4 || aggregate < 0 || aggregate > 3)
      return wrong("an unknown post transform or aggregate");
    OnnxEnsemble ensemble;
    WINNOW_TRY(ensemble.link, onnx_link(kPosts[post]));
    WINNOW_TRY(finish(table_, ensemble));
    WINNOW_TRY(set_aggregate(kAggregates[aggregate], ensemble));
    return ensemble;
  }

 private:
  Status read_nodes(std::size_t count) {
    const auto& features = node_["nodes_featureids"].integers;
    const auto& modes = node_["nodes_modes"].tensor.values;
    const auto& splits = node_["nodes_splits"].tensor.values;
    const auto& missing = node_["nodes_missing_value_tracks_true"].integers;
    if (modes.size() != count || splits.size() != count ||
        (!missing.empty() && missing.size() != count)) {
      return wrong("attributes of different lengths");
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!(modes[i] >= 0 && modes[i] <= 6)) return wrong("a node of an unknown mode");
      Split split{static_cast<Mode>(static_cast<int>(modes[i])),
                  splits[i],
                  !missing.empty() && missing[i] != 0,
                  features[i],
                  0,
                  0};
      WINNOW_TRY(split.yes, child(i, 0, "nodes_truenodeids", "nodes_trueleafs"));
      WINNOW_TRY(split.no, child(i, 1, "nodes_falsenodeids", "nodes_falseleafs"));
      WINNOW_TRY(const auto made, node_of(split, columns_));
      table_.nodes.push_back(made);
    }
    for (std::uint32_t slot = 0; slot < 2 * count; ++slot) table_.nodes.emplace_back().slot = slot;
    return {};
  }

  Result<std::uint32_t> child(std::uint32_t i, std::uint32_t side, std::string_view ids,
                              std::string_view leaf_flags) {
    const auto& to = node_[ids].integers;
    const auto& leaves = node_[leaf_flags].integers;
    const auto count = node_["nodes_featureids"].integers.size();
    if (to.size() != count || leaves.size() != count)
      return wrong("attributes of different lengths");
    if (leaves[i] == 0) {
      if (to[i] < 0 || static_cast<std::size_t>(to[i]) >= count)
        return wrong("a child that is no node");
      return static_cast<std::uint32_t>(to[i]);
    }
    const auto& targets = node_["leaf_targetids"].integers;
    const auto& weights = node_["leaf_weights"].tensor.values;
    const auto leaf = to[i];
    if (leaf < 0 || static_cast<std::size_t>(leaf) >= std::min(targets.size(), weights.size()))
      return wrong("a child that is no leaf");
    const auto target = targets[static_cast<std::size_t>(leaf)];
    if (target < 0 || static_cast<std::size_t>(target) >= table_.outputs)
      return wrong("a value for an output that does not exist");
    const auto slot = 2 * i + side;
    table_.values[slot * table_.outputs + static_cast<std::size_t>(target)] =
        weights[static_cast<std::size_t>(leaf)];
    return static_cast<std::uint32_t>(count) + slot;
  }

  const OnnxNode& node_;
  std::uint32_t columns_;
  Table table_;
};

}  // namespace

Result<Link> onnx_link(std::string_view post_transform) {
  if (post_transform.empty() || post_transform == "NONE") return Link::Identity;
  if (post_transform == "LOGISTIC") return Link::Logistic;
  if (post_transform == "SOFTMAX") return Link::Softmax;
  return Error(Code::Unsupported,
               fmt::format("ONNX's post transform '{}'", post_transform.substr(0, 40)));
}

Result<OnnxEnsemble> read_onnx_trees(const OnnxNode& node, std::uint32_t columns,
                                     const ForestLimits& limits) {
  if (node.op == "TreeEnsemble") return NumberedReader(node, columns).read(limits);
  return read_named(node, columns, limits);
}

}  // namespace winnow
