// ONNX files: what each operator means, held to what ONNX Runtime answers; and that a hostile file
// ends with an error.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include "base/bytes.h"
#include "base/file.h"
#include "model/detail/decide.h"
#include "model/detail/onnx_columns.h"
#include "model/detail/protobuf.h"
#include "model/forest_model.h"
#include "model/onnx_import.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::for_each_seed;

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

// --- files that skl2onnx wrote (tests/peers/onnx/fixtures.py makes them, and prints the answers)

std::vector<float> answers(const Forest& forest, MatrixView rows) {
  std::vector<float> made(rows.rows * forest.outputs());
  ForestModel::compile(forest).value().score(rows, made);
  return made;
}

std::vector<float> answers(const LinkedLinear& model, MatrixView rows) {
  Forest link;
  link.base_scores = {0};
  link.link = model.link;
  std::vector<float> made;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    made.push_back(static_cast<float>(model.linear.margin(rows.row(i))));
    apply_link(link, {&made.back(), 1});
  }
  return made;
}

std::vector<float> answers(const IsolationTrees& trees, MatrixView rows) {
  std::vector<float> made(rows.rows);
  IsolationForest::create(trees).value().score(rows, made);
  return made;
}

std::string fixture(std::string_view name) {
  const auto file =
      testing::source_folder() / "tests/fuzz/corpus/model_onnx" / (std::string(name) + ".onnx");
  return read_file(file, 1UL << 20).value();
}

struct Written {
  const char* name;
  std::vector<float> want;
};

class WrittenByConverters : public ::testing::TestWithParam<Written> {};

TEST_P(WrittenByConverters, AnswersAsInOnnxRuntime) {
  const std::vector<float> rows = {0.5F, -1.25F, 2, -3, 0.125F, 0.75F, 1, 1, -1};
  const auto read = read_onnx(fixture(GetParam().name));
  ASSERT_OK(read);
  const auto got = std::visit(
      [&](const auto& model) {
        return answers(model, {rows.data(), 3, 3});
      },
      read->model);
  ASSERT_EQ(got.size(), GetParam().want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], GetParam().want[i], 1e-6) << i;
}

const Written kWritten[] = {
    {"boosting", {0.4568032F, 0.34294951F, 0.58389831F}},
    {"random_forest", {0.7758593F, 0.087484956F, 0.86560285F}},
    {"regression", {0.13939928F, -0.50613838F, 0.27767816F}},
    {"tree_ensemble_5", {0.13939928F, -0.50613838F, 0.27767816F}},
    {"three_classes",
     {0.19649506F, 0.27200162F, 0.53150332F, 0.47659242F, 0.27711287F, 0.24629469F, 0.19649506F,
      0.27200162F, 0.53150332F}},
    {"logistic", {0.73296314F, 0.00090163946F, 0.83756399F}},
    {"scaled_boosting", {0.43646246F, 0.34444988F, 0.32996142F}},
    {"isolation", {0.67459065F, 0.43682289F, 0.54522038F}},
    {"named_columns", {0.4568032F, 0.34294951F, 0.58389831F}},
};
INSTANTIATE_TEST_SUITE_P(Files, WrittenByConverters, ::testing::ValuesIn(kWritten),
                         [](const auto& each) { return each.param.name; });

TEST(ReadOnnx, ColumnsAreNamedByInputsOfOneColumn) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(read_onnx(fixture("named_columns"))->columns, (Names{"bytes", "packets", "ports"}));
  EXPECT_EQ(read_onnx(fixture("boosting"))->columns, (Names{"f0", "f1", "f2"}));
}

TEST(ReadOnnx, NoCutFileIsRead) {
  const auto whole = fixture("isolation");
  for (std::size_t size = 0; size < whole.size(); size += 97)
    EXPECT_FALSE(read_onnx(whole.substr(0, size))) << size;
}

TEST(ReadOnnx, ATextColumnAndALargeFileAreRefused) {
  EXPECT_EQ(code_of(read_onnx(fixture("boosting"), {.max_bytes = 1000})), Code::Exhausted);
  EXPECT_EQ(code_of(read_onnx(fixture("isolation"), {.max_nodes = 50})), Code::Exhausted);
}

// --- files that are written here, field by field

void put_tag(std::string& to, std::uint64_t number, std::uint64_t wire) {
  ByteWriter out;
  to += std::move(out.put_count(number << 3 | wire)).bytes();
}

std::string field(std::uint64_t number, std::string_view bytes) {
  std::string made;
  put_tag(made, number, 2);
  return made + std::move(ByteWriter().put_text(bytes)).bytes();
}

std::string field(std::uint64_t number, std::int64_t value) {
  std::string made;
  put_tag(made, number, 0);
  return made + std::move(ByteWriter().put_count(static_cast<std::uint64_t>(value))).bytes();
}

