// From the graph of an ONNX file to the model that it computes. Each value of the graph is told by
// what it is made of: columns on their way to a model, leaves of a tree, a prediction.
#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "model/detail/onnx_columns.h"
#include "model/detail/onnx_graph.h"
#include "model/detail/onnx_leaves.h"
#include "model/detail/onnx_trees.h"
#include "model/onnx_import.h"

namespace winnow {
namespace {

constexpr std::string_view kSupported =
    "tree ensembles, linear models, isolation forests, and before them Scaler, Imputer, Concat, "
    "Gather and arithmetic with constants";

using Columns = std::shared_ptr<const std::vector<OnnxColumn>>;
struct Label {};  // the class that was predicted, or what follows from it
struct Novelty {
  LeafSum exponent;
};  // 2^exponent, or what orders rows the same or the other way
using Constant = const OnnxTensor*;
using Value = std::variant<Label, Columns, Constant, LeafTable, LeafSum, Novelty, Forest,
                           LinkedLinear, Error>;

template <typename Kind>
const Kind* as(const Value& value) {
  return std::get_if<Kind>(&value);
}

Error wrong(std::string_view why) {
  return Error(Code::InvalidArgument, fmt::format("not a model of ONNX: {}", why));
}

class Evaluation {
 public:
  Evaluation(const OnnxGraph& graph, const ForestLimits& limits) : graph_(graph), limits_(limits) {}

  Result<OnnxModel> run() {
    WINNOW_TRY(enter_inputs());
    for (const auto& [name, tensor] : graph_.constants) values_.insert_or_assign(name, &tensor);
    for (const auto& node : graph_.nodes) enter(node);
    // Classifiers have two outputs, and the label comes first.
    const Error* refusal = nullptr;
    for (const auto name : graph_.outputs) {
      const auto found = values_.find(name);
      if (found == values_.end()) return wrong("an output that no node makes");
      auto model = model_of(found->second);
      if (model) return model;
      if (refusal == nullptr) refusal = as<Error>(found->second);
      if (as<Error>(found->second) == nullptr && as<Label>(found->second) == nullptr) return model;
    }
    return refusal != nullptr ? *refusal : wrong("no output is a prediction");
  }

 private:
  // Memory stays bounded by the limit on nodes, whatever a small file multiplies.
  Status spend(std::size_t items) {
    if (items > limits_.max_nodes - spent_)
      return Error(Code::Exhausted,
                   fmt::format("a graph of more than {} values", limits_.max_nodes));
    spent_ += items;
    return {};
  }

  Status enter_inputs() {
    for (const auto& input : graph_.inputs) {
      if (!input.numeric) {
        values_.insert_or_assign(
            input.name,
            Error(Code::Unsupported, fmt::format("the text input '{}'", input.name.substr(0, 80))));
        continue;
      }
      if (input.columns > limits_.max_features - names_.size())
        return Error(Code::Exhausted, fmt::format("more than {} columns", limits_.max_features));
      std::vector<OnnxColumn> columns;
      for (std::uint32_t i = 0; i < input.columns; ++i) {
        columns.push_back({static_cast<std::uint32_t>(names_.size()), {}});
        names_.push_back(input.columns == 1          ? std::string(input.name)
                         : graph_.inputs.size() == 1 ? fmt::format("f{}", i)
                                                     : fmt::format("{}_{}", input.name, i));
      }
      values_.insert_or_assign(input.name,
                               std::make_shared<const std::vector<OnnxColumn>>(std::move(columns)));
    }
    return {};
  }

  // What a node makes stands under the names of its outputs, an error too: it counts only if an
  // output of the graph needs it.
  void enter(const OnnxNode& node) {
    std::vector<const Value*> inputs;
    static const Value kAbsent = Error(Code::InvalidArgument, "an input that no node makes");
    for (const auto name : node.inputs) {
      const auto found = values_.find(name);
      inputs.push_back(found == values_.end() ? &kAbsent : &found->second);
    }
    auto made = result_of(node, inputs);
    const bool labels = node.op == "TreeEnsembleClassifier" || node.op == "LinearClassifier";
    if (labels && !node.outputs.empty()) values_.insert_or_assign(node.outputs[0], Label());
    const std::size_t at = labels ? 1 : 0;
    if (node.outputs.size() > at) values_.insert_or_assign(node.outputs[at], std::move(made));
  }

