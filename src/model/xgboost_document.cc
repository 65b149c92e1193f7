// XGBoost's JSON and UBJSON models: doc/model.schema and doc/tutorials/saving_model.rst of its
// sources describe versions 1.0 to 2.1; 3.1 made base_score a vector, and moved DART's weights.
#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "model/detail/grow.h"
#include "model/detail/xgboost.h"

namespace winnow {
namespace {

Error wrong(std::string_view what) { return Error(Code::InvalidArgument, std::string(what)); }

// Parameters are written as text: "9", "5E-1".
template <typename T>
Result<T> number_in(std::string_view text, std::string_view key) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return wrong(fmt::format("'{}' is '{}', not a number", key, text.substr(0, 40)));
  }
  return value;
}

Result<std::uint32_t> count_at(const Json& parameters, std::string_view key) {
  const auto& value = parameters[key];
  if (value.is_null()) return 0;  // versions add parameters; all of these default to 0
  return number_in<std::uint32_t>(value.as_string(), key);
}

// "5E-1" or, from 3.1 on, "[5E-1,2E-1]".
Result<std::vector<float>> base_scores_in(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::vector<float> scores;
  while (true) {
    const auto comma = text.find(',');
    WINNOW_TRY(const float score, number_in<float>(text.substr(0, comma), "base_score"));
    scores.push_back(score);
    if (comma == std::string_view::npos) return scores;
    text.remove_prefix(comma + 1);
  }
}

// One tree's parallel arrays, each as long as there are nodes.
class TreeReader {
 public:
  TreeReader(const Json& tree, const Forest& forest) : tree_(tree), forest_(forest) {}

  Result<Tree> read() {
    WINNOW_TRY(width_, count_at(tree_["tree_param"], "size_leaf_vector"));
    nodes_ = left().size();
    for (const char* key :
         {"right_children", "split_indices", "split_conditions", "default_left"}) {
      if (tree_[key].size() != nodes_)
        return wrong(fmt::format("'{}' has not one entry for each node", key));
    }
    for (const char* key : {"split_type", "sum_hessian"}) {
      if (tree_.find(key) != nullptr && tree_[key].size() != nodes_) {
        return wrong(fmt::format("'{}' has not one entry for each node", key));
      }
    }
    WINNOW_TRY(const auto sets, read_categories());
    std::vector<TreeNode> nodes;
    for (std::size_t i = 0; i < nodes_; ++i) {
      WINNOW_TRY(const TreeNode node, read_node(i, sets));
      nodes.push_back(node);
    }
    WINNOW_TRY(tree_out_.nodes, in_breadth_order(nodes));
    if (tree_.find("sum_hessian") == nullptr) count_leaves_as_cover(tree_out_.nodes);
    return std::move(tree_out_);
  }

 private:
  const Json& left() const { return tree_["left_children"]; }
  bool is_vector() const { return width_ > 1; }

  Result<TreeNode> read_node(std::size_t i, const std::vector<std::uint32_t>& sets) {
    TreeNode node;
    node.cover = static_cast<float>(tree_["sum_hessian"][i].as_double());
    if (left()[i].as_int() == -1) {
      WINNOW_TRY(node.slot, read_leaf(i));
      return node;
    }
    const auto& missing = tree_["default_left"][i];
    node.kind =
        tree_["split_type"][i].as_int() == 1 ? TreeNode::Kind::Category : TreeNode::Kind::Numeric;
    node.default_left = missing.as_bool() || missing.as_int() != 0;
    node.feature = index_at("split_indices", i);
    node.left = index_at("left_children", i);
    node.right = index_at("right_children", i);
    if (node.kind == TreeNode::Kind::Numeric) {
      node.threshold = split_condition(i);
    } else if (node.slot = sets[i]; node.slot == kNoSet) {
      return wrong(fmt::format("node {} splits on categories, but lists none", i));
    }
    return node;
  }

  // Null, where the file said NaN, is no number a leaf or a threshold may be: check() refuses it.
  float split_condition(std::size_t i) const {
    const auto& value = tree_["split_conditions"][i];
    return value.is_null() ? NAN : static_cast<float>(value.as_double());
  }

  // A negative number becomes one that is out of range wherever it is used.
  std::uint32_t index_at(const char* key, std::size_t i) const {
    const auto value = tree_[key][i].as_int();
    return value < 0 || value > kNoSet ? kNoSet : static_cast<std::uint32_t>(value);
  }

  // A leaf's value is its split condition. A vector leaf has a row of "leaf_weights", which its
  // right child counts; before 3.1 a row of "base_weights", one for each node.
  Result<std::uint32_t> read_leaf(std::size_t i) {
    auto& values = tree_out_.leaf_values;
    const auto slot = static_cast<std::uint32_t>(values.size());
    if (!is_vector()) {
      values.push_back(split_condition(i));
      return slot;
    }
    const auto* rows = tree_.find("leaf_weights");
    const std::size_t row = rows == nullptr ? i : index_at("right_children", i);
    if (rows == nullptr) rows = &tree_["base_weights"];
    if (width_ != forest_.outputs() || row >= rows->size() / width_)
      return wrong("a vector leaf without values");
    for (std::size_t k = 0; k < width_; ++k) {
      values.push_back(static_cast<float>((*rows)[row * width_ + k].as_double()));
    }
    return slot;
  }