std::string attribute(std::string_view name, std::string_view text) {
  return field(5, field(1, name) + field(4, text));
}
std::string attribute(std::string_view name, const std::vector<std::int64_t>& integers) {
  std::string made = field(1, name);
  for (const auto each : integers) made += field(8, each);
  return field(5, made);
}
std::string attribute(std::string_view name, const std::vector<float>& numbers) {
  ByteWriter packed;
  for (const float each : numbers) packed.put(each);
  return field(5, field(1, name) + field(7, packed.bytes()));
}
std::string attribute(std::string_view name, const std::vector<std::string_view>& texts) {
  std::string made = field(1, name);
  for (const auto each : texts) made += field(9, each);
  return field(5, made);
}

std::string node(std::string_view op, const std::vector<std::string_view>& inputs,
                 std::string_view output, std::string_view attributes, bool ml = true) {
  std::string made = field(4, op) + field(2, output) + field(7, ml ? "ai.onnx.ml" : "");
  for (const auto input : inputs) made += field(1, input);
  return field(1, made + std::string(attributes));
}

constexpr std::int64_t kColumns = 2;

// A file of one input "x" of two columns and one output "y".
std::string file_of(std::string_view nodes, std::int64_t ml_version = 3) {
  const auto dim = field(1, field(1, kColumns));
  const auto input = field(1, "x") + field(2, field(1, field(1, std::int64_t{1}) + field(2, dim)));
  const auto graph = std::string(nodes) + field(11, input) + field(12, field(1, "y"));
  return field(1, std::int64_t{8}) + field(7, graph) + field(8, field(2, std::int64_t{17})) +
         field(8, field(1, "ai.onnx.ml") + field(2, ml_version));
}

struct StumpNode {
  std::string_view mode = "BRANCH_LEQ";
  float threshold = 0.5F;
  std::int64_t missing_goes_true = 0;
  std::int64_t column = 0;
  std::int64_t yes = 1;
};

// 10 where the comparison holds, else 20.
std::string stump(const StumpNode& of, std::string_view input = "x", std::string_view more = "") {
  using Integers = std::vector<std::int64_t>;
  return node(
      "TreeEnsembleRegressor", {input}, "y",
      field(5, field(1, "n_targets") + field(3, std::int64_t{1})) +
          attribute("nodes_treeids", Integers{0, 0, 0}) +
          attribute("nodes_nodeids", Integers{0, 1, 2}) +
          attribute("nodes_featureids", Integers{of.column, 0, 0}) +
          attribute("nodes_modes", std::vector<std::string_view>{of.mode, "LEAF", "LEAF"}) +
          attribute("nodes_values", std::vector<float>{of.threshold, 0, 0}) +
          attribute("nodes_truenodeids", Integers{of.yes, 0, 0}) +
          attribute("nodes_falsenodeids", Integers{2, 0, 0}) +
          attribute("nodes_missing_value_tracks_true", Integers{of.missing_goes_true, 0, 0}) +
          attribute("target_treeids", Integers{0, 0}) +
          attribute("target_nodeids", Integers{1, 2}) + attribute("target_ids", Integers{0, 0}) +
          attribute("target_weights", std::vector<float>{10, 20}) + std::string(more));
}

float answer(const std::string& file, float x) {
  const auto read = read_onnx(file);
  EXPECT_OK(read);
  if (!read) return kNone;
  const float row[] = {x, 0};
  return answers(std::get<Forest>(read->model), {row, 1, 2})[0];
}

struct Comparison {
  const char* mode;
  float below, equal, above, missing, missing_tracked;
};

class Comparisons : public ::testing::TestWithParam<Comparison> {};

TEST_P(Comparisons, GoTheWayThatOnnxSays) {
  const auto& want = GetParam();
  const auto file = file_of(stump({.mode = want.mode}));
  EXPECT_EQ(answer(file, std::nextafter(0.5F, 0.0F)), want.below);
  EXPECT_EQ(answer(file, 0.5F), want.equal);
  EXPECT_EQ(answer(file, std::nextafter(0.5F, 1.0F)), want.above);
  EXPECT_EQ(answer(file, kNone), want.missing);
  const auto tracked = file_of(stump({.mode = want.mode, .missing_goes_true = 1}));
  EXPECT_EQ(answer(tracked, kNone), want.missing_tracked);
  EXPECT_EQ(answer(tracked, 0.5F), want.equal);
}

const Comparison kComparisons[] = {{"BRANCH_LEQ", 10, 10, 20, 20, 10},
                                   {"BRANCH_LT", 10, 20, 20, 20, 10},
                                   {"BRANCH_GTE", 20, 10, 10, 20, 10},
                                   {"BRANCH_GT", 20, 20, 10, 20, 10}};
