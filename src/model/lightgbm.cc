// LightGBM's text models (src/boosting/gbdt_model_text.cpp and src/io/tree.cpp of its sources):
// lines of key=value, a header and then a block for each tree.
#include <charconv>
#include <cmath>
#include <map>
#include <string>

#include <fmt/format.h>

#include "model/detail/grow.h"
#include "model/forest_import.h"

namespace winnow {
namespace {

Error wrong(std::string what) { return Error(Code::InvalidArgument, std::move(what)); }

std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

// The lines of one block, by key; a line without '=' is its own key.
class Block {
 public:
  void add(std::string_view line) {
    const auto equals = line.find('=');
    lines_[line.substr(0, equals)] =
        equals == std::string_view::npos ? "" : line.substr(equals + 1);
  }
  bool has(std::string_view key) const { return lines_.contains(key); }
  std::string_view at(std::string_view key) const {
    const auto line = lines_.find(key);
    return line == lines_.end() ? std::string_view() : line->second;
  }

  template <typename T>
  Result<std::vector<T>> numbers(std::string_view key) const {
    std::vector<T> values;
    auto rest = at(key);
    for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
      T value{};
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
      const bool tiny = std::is_floating_point_v<T> && error == std::errc::result_out_of_range;
      if ((error != std::errc() && !tiny) || end != word.data() + word.size()) {
        return wrong(
            fmt::format("'{}' holds '{}', not a number of its kind", key, word.substr(0, 40)));
      }
      values.push_back(value);
    }
    return values;
  }

  template <typename T>
  Result<std::vector<T>> numbers(std::string_view key, std::size_t count) const {
    WINNOW_TRY(auto values, numbers<T>(key));
    if (values.size() != count) {
      return wrong(fmt::format("'{}' has {} entries, expected are {}", key, values.size(), count));
    }
    return values;
  }

  template <typename T>
  Result<T> number(std::string_view key) const {
    WINNOW_TRY(const auto values, numbers<T>(key, 1));
    return values[0];
  }

 private:
  std::map<std::string_view, std::string_view> lines_;
};

// `x <= threshold` as `x < edge`. The threshold is rounded to float as rows are, so a value that
// the training library saw as equal to it stays equal. Infinity parts the missing values from the
// others; a row's own infinity, which LightGBM would send left with them, goes right.
float edge_of(double threshold) { return std::nextafter(static_cast<float>(threshold), INFINITY); }

// The bits of decision_type (include/LightGBM/tree.h).
struct Decision {
  enum class Missing { None, Zero, NotANumber };
  bool categorical;
  bool default_left;
  Missing missing;
};

Result<Decision> decision_of(int bits) {
  const int missing = (bits >> 2) & 3;
  if (bits < 0 || bits > 15 || missing == 3) return wrong(fmt::format("decision type {}", bits));
  return Decision{(bits & 1) != 0, (bits & 2) != 0, static_cast<Decision::Missing>(missing)};
}

// Where zeros and missing values go, told in the terms of TreeNode.
void set_missing(TreeNode& node, const Decision& decision) {
  const bool zero_goes_left = 0 < node.threshold;
  node.kind = TreeNode::Kind::Numeric;
  node.default_left =
      decision.missing == Decision::Missing::None ? zero_goes_left : decision.default_left;
  if (decision.missing != Decision::Missing::Zero) return;
  const bool whole_gap_left = TreeNode::kZeroGap < node.threshold;
  const bool whole_gap_right = !(-TreeNode::kZeroGap < node.threshold);
  const bool gap_matters = decision.default_left ? !whole_gap_left : !whole_gap_right;
  if (gap_matters) node.kind = TreeNode::Kind::ZeroGap;
}

class TreeReader {
 public:
  explicit TreeReader(const Block& block) : block_(block) {}

  Result<Tree> read() {
    WINNOW_TRY(const auto leaves, block_.number<std::uint32_t>("num_leaves"));
    WINNOW_TRY(const auto values, block_.numbers<double>("leaf_value"));
    if (leaves == 0 || values.size() != leaves) return wrong("not one leaf value for each leaf");
    if (block_.has("is_linear") && block_.at("is_linear") != "0") {
      return Error(Code::Unsupported, "leaves with linear models")
          .with_hint("train without linear_tree");
    }
    splits_ = leaves - 1;
    nodes_.resize(splits_ + leaves);
    WINNOW_TRY(read_splits());
    for (std::uint32_t k = 0; k < leaves; ++k) {
      nodes_[splits_ + k].slot = k;
      tree_.leaf_values.push_back(static_cast<float>(values[k]));
    }
    WINNOW_TRY(const bool counted, read_counts(leaves));
    WINNOW_TRY(tree_.nodes, in_breadth_order(nodes_));
    if (!counted) count_leaves_as_cover(tree_.nodes);
    return std::move(tree_);
  }

