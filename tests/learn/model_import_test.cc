// Foreign models: every column finds its feature or is named, and the forest says what it said.
#include "learn/model_import.h"

#include <bit>
#include <limits>

#include "learn/detail/foreign_columns.h"
#include "learn/detail/foreign_model.h"
#include "model/classifier.h"
#include "tests/model/random_forest.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::code_of;
using testing::for_each_seed;

constexpr std::string_view kFeatures = R"yaml(
schema: winnow.feature_set/1
name: small
attributes: {subject: text email.subject}
groups: {text: {title: Text, missing: nothing is known}}
features:
  - {name: link_count, group: text, unit: count, meaning: Links., value: length(subject), high: many, low: few}
  - {name: subject_length, group: text, unit: count, meaning: Length., value: length(subject), high: many, low: few}
)yaml";

FeatureSet small_features() {
  const winnow::testing::TemporaryFolder folder;
  EXPECT_OK(write_atomically(folder / "set.yaml", kFeatures));
  auto features = FeatureSet::compile(folder / "set.yaml");
  EXPECT_OK(features);
  return std::move(features).value();
}

Forest forest_with(std::vector<std::string> columns) {
  Forest forest;
  forest.features = static_cast<std::uint32_t>(columns.size());
  forest.feature_names = std::move(columns);
  forest.base_scores = {0};
  return forest;
}

std::vector<std::string> columns_of(const Forest& forest) {
  const auto read = read_foreign_model(to_bytes(forest), ModelFormat::Any);
  EXPECT_OK(read);
  return read->columns;
}

Result<TakenColumns> take(const Forest& forest, std::string_view mapping) {
  const auto yaml = Yaml::parse(mapping, "columns.yaml");
  EXPECT_OK(yaml);
  auto compiled = ColumnMapping::compile(*yaml);
  if (!compiled) return compiled.error();
  return take_columns(columns_of(forest), *compiled, small_features());
}

std::string refusal(const Forest& forest, std::string_view mapping) {
  const auto taken = take(forest, mapping);
  EXPECT_EQ(code_of(taken), Code::InvalidArgument);
  return taken ? "" : taken.error().message();
}

TEST(ColumnMapping, ColumnsTakeTheFeatureOfTheirNameOrTheOneTheyAreGiven) {
  const auto taken = take(forest_with({"urls", "subject_length", "age", "links"}),
                          "{urls: link_count, age: missing, links: link_count}");
  ASSERT_OK(taken);
  EXPECT_EQ(taken->features, (std::vector<std::string>{"link_count", "subject_length"}));
  EXPECT_EQ(taken->columns, (std::vector<std::uint32_t>{0, 1, kNoColumn, 0}));
  EXPECT_EQ(
      to_text(taken->mapping),
      R"({"urls":"link_count","subject_length":"subject_length","age":"missing","links":"link_count"})");
}

TEST(ColumnMapping, AListGoesByPositionAlsoWhereTheFileNamesNoColumns) {
  Forest forest = forest_with({});
  forest.features = 2;
  const auto listed = take(forest, "[subject_length, missing]");
  ASSERT_OK(listed);
  EXPECT_EQ(listed->features, std::vector<std::string>{"subject_length"});
  const auto by_name = take(forest, "{f0: link_count, f1: subject_length}");
  ASSERT_OK(by_name);
  EXPECT_EQ(by_name->features, (std::vector<std::string>{"link_count", "subject_length"}));
}

TEST(ColumnMapping, RefusalsNameAllThatIsWrong) {
  const auto forest = forest_with({"link_cuont", "vt_score", "subject_length"});
  EXPECT_EQ(refusal(forest, "{}"),
            "2 of the model's 3 columns are no features of 'small': 'link_cuont' (link_count?), "
            "'vt_score'");
  EXPECT_EQ(refusal(forest, "{vt_scor: missing}"),
            "the mapping names columns that the model does not have: 'vt_scor' (vt_score?)");
  EXPECT_EQ(refusal(forest, "[link_count]"),
            "the model has 3 columns, the list names the features of 1");
  EXPECT_EQ(refusal(forest, "{link_cuont: missing, vt_score: missing, subject_length: missing}"),
            "no column of the model takes a feature: it would say the same of every mail");
  EXPECT_EQ(refusal(forest, "link_count"),
            "columns.yaml:1: a mapping is 'COLUMN: FEATURE' a line, or a list of features");
}

TEST(OverColumns, AForestSaysOfItsNewColumnsWhatItSaidOfTheOldOnes) {
  for_each_seed(60, [](Rng& rng) {
    const auto forest = testing::random_forest({.categories = true, .zero_gaps = true}, rng);
    // Each column becomes one of four, or none.
    std::vector<std::uint32_t> columns;
    for (std::uint32_t i = 0; i < forest.features; ++i) {
      const auto column = static_cast<std::uint32_t>(rng.below(5));
      columns.push_back(i == 0 ? 3 : column == 4 ? kNoColumn : column);
    }
    const auto over = over_columns(forest, columns);
    ASSERT_OK(check(over));
    ASSERT_EQ(over.features, 4U);
    const auto rows = testing::random_rows(over, 50, rng);
    for (std::size_t at = 0; at < rows.size(); at += over.features) {
      std::vector<float> old_row(forest.features, std::numeric_limits<float>::quiet_NaN());
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] != kNoColumn) old_row[i] = rows[at + columns[i]];
      }
      float before = 0, after = 0;
      walk_margins(forest, old_row, {&before, 1});
      walk_margins(over, std::span(rows).subspan(at, over.features), {&after, 1});
      EXPECT_EQ(std::bit_cast<std::uint32_t>(before), std::bit_cast<std::uint32_t>(after));
    }
  });
}