  Value result_of(const OnnxNode& node, const std::vector<const Value*>& inputs) {
    if (inputs.empty()) return unknown(node);
    for (const auto* input : inputs) {
      if (const auto* error = as<Error>(*input)) return *error;
    }
    if (std::any_of(inputs.begin(), inputs.end(),
                    [](auto* in) { return as<Label>(*in) != nullptr; }))
      return Label();
    auto made = node.domain == "ai.onnx.ml" ? by_ml_operator(node, inputs)
                : node.domain.empty()       ? by_operator(node, inputs)
                                            : Result<Value>(unknown(node));
    return made ? std::move(*made) : Value(std::move(made).error());
  }

  static Error unknown(const OnnxNode& node) {
    return Error(Code::Unsupported,
                 fmt::format("ONNX's operator '{}{}{}' in this place", node.domain.substr(0, 40),
                             node.domain.empty() ? "" : ".", node.op.substr(0, 80)))
        .with_hint(fmt::format("supported are {}", kSupported));
  }

  Result<Value> by_ml_operator(const OnnxNode& node, const std::vector<const Value*>& inputs) {
    if (node.op == "FeatureVectorizer") return joined(node, inputs);
    if (node.op == "ArrayFeatureExtractor" && inputs.size() == 2) return picked(node, inputs);
    if (node.op == "LabelEncoder") return encoded(node, *inputs[0]);
    if (node.op == "ZipMap") return *inputs[0];
    if (node.op == "Normalizer") return normalized(node, *inputs[0]);
    const auto* columns = as<Columns>(*inputs[0]);
    if (columns == nullptr) return unknown(node);
    if (node.op.starts_with("TreeEnsemble")) return trees(node, **columns);
    if (node.op == "LinearClassifier" || node.op == "LinearRegressor")
      return linear(node, **columns);
    if (node.op == "Scaler") return scaled(node, *columns);
    if (node.op == "Imputer") return imputed(node, *columns);
    return unknown(node);
  }

  Result<Value> by_operator(const OnnxNode& node, const std::vector<const Value*>& inputs) {
    if (node.op == "Identity" || node.op == "Reshape") return *inputs[0];
    if (node.op == "Cast") return cast(node, *inputs[0]);
    if (node.op == "Concat") return joined(node, inputs);
    if (node.op == "Gather" && inputs.size() == 2) return picked(node, inputs);
    if (node.op == "Sigmoid") return squashed(node, *inputs[0]);
    if (as<Columns>(*inputs[0]) != nullptr) return calculated(node, inputs);
    return on_leaves(node, inputs);
  }

  // --- columns on their way to a model

  Result<Value> cast(const OnnxNode& node, const Value& input) {
    const auto to = node["to"].integer;
    const bool keeps = to == 1 || to == 11;  // float, double
    if (as<Columns>(input) != nullptr && !keeps) return unknown(node);
    return input;
  }

  Result<Value> joined(const OnnxNode& node, const std::vector<const Value*>& inputs) {
    std::vector<OnnxColumn> all;
    for (const auto* input : inputs) {
      const auto* columns = as<Columns>(*input);
      if (columns == nullptr ||
          (node.op == "Concat" && node["axis"].integer != 1 && node["axis"].integer != -1))
        return unknown(node);
      WINNOW_TRY(spend_on(**columns));
      all.insert(all.end(), (*columns)->begin(), (*columns)->end());
    }
    return Value(std::make_shared<const std::vector<OnnxColumn>>(std::move(all)));
  }

  Status spend_on(const std::vector<OnnxColumn>& columns) {
    std::size_t items = columns.size();
    for (const auto& column : columns) items += column.steps.size();
    return spend(items);
  }

  Result<Value> picked(const OnnxNode& node, const std::vector<const Value*>& inputs) {
    const auto* columns = as<Columns>(*inputs[0]);
    const auto* places = as<Constant>(*inputs[1]);
    if (columns == nullptr || places == nullptr ||
        (node.op == "Gather" && node["axis"].integer != 1))
      return unknown(node);
    std::vector<OnnxColumn> taken;
    for (const double place : (*places)->values) {
      if (!(place >= 0 && place < static_cast<double>((*columns)->size())))
        return wrong("a column that does not exist");
      taken.push_back((**columns)[static_cast<std::size_t>(place)]);
    }
    WINNOW_TRY(spend_on(taken));
    return Value(std::make_shared<const std::vector<OnnxColumn>>(std::move(taken)));
  }