  // For each node the set it splits on: "categories" holds all sets end to end.
  Result<std::vector<std::uint32_t>> read_categories() {
    std::vector<std::uint32_t> set_of(nodes_, kNoSet);
    const auto& all = tree_["categories"];
    const auto& owners = tree_["categories_nodes"];
    const auto& begins = tree_["categories_segments"];
    const auto& sizes = tree_["categories_sizes"];
    if (begins.size() != owners.size() || sizes.size() != owners.size())
      return wrong("category tables of unlike sizes");
    std::size_t total = 0;
    for (std::size_t k = 0; k < owners.size(); ++k) {
      const auto owner = owners[k].as_int();
      const auto begin = begins[k].as_int();
      const auto size = sizes[k].as_int();
      const auto available = static_cast<std::int64_t>(all.size());
      if (owner < 0 || owner >= static_cast<std::int64_t>(nodes_) || begin < 0 || size < 0 ||
          begin > available || size > available - begin ||
          (total += static_cast<std::size_t>(size)) > all.size()) {
        return wrong("a set of categories out of range");
      }
      std::vector<std::uint32_t> set;
      for (std::int64_t c = begin; c < begin + size; ++c) {
        const auto category = all[static_cast<std::size_t>(c)].as_int();
        if (category < 0 || category >= Forest::kMaxCategory)
          return wrong("a category out of range");
        set.push_back(static_cast<std::uint32_t>(category));
      }
      set_of[static_cast<std::size_t>(owner)] =
          static_cast<std::uint32_t>(tree_out_.category_sets.size());
      tree_out_.category_sets.push_back(std::move(set));
    }
    return set_of;
  }

  static constexpr std::uint32_t kNoSet = Tree::kAllOutputs;

  const Json& tree_;
  const Forest& forest_;
  std::size_t nodes_ = 0;
  std::uint32_t width_ = 0;
  Tree tree_out_;
};

Status read_header(const Json& learner, const ForestLimits& limits, Forest& forest) {
  const auto& parameters = learner["learner_model_param"];
  WINNOW_TRY(forest.features, count_at(parameters, "num_feature"));
  WINNOW_TRY(const auto classes, count_at(parameters, "num_class"));
  WINNOW_TRY(const auto targets, count_at(parameters, "num_target"));
  WINNOW_TRY(forest.objective, learner["objective"].need_string("name"));
  WINNOW_TRY(const auto objective, xgboost_objective(forest.objective));
  WINNOW_TRY(const auto text, parameters.need_string("base_score"));
  WINNOW_TRY(auto scores, base_scores_in(text));
  const std::size_t outputs = std::max<std::size_t>({classes, targets, 1});
  if (scores.size() == 1 && outputs <= limits.max_outputs) scores.resize(outputs, scores[0]);
  if (scores.size() != outputs)
    return wrong(fmt::format("{} base scores for {} outputs", scores.size(), outputs));
  for (float& score : scores) score = objective.margin_of(score);
  forest.base_scores = std::move(scores);
  forest.link = objective.link;
  for (const auto& name : learner["feature_names"].items())
    forest.feature_names.push_back(name.as_string());
  return {};
}

Status read_trees(const Json& model, const Json& weights, Forest& forest) {
  const auto& trees = model["trees"];
  const auto& outputs = model["tree_info"];
  if (outputs.size() != trees.size()) return wrong("'tree_info' has not one entry for each tree");
  if (weights.size() != 0 && weights.size() != trees.size()) {
    return wrong("'weight_drop' has not one entry for each tree");
  }
  for (std::size_t t = 0; t < trees.size(); ++t) {
    auto tree = TreeReader(trees[t], forest).read();
    if (!tree) return std::move(tree).error().with_context(fmt::format("tree {}", t));
    const auto output = outputs[t].as_int();
    if (output < 0 || output >= static_cast<std::int64_t>(forest.outputs()))
      return wrong("a tree for no output");
    WINNOW_TRY(const auto width, count_at(trees[t]["tree_param"], "size_leaf_vector"));
    tree->output = width > 1 ? Tree::kAllOutputs : static_cast<std::uint32_t>(output);
    if (weights.size() != 0) tree->weight = static_cast<float>(weights[t].as_double());
    forest.trees.push_back(std::move(*tree));
  }
  return {};
}

}  // namespace

Result<Forest> read_xgboost_document(const Json& document, const ForestLimits& limits) {
  const auto& learner = document["learner"];
  const auto& booster = learner["gradient_booster"];
  const auto& name = booster["name"].as_string();
  if (name == "gblinear") {
    return Error(Code::Unsupported, "XGBoost's linear booster is no tree ensemble")
        .with_hint("train with gbtree");
  }
  if (name != "gbtree" && name != "dart")
    return wrong("not a model of XGBoost: it names no booster");
  Forest forest;
  WINNOW_TRY(read_header(learner, limits, forest));
  const auto& model = name == "dart" && booster.find("gbtree") != nullptr
                          ? booster["gbtree"]["model"]
                          : booster["model"];
  const auto& weights =
      booster.find("weight_drop") != nullptr ? booster["weight_drop"] : model["weight_drop"];
  WINNOW_TRY(read_trees(model, weights, forest));
  WINNOW_TRY(const auto parallel, count_at(model["gbtree_model_param"], "num_parallel_tree"));
  const bool vector_leaves = !forest.trees.empty() && forest.trees[0].output == Tree::kAllOutputs;
  const std::size_t per_round = std::size_t{parallel} * (vector_leaves ? 1 : forest.outputs());
  WINNOW_TRY(
      keep_best_rounds(learner["attributes"]["best_iteration"].as_string(), per_round, forest));
  WINNOW_TRY(check(forest, limits));
  return forest;
}

}  // namespace winnow