TEST(OverColumns, CoversStaySharesOfWhatComesBy) {
  for_each_seed(30, [](Rng& rng) {
    auto forest = testing::random_forest({}, rng);
    std::vector<std::uint32_t> columns(forest.features, 0);
    columns[1] = columns[2] = kNoColumn;
    const auto share_below = [](const Tree& tree) {
      // Of the root's cover, what arrives at the leaves.
      double leaves = 0;
      for (const auto& node : tree.nodes) {
        if (node.kind == TreeNode::Kind::Leaf) leaves += static_cast<double>(node.cover);
      }
      return leaves / static_cast<double>(tree.nodes.front().cover);
    };
    for (const auto& tree : over_columns(forest, columns).trees) {
      EXPECT_NEAR(share_below(tree), 1, 1e-3);
    }
  });
}

// --- whole imports, of files that skl2onnx wrote and of forests in Winnow's own form

class Imports : public ::testing::Test {
 protected:
  Result<winnow::Run> import(std::string_view file, std::string_view mapping,
                             ModelFormat format = ModelFormat::Any) {
    const auto yaml = Yaml::parse(mapping, "columns.yaml");
    EXPECT_OK(yaml);
    const auto features = small_features();
    const auto feature_set = registry_->add(
        {ArtifactKind::FeatureSet, "mail", features.canonical(), "application/json"}, "ada");
    EXPECT_OK(feature_set);
    return import_model(*registry_, file, format, ColumnMapping::compile(*yaml).value(),
                        Domain::Mail, features, feature_set->ref(), {"ada", "test", {}, 1});
  }
  static std::string onnx(std::string_view name) {
    return read_file(winnow::testing::source_folder() / "tests/fuzz/corpus/model_onnx" / name,
                     1UL << 20)
        .value();
  }
  std::string bytes_of(const winnow::Run& run) {
    return registry_->read(run.outputs.front().digest).value();
  }

  winnow::testing::TemporaryFolder folder_;
  FixedClock clock_{Timestamp::from_seconds(1'700'000'000)};
  std::unique_ptr<Registry> registry_ =
      Registry::open(folder_ / "data", clock_, Access::ReadWrite).value();
};

constexpr std::string_view kTwoOfThree = "[link_count, subject_length, missing]";

TEST_F(Imports, AForestOfProbabilitiesKeepsThem) {
  const auto run = import(onnx("random_forest.onnx"), kTwoOfThree);
  ASSERT_OK(run);
  EXPECT_EQ(run->parameters["format"].as_string(), "onnx");
  EXPECT_EQ(run->parameters["model"].as_string(), kForestModel);
  EXPECT_EQ(run->actor, "ada");
  EXPECT_EQ(registry_->artifact(run->outputs.front().digest)->run, run->id);
  const auto model = Classifier::from_bytes(bytes_of(*run));
  ASSERT_OK(model);
  const auto forest = std::get<Forest>(read_onnx(onnx("random_forest.onnx"))->model);
  const float row[] = {0.5F, -1.25F, std::numeric_limits<float>::quiet_NaN()};
  float want = 0, got = 0;
  walk_margins(forest, row, {&want, 1});
  model->score({row, 1, 2}, {&got, 1});
  EXPECT_FLOAT_EQ(got, want);
}

TEST_F(Imports, ALinearModelMissesWhatItsColumnsMiss) {
  const auto run = import(onnx("logistic.onnx"), kTwoOfThree, ModelFormat::Onnx);
  ASSERT_OK(run);
  EXPECT_EQ(run->parameters["model"].as_string(), kLinearModel);
  const auto model = Classifier::from_bytes(bytes_of(*run));
  ASSERT_OK(model);
  const auto linear = std::get<LinkedLinear>(read_onnx(onnx("logistic.onnx"))->model).linear;
  const float row[] = {0.5F, -1.25F, std::numeric_limits<float>::quiet_NaN()};
  float margin = 0;
  model->margins({row, 1, 2}, {&margin, 1});
  EXPECT_FLOAT_EQ(margin, static_cast<float>(linear.margin(row)));
}

TEST_F(Imports, AnIsolationForestTellsNoveltyAndNeedsAllItsColumns) {
  EXPECT_EQ(code_of(import(onnx("isolation.onnx"), kTwoOfThree)), Code::InvalidArgument);
  EXPECT_EQ(code_of(import(onnx("isolation.onnx"), "[link_count, subject_length, link_count]")),
            Code::InvalidArgument);
  const auto trees = std::get<IsolationTrees>(read_onnx(onnx("isolation.onnx"))->model);
  const auto over = over_columns(trees, {{"c", "a", "b"}, {2, 0, 1}, Json::object()});
  ASSERT_OK(over);
  const float before[] = {0.5F, -1.25F, 2}, after[] = {-1.25F, 2, 0.5F};
  float want = 0, got = 0;
  IsolationForest::create(trees).value().score({before, 1, 3}, {&want, 1});
  IsolationForest::create(*over).value().score({after, 1, 3}, {&got, 1});
  EXPECT_EQ(got, want);
}

TEST_F(Imports, WhatGivesNoProbabilityIsRefusedAndOnRecord) {
  for (const auto* file : {"regression.onnx", "three_classes.onnx"}) {
    const auto refused = import(onnx(file), kTwoOfThree);
    EXPECT_EQ(code_of(refused), Code::Unsupported) << file;
    EXPECT_EQ(registry_->runs({"model_import", "", 1})->front().status, RunStatus::Failed);
  }
  EXPECT_EQ(code_of(import(onnx("logistic.onnx"), kTwoOfThree, ModelFormat::Lightgbm)),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