  // The same step on every column, by one number or by one for each.
  Result<Columns> stepped(const Columns& columns, OnnxStep::Kind kind,
                          const std::vector<double>& by) {
    if (by.size() != 1 && by.size() != columns->size())
      return wrong("as many numbers as columns are needed");
    auto all = *columns;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto number = static_cast<float>(by[by.size() == 1 ? 0 : i]);
      if (!std::isfinite(number) || (number == 0 && kind == OnnxStep::Kind::Divide))
        return wrong("a column that is scaled or replaced by no number");
      all[i].steps.push_back({kind, number});
    }
    WINNOW_TRY(spend_on(all));
    return std::make_shared<const std::vector<OnnxColumn>>(std::move(all));
  }

  Result<Value> scaled(const OnnxNode& node, const Columns& columns) {
    const auto& offset = node["offset"].numbers;
    const auto& scale = node["scale"].numbers;
    WINNOW_TRY(const auto moved,
               stepped(columns, OnnxStep::Kind::Subtract, {offset.begin(), offset.end()}));
    WINNOW_TRY(auto made, stepped(moved, OnnxStep::Kind::Multiply, {scale.begin(), scale.end()}));
    return Value(std::move(made));
  }

  Result<Value> imputed(const OnnxNode& node, const Columns& columns) {
    if (node.has("imputed_value_int64s") || !std::isnan(node["replaced_value_float"].number)) {
      return Error(Code::Unsupported,
                   "an Imputer that replaces something else than missing values");
    }
    const auto& by = node["imputed_value_floats"].numbers;
    WINNOW_TRY(auto made, stepped(columns, OnnxStep::Kind::Impute, {by.begin(), by.end()}));
    return Value(std::move(made));
  }

  Result<Value> calculated(const OnnxNode& node, const std::vector<const Value*>& inputs) {
    const auto* by = inputs.size() == 2 ? as<Constant>(*inputs[1]) : nullptr;
    using Kind = OnnxStep::Kind;
    const auto kind = node.op == "Add"   ? std::optional(Kind::Add)
                      : node.op == "Sub" ? std::optional(Kind::Subtract)
                      : node.op == "Mul" ? std::optional(Kind::Multiply)
                      : node.op == "Div" ? std::optional(Kind::Divide)
                                         : std::nullopt;
    if (by == nullptr || !kind) return unknown(node);
    WINNOW_TRY(auto made, stepped(*as<Columns>(*inputs[0]), *kind, (*by)->values));
    return Value(std::move(made));
  }

  // --- models

  // A tree of one number a leaf can be the beginning of an isolation forest; it still is a forest.
  Result<Value> trees(const OnnxNode& node, const std::vector<OnnxColumn>& columns) {
    WINNOW_TRY(auto ensemble,
               read_onnx_trees(node, static_cast<std::uint32_t>(columns.size()), limits_));
    for (auto& tree : ensemble.trees) {
      WINNOW_TRY(spend(tree.nodes.size()));
      for (auto& node_of_tree : tree.nodes) {
        if (node_of_tree.kind != TreeNode::Kind::Leaf)
          pull_back(columns[node_of_tree.feature], node_of_tree);
      }
    }
    const bool bare = node.op == "TreeEnsembleRegressor" && ensemble.trees.size() == 1 &&
                      ensemble.base == std::vector<double>{0} && ensemble.link == Link::Identity;
    if (bare) {
      auto tree = std::make_shared<const OnnxTree>(std::move(ensemble.trees[0]));
      return Value(LeafTable{tree, tree->values});
    }
    return Value(forest_of(std::move(ensemble)));
  }