 private:
  // A child that is not negative is a split, one that is negative the leaf ~child.
  std::uint32_t node_of(int child) const {
    return child >= 0 ? static_cast<std::uint32_t>(child)
                      : splits_ + ~static_cast<std::uint32_t>(child);
  }

  Status read_splits() {
    if (splits_ == 0) return {};
    WINNOW_TRY(const auto features, block_.numbers<std::uint32_t>("split_feature", splits_));
    WINNOW_TRY(const auto thresholds, block_.numbers<double>("threshold", splits_));
    WINNOW_TRY(const auto decisions, block_.numbers<int>("decision_type", splits_));
    WINNOW_TRY(const auto left, block_.numbers<int>("left_child", splits_));
    WINNOW_TRY(const auto right, block_.numbers<int>("right_child", splits_));
    WINNOW_TRY(bounds_, block_.numbers<std::size_t>("cat_boundaries"));
    WINNOW_TRY(words_, block_.numbers<std::uint32_t>("cat_threshold"));
    for (std::uint32_t i = 0; i < splits_; ++i) {
      WINNOW_TRY(const auto decision, decision_of(decisions[i]));
      auto& node = nodes_[i];
      node.feature = features[i];
      node.left = node_of(left[i]);
      node.right = node_of(right[i]);
      if (decision.categorical) {
        WINNOW_TRY(make_categorical(node, thresholds[i]));
        continue;
      }
      if (std::isnan(thresholds[i])) return wrong(fmt::format("node {} splits at no number", i));
      node.threshold = edge_of(thresholds[i]);
      set_missing(node, decision);
    }
    return {};
  }

  // LightGBM sends members left, and everything else right, missing values included: our rule with
  // the sides exchanged. `which` counts the sets, bit masks of 32 categories a word.
  Status make_categorical(TreeNode& node, double which) {
    if (!(which >= 0) || which + 1 >= static_cast<double>(bounds_.size()))
      return wrong("a set of categories out of range");
    const auto k = static_cast<std::size_t>(which);
    const auto begin = bounds_[k];
    const auto end = bounds_[k + 1];
    if (begin > end || end > words_.size() || end - begin > Forest::kMaxCategory / 32) {
      return wrong("a set of categories out of range");
    }
    if (set_bits_ += 32 * (end - begin); set_bits_ > 32 * words_.size())
      return wrong("sets of categories that overlap");
    std::vector<std::uint32_t> set;
    for (std::size_t word = begin; word < end; ++word) {
      for (std::uint32_t bit = 0; bit < 32; ++bit) {
        if ((words_[word] >> bit & 1) != 0)
          set.push_back(static_cast<std::uint32_t>(word - begin) * 32 + bit);
      }
    }
    node.kind = TreeNode::Kind::Category;
    node.slot = static_cast<std::uint32_t>(tree_.category_sets.size());
    node.default_left = true;
    std::swap(node.left, node.right);
    tree_.category_sets.push_back(std::move(set));
    return {};
  }

  // Rows that came by, where the file says so. False: it does not.
  Result<bool> read_counts(std::uint32_t leaves) {
    WINNOW_TRY(const auto leaf_counts, block_.numbers<float>("leaf_count"));
    WINNOW_TRY(const auto split_counts, block_.numbers<float>("internal_count"));
    if (leaf_counts.size() != leaves || split_counts.size() != splits_) return false;
    for (std::uint32_t i = 0; i < splits_; ++i) nodes_[i].cover = split_counts[i];
    for (std::uint32_t k = 0; k < leaves; ++k) nodes_[splits_ + k].cover = leaf_counts[k];
    return true;
  }

  const Block& block_;
  std::uint32_t splits_ = 0;
  std::size_t set_bits_ = 0;
  std::vector<TreeNode> nodes_;  // splits, then leaves, as LightGBM counts them
  std::vector<std::size_t> bounds_;
  std::vector<std::uint32_t> words_;
  Tree tree_;
};

// "binary sigmoid:1", "multiclass num_class:5", "regression sqrt", ...
Status read_objective(std::string_view text, Forest& forest) {
  auto rest = text;
  const auto name = next_word(rest);
  forest.objective = std::string(name);
  for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
    if (word == "sqrt") forest.link = Link::SignedSquare;
    if (!word.starts_with("sigmoid:")) continue;
    const auto number = word.substr(8);
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), forest.link_scale);
    if (error != std::errc() || end != number.data() + number.size())
      return wrong("a sigmoid without its slope");
  }
  static const std::map<std::string_view, Link> kLinks = {{"", Link::Identity},
                                                          {"regression", Link::Identity},
                                                          {"regression_l2", Link::Identity},
                                                          {"regression_l1", Link::Identity},
                                                          {"huber", Link::Identity},
                                                          {"fair", Link::Identity},
                                                          {"quantile", Link::Identity},
                                                          {"mape", Link::Identity},
                                                          {"lambdarank", Link::Identity},
                                                          {"rank_xendcg", Link::Identity},
                                                          {"custom", Link::Identity},
                                                          {"poisson", Link::Exponential},
                                                          {"gamma", Link::Exponential},
                                                          {"tweedie", Link::Exponential},
                                                          {"binary", Link::Logistic},
                                                          {"multiclassova", Link::Logistic},
                                                          {"cross_entropy", Link::Logistic},
                                                          {"xentropy", Link::Logistic},
                                                          {"multiclass", Link::Softmax}};
  const auto link = kLinks.find(name);
  if (link == kLinks.end()) {
    return Error(Code::Unsupported,
                 fmt::format("LightGBM's objective '{}' is not known", name.substr(0, 80)));
  }
  if (forest.link != Link::SignedSquare) forest.link = link->second;
  return {};
}

Status read_header(const Block& header, const ForestLimits& limits, Forest& forest) {
  const auto version = header.at("version");
  if (version != "v2" && version != "v3" && version != "v4") {
    return Error(Code::Unsupported,
                 fmt::format("LightGBM format '{}', known are v2 to v4", version.substr(0, 20)));
  }
  WINNOW_TRY(const auto last_feature, header.number<std::uint32_t>("max_feature_idx"));
  WINNOW_TRY(const auto outputs, header.number<std::uint32_t>("num_tree_per_iteration"));
  if (outputs == 0) return wrong("a model without outputs");
  if (last_feature >= limits.max_features || outputs > limits.max_outputs) {
    return Error(Code::Exhausted, fmt::format("{} features and {} outputs are more than allowed",
                                              last_feature, outputs));
  }
  forest.features = last_feature + 1;
  forest.base_scores.assign(outputs, 0);
  WINNOW_TRY(read_objective(header.at("objective"), forest));
  // Averaged forests of v2 hold predictions in their leaves, later ones margins.
  if (header.has("average_output") && version == "v2") forest.link = Link::Identity;
  auto names = header.at("feature_names");
  for (auto name = next_word(names); !name.empty(); name = next_word(names)) {
    forest.feature_names.emplace_back(name);
  }
  return {};
}

Status add_tree(const Block& block, Forest& forest) {
  auto tree = TreeReader(block).read();
  if (!tree)
    return std::move(tree).error().with_context(fmt::format("tree {}", forest.trees.size()));
  tree->output = static_cast<std::uint32_t>(forest.trees.size() % forest.outputs());
  forest.trees.push_back(std::move(*tree));
  return {};
}

}  // namespace

Result<Forest> read_lightgbm(std::string_view bytes, const ForestLimits& limits) {
  if (bytes.size() > limits.max_bytes) {
    return Error(Code::Exhausted,
                 fmt::format("a model of {} bytes, allowed are {}", bytes.size(), limits.max_bytes))
        .with_hint("raise the limit for models that you trust");
  }
  auto rest = bytes;
  if (next_line(rest) != "tree") return wrong("not a text model of LightGBM");
  Block header;
  auto line = next_line(rest);
  for (; !rest.empty() && !line.starts_with("Tree="); line = next_line(rest)) header.add(line);
  Forest forest;
  WINNOW_TRY(read_header(header, limits, forest));
  while (line.starts_with("Tree=")) {
    Block block;
    for (line = next_line(rest); !line.starts_with("Tree=") && line != "end of trees";
         line = next_line(rest)) {
      if (!line.empty()) block.add(line);
      if (rest.empty()) break;
    }
    WINNOW_TRY(add_tree(block, forest));
  }
  if (header.has("average_output")) {
    const std::size_t rounds = forest.trees.size() / forest.outputs();
    for (auto& tree : forest.trees) tree.weight = 1 / static_cast<float>(rounds);
  }
  WINNOW_TRY(check(forest, limits));
  return forest;
}

Result<Forest> read_forest(std::string_view bytes, const ForestLimits& limits) {
  if (bytes.starts_with("WnForest")) return forest_from_bytes(bytes, limits);
  if (bytes.starts_with("tree\n") || bytes.starts_with("tree\r\n"))
    return read_lightgbm(bytes, limits);
  return read_xgboost(bytes, limits);
}

}  // namespace winnow