INSTANTIATE_TEST_SUITE_P(Modes, Comparisons, ::testing::ValuesIn(kComparisons),
                         [](const auto& each) { return each.param.mode; });

TEST(ReadOnnx, AnUnknownOperatorIsRefusedByNameUnlessNoPredictionNeedsIt) {
  const auto before = node("Tanh", {"x"}, "z", "", false) + stump({}, "z");
  const auto refused = read_onnx(file_of(before));
  ASSERT_EQ(code_of(refused), Code::Unsupported);
  EXPECT_EQ(refused.error().message(), "ONNX's operator 'Tanh' in this place");
  EXPECT_THAT(refused.error().hint(), ::testing::HasSubstr("Imputer"));
  EXPECT_OK(read_onnx(file_of(node("Tanh", {"x"}, "z", "", false) + stump({}))));
  EXPECT_EQ(read_onnx(file_of(node("SVMClassifier", {"x"}, "y", ""))).error().message(),
            "ONNX's operator 'ai.onnx.ml.SVMClassifier' in this place");
}

struct Hostile {
  const char* name;
  std::string file;
  Code code;
};

class HostileOnnx : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileOnnx, IsRefused) { EXPECT_EQ(code_of(read_onnx(GetParam().file)), GetParam().code); }

const Hostile kHostile[] = {
    {"empty", "", Code::InvalidArgument},
    {"no_graph", field(1, std::int64_t{8}), Code::InvalidArgument},
    {"cut_varint", "\x08\xff", Code::InvalidArgument},
    {"endless_varint", "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
     Code::InvalidArgument},
    {"huge_length", "\x08\x08\x3a\xff\xff\xff\xff\x0f", Code::InvalidArgument},
    {"group", std::string("\x08\x08\x0b", 3), Code::InvalidArgument},
    {"later_operators", file_of(stump({}), 6), Code::Unsupported},
    {"no_nodes", file_of(""), Code::InvalidArgument},
    {"column_out_of_range", file_of(stump({.column = 2})), Code::InvalidArgument},
    {"negative_column", file_of(stump({.column = -1})), Code::InvalidArgument},
    {"threshold_nan", file_of(stump({.threshold = kNone})), Code::InvalidArgument},
    {"circle", file_of(stump({.yes = 0})), Code::InvalidArgument},
    {"shared_child", file_of(stump({.yes = 2})), Code::InvalidArgument},
    {"child_out_of_range", file_of(stump({.yes = 7})), Code::InvalidArgument},
    {"single_values", file_of(stump({.mode = "BRANCH_EQ"})), Code::Unsupported},
    {"unknown_mode", file_of(stump({.mode = "BRANCH_XOR"})), Code::InvalidArgument},
    {"wrong_length", file_of(stump({}, "x", attribute("nodes_values", std::vector<float>{1}))),
     Code::InvalidArgument},
    {"unknown_target",
     file_of(stump({}, "x", attribute("target_ids", std::vector<std::int64_t>{0, 1}))),
     Code::InvalidArgument},
    {"leaf_is_no_leaf",
     file_of(stump({}, "x", attribute("target_nodeids", std::vector<std::int64_t>{0, 2}))),
     Code::InvalidArgument},
    {"node_twice",
     file_of(stump({}, "x", attribute("nodes_nodeids", std::vector<std::int64_t>{0, 1, 1}))),
     Code::InvalidArgument},
    {"infinite_leaf",
     file_of(stump({}, "x", attribute("target_weights", std::vector<float>{10, INFINITY}))),
     Code::InvalidArgument},
    {"greatest_of_trees", file_of(stump({}, "x", attribute("aggregate_function", "MAX"))),
     Code::Unsupported},
    {"probit", file_of(stump({}, "x", attribute("post_transform", "PROBIT"))), Code::Unsupported},
    {"input_of_nobody", file_of(stump({}, "nobody")), Code::InvalidArgument},
    {"scaled_by_nothing",
     file_of(node("Scaler", {"x"}, "z", attribute("offset", std::vector<float>{0})) +
             stump({}, "z")),
     Code::InvalidArgument},
    {"scaled_by_infinity",
     file_of(node("Scaler", {"x"}, "z",
                  attribute("offset", std::vector<float>{0}) +
                      attribute("scale", std::vector<float>{INFINITY})) +
             stump({}, "z")),
     Code::InvalidArgument},
    {"other_imputer",
     file_of(node("Imputer", {"x"}, "z", attribute("imputed_value_floats", std::vector<float>{0})) +
             stump({}, "z")),
     Code::Unsupported},
    {"weights_that_do_not_fit",
     file_of(node("LinearRegressor", {"x"}, "y",
                  attribute("coefficients", std::vector<float>{1, 2, 3}))),
     Code::InvalidArgument},
};
INSTANTIATE_TEST_SUITE_P(Files, HostileOnnx, ::testing::ValuesIn(kHostile),
                         [](const auto& each) { return each.param.name; });