  Forest forest_of(OnnxEnsemble ensemble) const {
    Forest forest;
    forest.features = static_cast<std::uint32_t>(names_.size());
    forest.feature_names = names_;
    forest.link = ensemble.link;
    forest.objective = "onnx";
    for (const double base : ensemble.base) forest.base_scores.push_back(static_cast<float>(base));
    for (auto& from : ensemble.trees) {
      Tree tree;
      tree.nodes = std::move(from.nodes);
      tree.leaf_values.assign(from.values.begin(), from.values.end());
      tree.weight = static_cast<float>(ensemble.weight);
      if (forest.outputs() > 1) tree.output = Tree::kAllOutputs;
      for (auto& node : tree.nodes) node.slot *= static_cast<std::uint32_t>(forest.outputs());
      forest.trees.push_back(std::move(tree));
    }
    return forest;
  }

  Forest forest_of(const LeafTable& table) const {
    return forest_of({{{table.tree->nodes, table.values}}, {0}, Link::Identity, 1});
  }

  // Two classes are given by two rows of weights, of which a softmax compares, or by the second's.
  Result<Value> linear(const OnnxNode& node, const std::vector<OnnxColumn>& columns) {
    const auto& weights = node["coefficients"].numbers;
    const auto& biases = node["intercepts"].numbers;
    const std::size_t width = columns.size();
    const std::size_t rows = width == 0 ? 0 : weights.size() / width;
    if (rows == 0 || weights.size() != rows * width || (!biases.empty() && biases.size() != rows))
      return wrong("a linear model whose weights do not fit its columns");
    if (rows > 2) return Error(Code::Unsupported, "a linear model of more than two classes");
    LinkedLinear made;
    WINNOW_TRY(made.link, onnx_link(node["post_transform"].text));
    const bool softmax = made.link == Link::Softmax;
    if (softmax && rows == 1) return Error(Code::Unsupported, "a softmax over one of two classes");
    if (softmax) made.link = Link::Logistic;
    const auto second_of = [&](const std::vector<float>& values, std::size_t at,
                               std::size_t stride) {
      if (values.empty()) return 0.0;
      const auto last = static_cast<double>(values[(rows - 1) * stride + at]);
      return softmax ? last - static_cast<double>(values[at]) : last;
    };
    made.linear.bias = second_of(biases, 0, 1);
    for (std::size_t i = 0; i < width; ++i) {
      const auto weight = second_of(weights, i, width);
      const auto line = line_of(columns[i]);
      made.linear.terms.push_back({columns[i].source, weight * line.slope, line.center});
      made.linear.bias += weight * (line.offset + line.slope * line.center);
    }
    std::stable_sort(made.linear.terms.begin(), made.linear.terms.end(),
                     [](const auto& a, const auto& b) { return a.column < b.column; });
    return Value(std::move(made));
  }

  // --- what follows a model

  // Probabilities of two classes sum to 1 already.
  Result<Value> normalized(const OnnxNode& node, const Value& input) {
    const auto* forest = as<Forest>(input);
    const auto* linear = as<LinkedLinear>(input);
    const bool probability =
        (forest != nullptr && forest->link == Link::Logistic && forest->outputs() == 1) ||
        (linear != nullptr && linear->link == Link::Logistic);
    if (probability && node["norm"].text == "L1") return input;
    return unknown(node);
  }

  Result<Value> squashed(const OnnxNode& node, const Value& input) {
    auto made = input;
    if (const auto* table = as<LeafTable>(input)) made = forest_of(*table);
    auto* forest = std::get_if<Forest>(&made);
    auto* linear = std::get_if<LinkedLinear>(&made);
    if (forest != nullptr && forest->link == Link::Identity) {
      forest->link = Link::Logistic;
    } else if (linear != nullptr && linear->link == Link::Identity) {
      linear->link = Link::Logistic;
    } else {
      return unknown(node);
    }
    return made;
  }

  // --- arithmetic on leaves

  Result<Value> encoded(const OnnxNode& node, const Value& input) {
    const auto* table = as<LeafTable>(input);
    if (table == nullptr) return unknown(node);
    auto made = *table;
    WINNOW_TRY(spend(made.values.size()));
    WINNOW_TRY(look_up(node, made.values));
    return Value(std::move(made));
  }

  static const double* scalar(const Value& value) {
    const auto* constant = as<Constant>(value);
    return constant != nullptr && (*constant)->values.size() == 1 ? (*constant)->values.data()
                                                                  : nullptr;
  }

  Result<Value> on_leaves(const OnnxNode& node, const std::vector<const Value*>& inputs) {
    if (node.op == "Sum") return summed(node, inputs);
    const Value& first = *inputs[0];
    const Value& second = inputs.size() == 2 ? *inputs[1] : first;
    const auto* by = scalar(second);
    if (as<Novelty>(first) != nullptr) return beyond_novelty(node, first, by);
    if (const auto* sum = as<LeafSum>(first)) return scaled_sum(node, *sum, by);
    if (node.op == "Pow" && scalar(first) != nullptr && *scalar(first) == 2) {
      if (const auto* sum = as<LeafSum>(second); sum != nullptr && sum->scale < 0)
        return Value(Novelty{*sum});
    }
    // onnxmltools multiplies probabilities by one.
    const bool model = as<Forest>(first) != nullptr || as<LinkedLinear>(first) != nullptr;
    if (model && node.op == "Mul" && inputs.size() == 2 && by != nullptr && *by == 1) return first;
    const auto* table = as<LeafTable>(first);
    if (table == nullptr || inputs.size() > 2) return unknown(node);
    return on_table(node, *table, second, by);
  }

  Result<Value> on_table(const OnnxNode& node, const LeafTable& table, const Value& second,
                         const double* by) {
    const auto* other = as<LeafTable>(second);
    if (by == nullptr && (other == nullptr || other->tree->nodes != table.tree->nodes))
      return unknown(node);
    auto made = table;
    WINNOW_TRY(spend(made.values.size()));
    for (std::size_t i = 0; i < made.values.size(); ++i) {
      const auto value =
          elementwise(node.op, made.values[i], by != nullptr ? *by : other->values[i]);
      if (!value) return unknown(node);
      made.values[i] = *value;
    }
    return Value(std::move(made));
  }

  Result<Value> summed(const OnnxNode& node, const std::vector<const Value*>& inputs) {
    LeafSum sum;
    for (const auto* input : inputs) {
      const auto* table = as<LeafTable>(*input);
      if (table == nullptr) return unknown(node);
      WINNOW_TRY(spend(table->values.size()));
      sum.tables.push_back(*table);
    }
    return Value(std::move(sum));
  }

  static Result<Value> scaled_sum(const OnnxNode& node, LeafSum sum, const double* by) {
    if (node.op == "Neg") {
      sum.scale = -sum.scale;
    } else if ((node.op == "Div" || node.op == "Mul") && by != nullptr && *by > 0) {
      sum.scale = node.op == "Div" ? sum.scale / *by : sum.scale * *by;
    } else {
      return unknown(node);
    }
    return Value(std::move(sum));
  }

  // scikit-learn's score is the negative of novelty, its decision that less an offset, and the
  // label where that lies.
  static Result<Value> beyond_novelty(const OnnxNode& node, const Value& novelty,
                                      const double* by) {
    if (node.op == "Neg" || (node.op == "Add" && by != nullptr)) return novelty;
    if (node.op == "Less" && by != nullptr) return Value(Label());
    return unknown(node);
  }

  Result<OnnxModel> model_of(const Value& value) {
    OnnxModel made{names_, Forest()};
    if (const auto* forest = as<Forest>(value)) {
      made.model = *forest;
    } else if (const auto* table = as<LeafTable>(value)) {
      made.model = forest_of(*table);
    } else if (const auto* linear = as<LinkedLinear>(value)) {
      WINNOW_TRY(check(linear->linear, names_.size()));
      made.model = *linear;
    } else if (const auto* novelty = as<Novelty>(value)) {
      WINNOW_TRY(made.model, isolation_of(novelty->exponent, names_));
    } else {
      return wrong("an output that is no prediction");
    }
    if (const auto* forest = std::get_if<Forest>(&made.model)) {
      WINNOW_TRY(check(*forest, limits_));
    }
    return made;
  }

  const OnnxGraph& graph_;
  const ForestLimits& limits_;
  std::vector<std::string> names_;
  std::map<std::string_view, Value> values_;
  std::size_t spent_ = 0;
};

}  // namespace

bool looks_like_onnx(std::string_view bytes) {
  return bytes.starts_with('\x08');  // ir_version, the first field of every writer
}

Result<OnnxModel> read_onnx(std::string_view bytes, const ForestLimits& limits) {
  WINNOW_TRY(const auto graph, read_onnx_graph(bytes, limits));
  return Evaluation(graph, limits).run();
}

}  // namespace winnow
