// XGBoost's first model format: its C++ structures as they lay in memory, written one after another
// (learner.cc, gbtree_model.h and tree_model.h of its sources, versions 0.4 to 1.5).
#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "model/detail/grow.h"
#include "model/detail/xgboost.h"

namespace winnow {
namespace {

constexpr std::size_t kNodeBytes = 20 + 16;  // the node, and later its statistics

struct Learner {
  float base_score;
  std::uint32_t features;
  std::int32_t classes;
  bool has_attributes;
  std::uint32_t major_version;
};

// 136 bytes, of which versions so far have used the first few.
Learner get_learner(ByteReader& in) {
  Learner learner{};
  learner.base_score = in.get<float>();
  learner.features = in.get<std::uint32_t>();
  learner.classes = in.get<std::int32_t>();
  learner.has_attributes = in.get<std::int32_t>() != 0;
  in.get<std::int32_t>();  // whether evaluation metrics follow at the end of the file
  learner.major_version = in.get<std::uint32_t>();
  in.get_raw(136 - 24);
  return learner;
}

std::string_view get_name(ByteReader& in) { return in.get_raw(in.get<std::uint64_t>()); }

// 20 bytes: parent, children, feature with the default direction in its top bit, threshold or
// value.
TreeNode get_node(ByteReader& in, std::vector<float>& leaf_values) {
  in.get<std::int32_t>();
  const auto left = in.get<std::int32_t>();
  const auto right = in.get<std::int32_t>();
  const auto feature = in.get<std::uint32_t>();
  const auto value = in.get<float>();
  TreeNode node;
  if (left == -1) {
    node.slot = static_cast<std::uint32_t>(leaf_values.size());
    leaf_values.push_back(value);
    return node;
  }
  node.kind = TreeNode::Kind::Numeric;
  node.default_left = (feature >> 31) != 0;
  node.feature = feature & 0x7FFFFFFFU;
  node.threshold = value;
  node.left = static_cast<std::uint32_t>(left);  // a negative one becomes too large to exist
  node.right = static_cast<std::uint32_t>(right);
  return node;
}

Result<Tree> get_tree(ByteReader& in) {
  in.get<std::int32_t>();
  const auto count = in.get<std::int32_t>();
  in.get_raw(3 * 4);
  const auto width = in.get<std::int32_t>();
  in.get_raw(31 * 4);
  if (!in.ok() || count <= 0 || static_cast<std::size_t>(count) > in.left() / kNodeBytes) {
    return Error(Code::InvalidArgument, "more nodes than the file has room for");
  }
  if (width > 1) return Error(Code::Unsupported, "vector leaves in XGBoost's binary format");
  Tree tree;
  std::vector<TreeNode> nodes;
  for (std::int32_t i = 0; i < count; ++i) nodes.push_back(get_node(in, tree.leaf_values));
  for (auto& node : nodes) {
    in.get<float>();  // loss change
    node.cover = in.get<float>();
    in.get_raw(8);  // base weight, leaf children
  }
  WINNOW_TRY(tree.nodes, in_breadth_order(nodes));
  return tree;
}

// Returns how many trees each round added for each output.
Result<std::size_t> get_trees(ByteReader& in, bool dart, Forest& forest) {
  const auto count = in.get<std::int32_t>();
  const auto parallel = in.get<std::int32_t>();
  in.get_raw(160 - 8);
  if (!in.ok() || count < 0 || static_cast<std::size_t>(count) > in.left() / kNodeBytes) {
    return Error(Code::InvalidArgument, "more trees than the file has room for");
  }
  for (std::int32_t t = 0; t < count; ++t) {
    auto tree = get_tree(in);
    if (!tree) return std::move(tree).error().with_context(fmt::format("tree {}", t));
    forest.trees.push_back(std::move(*tree));
  }
  for (auto& tree : forest.trees) tree.output = in.get<std::uint32_t>();
  if (dart && count > 0) {
    if (in.get<std::uint64_t>() != forest.trees.size()) {
      return Error(Code::InvalidArgument, "not one weight for each tree");
    }
    for (auto& tree : forest.trees) tree.weight = in.get<float>();
  }
  if (!in.ok()) return Error(Code::InvalidArgument, "the file ends too early");
  return static_cast<std::size_t>(std::max(parallel, 1));
}

// Pairs of names and values behind the trees.
Result<std::string_view> get_best_iteration(ByteReader& in) {
  std::string_view best;
  const auto count = in.get<std::uint64_t>();
  for (std::uint64_t i = 0; in.ok() && i < count; ++i) {
    const auto key = get_name(in);
    const auto value = get_name(in);
    if (key == "best_iteration") best = value;
  }
  if (!in.ok()) return Error(Code::InvalidArgument, "the attributes end too early");
  return best;
}

}  // namespace

Result<Forest> read_xgboost_binary(std::string_view bytes, const ForestLimits& limits) {
  if (bytes.starts_with("binf")) bytes.remove_prefix(4);
  ByteReader in(bytes);
  const auto learner = get_learner(in);
  Forest forest;
  forest.objective = std::string(get_name(in).substr(0, 80));
  const auto booster = get_name(in);
  if (!in.ok()) return Error(Code::InvalidArgument, "not a model of XGBoost");
  if (booster == "gblinear")
    return Error(Code::Unsupported, "XGBoost's linear booster is no tree ensemble");
  if (booster != "gbtree" && booster != "dart")
    return Error(Code::InvalidArgument, "not a model of XGBoost");
  WINNOW_TRY(const auto objective, xgboost_objective(forest.objective));
  if (learner.classes > static_cast<std::int64_t>(limits.max_outputs)) {
    return Error(Code::Exhausted,
                 fmt::format("{} classes, allowed are {}", learner.classes, limits.max_outputs));
  }
  // Before 1.0 the file held the margin, since then the score that the user gave.
  const float base =
      learner.major_version == 0 ? learner.base_score : objective.margin_of(learner.base_score);
  forest.features = learner.features;
  forest.link = objective.link;
  forest.base_scores.assign(learner.classes > 1 ? static_cast<std::size_t>(learner.classes) : 1,
                            base);
  WINNOW_TRY(const auto parallel, get_trees(in, booster == "dart", forest));
  if (learner.has_attributes) {
    WINNOW_TRY(const auto best, get_best_iteration(in));
    WINNOW_TRY(keep_best_rounds(best, parallel * forest.outputs(), forest));
  }
  WINNOW_TRY(check(forest, limits));
  return forest;
}

}  // namespace winnow