// --- what is folded

OnnxColumn random_column(Rng& rng) {
  using Kind = OnnxStep::Kind;
  OnnxColumn column;
  for (std::size_t k = rng.below(5); k > 0; --k) {
    const auto kind = static_cast<Kind>(rng.below(5));
    auto by = static_cast<float>(rng.normal() * std::exp(2 * rng.normal()));
    if (rng.chance(0.1)) by = kind == Kind::Divide ? 1 : 0;
    column.steps.push_back({kind, by});
  }
  return column;
}

TEST(FoldedColumns, ASplitSendsEveryValueWhereItsScaledValueWent) {
  for_each_seed(300, [](Rng& rng) {
    const auto column = random_column(rng);
    TreeNode before;
    before.kind = TreeNode::Kind::Numeric;
    before.default_left = rng.chance(0.5);
    before.left = 1;
    before.right = 2;
    // Often a value that rows take.
    const auto draw = [&] { return static_cast<float>(rng.normal() * std::exp(3 * rng.normal())); };
    before.threshold = value_of(column, draw());
    if (std::isnan(before.threshold)) before.threshold = 0;
    auto after = before;
    pull_back(column, after);
    const Tree tree;
    const auto goes_to = [&](const TreeNode& node, float x) {
      return goes_left(tree, node, x) ? node.left : node.right;
    };
    for (int k = 0; k < 300; ++k) {
      float x = rng.chance(0.1) ? kNone : draw();
      if (k % 3 == 0 && std::isfinite(after.threshold))
        x = std::nextafter(after.threshold, k % 2 == 0 ? -INFINITY : INFINITY);
      if (k % 7 == 0 && std::isfinite(after.threshold)) x = after.threshold;
      if (std::isinf(x)) continue;
      ASSERT_EQ(goes_to(after, x), goes_to(before, value_of(column, x))) << x;
    }
  });
}

TEST(FoldedColumns, ALineIsWhatTheStepsCompute) {
  for_each_seed(300, [](Rng& rng) {
    const auto column = random_column(rng);
    const auto line = line_of(column);
    const auto on_line = [&](double x) { return line.slope * x + line.offset; };
    const auto x = static_cast<float>(rng.normal());
    const double want = value_of(column, x);
    double size = 1;  // of what is added up on the way
    auto part = column;
    for (; !part.steps.empty(); part.steps.pop_back())
      size = std::max({size, std::fabs(static_cast<double>(value_of(part, x))),
                       std::fabs(static_cast<double>(part.steps.back().by))}) *
             2;
    EXPECT_NEAR(on_line(static_cast<double>(x)), want,
                1e-5 * size * std::max(1.0, std::fabs(line.slope)));
    const float missing = value_of(column, kNone);
    if (!std::isnan(missing) && line.slope != 0) {
      EXPECT_NEAR(on_line(line.center), missing,
                  1e-5 * size * std::max(1.0, std::fabs(line.slope)));
    }
  });
}

TEST(ReadOnnx, ALinearModelOverScaledColumnsMissesNothing) {
  const auto read = read_onnx(fixture("logistic"));
  ASSERT_OK(read);
  const auto& model = std::get<LinkedLinear>(read->model);
  EXPECT_EQ(model.link, Link::Logistic);
  ASSERT_EQ(model.linear.terms.size(), 3U);
  // An imputed value is the center: a row without values is the bias.
  EXPECT_EQ(model.linear.margin(std::vector<float>{kNone, kNone, kNone}), model.linear.bias);
}

TEST(Protobuf, PackedAndSingleValuesAreTheSame) {
  std::string single;
  ByteWriter values;
  for (const std::int64_t each : {0, 1, 127, 128, 300, -1}) {
    values.put_count(static_cast<std::uint64_t>(each));
    single += field(3, each);
  }
  const auto packed = field(3, values.bytes());
  for (const auto& message : {packed, single}) {
    std::vector<std::int64_t> read;
    ProtobufFields fields(message);
    while (fields.next()) fields.append_integers(read);
    EXPECT_OK(fields.finish());
    EXPECT_EQ(read, (std::vector<std::int64_t>{0, 1, 127, 128, 300, -1}));
  }
}

TEST(Protobuf, WhatDoesNotComeOutEvenIsMalformed) {
  std::vector<float> read;
  const auto bytes = field(7, "abcde") + field(7, "abcd");
  ProtobufFields fields(bytes);
  while (fields.next()) fields.append_singles(read);
  EXPECT_EQ(code_of(fields.finish()), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow
