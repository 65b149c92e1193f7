#include "learn/trainer.h"

#include <cmath>
#include <numeric>

#include "learn/calibration.h"
#include "learn/ranking.h"
#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::all_rows;
using testing::learnable_rows;
using testing::made;
using testing::made_shape;
using winnow::testing::code_of;

TrainingPlan quick_plan() {
  TrainingPlan plan;
  plan.forest.trees = 20;
  plan.forest.depth = 3;
  plan.dropout = {1, 0.5, {{"view 2"}}};
  plan.folds = 3;
  return plan;
}

DataSet learnable(std::size_t rows, std::uint64_t seed = 1) {
  Rng rng(seed);
  return made(learnable_rows(rng, rows), made_shape(3, 4000));
}

double auc_of(const DataSet& data, std::span<const double> scores,
              std::span<const std::uint32_t> rows) {
  return Ranking(scores, truth_of(data, rows)).roc_auc();
}

TEST(Trainer, SameInputsSameBytes) {
  const auto data = learnable(500);
  NoProgress quiet;
  for (const bool stack : {false, true}) {
    auto plan = quick_plan();
    plan.stack_text = stack;
    const auto bytes = [&] {
      return train_classifier(data, all_rows(data), plan, 1, quiet).value().classifier.to_bytes();
    };
    const auto one = bytes();
    EXPECT_TRUE(one == bytes());
    plan.seed = 2;
    EXPECT_FALSE(one == bytes());
  }
}

TEST(Trainer, SameBytesOnAnyNumberOfThreads) {
  const auto data = learnable(300);
  NoProgress quiet;
  auto plan = quick_plan();
  plan.forest.trees = 5;  // few: OpenMP's threads wait busily for one another where cores are taken
  plan.folds = 2;
  const auto bytes = [&](unsigned threads) {
    return train_classifier(data, all_rows(data), plan, threads, quiet)
        .value()
        .classifier.to_bytes();
  };
  EXPECT_TRUE(bytes(1) == bytes(2));
}

TEST(Trainer, LearnsFromValuesAndText) {
  const auto train = learnable(900, 1), test = learnable(400, 2);
  NoProgress quiet;
  const auto auc = [&](const TrainingPlan& plan) {
    const auto trained = train_classifier(train, all_rows(train), plan, 1, quiet);
    return auc_of(test, probabilities_of(trained.value().classifier, test, all_rows(test)).value(),
                  all_rows(test));
  };
  auto plan = quick_plan();
  const double both = auc(plan);
  plan.stack_text = true;
  const double stacked = auc(plan);
  plan = quick_plan();
  plan.text_share = 0;
  const double values = auc(plan);
  EXPECT_GT(values, 0.8);
  EXPECT_GT(both, values + 0.03);
  EXPECT_GT(stacked, values + 0.03);
}

// Before calibration, of rows that have the columns of the classifier in their order.
std::vector<double> margins_of(const Classifier& classifier, const DataSet& data) {
  std::vector<double> margins;
  std::vector<float> scratch;
  for (std::uint32_t i = 0; i < data.size(); ++i) {
    const auto values = data.values(i);
    std::vector<float> row(values.begin(), values.end());
    row.push_back(classifier.text_log_odds(data.terms(i, scratch)));
    float margin = 0;
    classifier.margins(MatrixView{row.data(), 1, row.size()}, {&margin, 1});
    margins.push_back(margin);
  }
  return margins;
}

TEST(Trainer, CalibrationNeverSeesTrainingScores) {
  // Labels are noise, so honest scores know nothing, however well the model fits its own rows.
  Rng rng(5);
  auto rows = learnable_rows(rng, 600);
  for (auto& row : rows) row.label = rng.chance(0.5) ? Label::Malicious : Label::Benign;
  const auto data = made(rows, made_shape(3, 4000));
  NoProgress quiet;
  auto plan = quick_plan();
  plan.fold_by = FoldBy::Group;
  plan.forest.depth = 6;
  plan.forest.min_leaf_weight = 0;
  plan.text.cost = 100;
  const auto trained = train_classifier(data, all_rows(data), plan, 1, quiet);
  ASSERT_OK(trained);
  EXPECT_NEAR(auc_of(data, trained->out_of_fold_margins, trained->rows), 0.5, 0.08);
  const auto in_sample = margins_of(trained->classifier, data);
  EXPECT_GT(auc_of(data, in_sample, all_rows(data)), 0.75) << "the model does fit its own rows";
  for (const double p : probabilities_of(trained->classifier, data, all_rows(data)).value())
    EXPECT_NEAR(p, 0.5, 0.3);
}

TEST(Trainer, ProbabilitiesMeanTheAskedPrevalence) {
  const auto train = learnable(2000, 3), test = learnable(2000, 4);
  NoProgress quiet;
  for (const auto curve : {CalibrationCurve::Platt, CalibrationCurve::Isotonic}) {
    auto plan = quick_plan();
    plan.calibration = curve;
    plan.text_share = 0;  // values alone leave doubt, which is what a prevalence acts on
    auto trained = train_classifier(train, all_rows(train), plan, 1, quiet);
    ASSERT_OK(trained);
    const auto natural = probabilities_of(trained->classifier, test, all_rows(test)).value();
    EXPECT_LT(expected_calibration_error(natural, truth_of(test, all_rows(test))), 0.08)
        << name_of(curve);
    plan.prevalence = 0.01;
    trained = train_classifier(train, all_rows(train), plan, 1, quiet);
    ASSERT_OK(trained);
    const auto rare = probabilities_of(trained->classifier, test, all_rows(test)).value();
    EXPECT_LT(std::accumulate(rare.begin(), rare.end(), 0.0),
              0.4 * std::accumulate(natural.begin(), natural.end(), 0.0));
  }
}

// One source in which one row in forty is malicious, and what its values say leaves doubt.
DataSet rare(std::uint64_t seed) {
  Rng rng(seed);
  std::vector<testing::MadeRow> rows;
  for (int i = 0; i < 8000; ++i) {
    const bool malicious = rng.chance(0.025);
    const auto value = [&](double shift) {
      return static_cast<float>(rng.normal() + (malicious ? shift : 0));
    };
    rows.push_back({.day = i,
                    .label = malicious ? Label::Malicious : Label::Benign,
                    .values = {value(1.5), value(1), value(0)}});
  }
  return made(rows, made_shape(3, 0));
}

TEST(Trainer, FewBenignRowsKeptMoveNoProbability) {
  const auto train = rare(8), test = rare(9);
  const auto truth = truth_of(test, all_rows(test));
  const double malicious = std::accumulate(truth.begin(), truth.end(), 0.0);
  NoProgress quiet;
  for (const auto curve : {CalibrationCurve::Platt, CalibrationCurve::Isotonic}) {
    auto plan = quick_plan();
    plan.calibration = curve;
    plan.sampling.rows_of_a_source = 500;
    const auto trained = train_classifier(train, all_rows(train), plan, 1, quiet);
    ASSERT_OK(trained);
    const auto all_malicious = truth_of(train, all_rows(train));
    EXPECT_EQ(trained->on.malicious, std::count(all_malicious.begin(), all_malicious.end(), 1));
    EXPECT_EQ(trained->on.rows, trained->on.malicious + 500);
    EXPECT_EQ(trained->on.given, 8000U);
    const auto told = probabilities_of(trained->classifier, test, all_rows(test)).value();
    EXPECT_NEAR(std::accumulate(told.begin(), told.end(), 0.0), malicious, 0.25 * malicious)
        << name_of(curve);
    EXPECT_LT(expected_calibration_error(told, truth), 0.01) << name_of(curve);
  }
}

TEST(Trainer, WorksWithoutText) {
  Rng rng(6);
  auto rows = learnable_rows(rng, 300);
  for (auto& row : rows) row.terms.clear();
  const auto data = made(rows, made_shape(3, 0));
  NoProgress quiet;
  const auto trained = train_classifier(data, all_rows(data), quick_plan(), 1, quiet);
  ASSERT_OK(trained);
  EXPECT_FALSE(trained->classifier.text().has_value());
  EXPECT_GT(auc_of(data, probabilities_of(trained->classifier, data, all_rows(data)).value(),
                   all_rows(data)),
            0.8);
}

TEST(Trainer, NeedsBothClasses) {
  const auto data = made({{}, {.day = 1}, {.day = 2}});
  NoProgress quiet;
  EXPECT_EQ(code_of(train_classifier(data, all_rows(data), quick_plan(), 1, quiet)),
            Code::InvalidArgument);
}

TEST(TrainingPlan, ReadsWhatItWrote) {
  auto plan = quick_plan();
  plan.stack_text = true;
  plan.fold_by = FoldBy::Time;
  plan.calibration = CalibrationCurve::Isotonic;
  plan.prevalence = 0.02;
  plan.sampling.unwanted_weight = 0.25;
  const auto again = TrainingPlan::from_json(plan.json());
  ASSERT_OK(again);
  EXPECT_EQ(to_canonical(again->json()).value(), to_canonical(plan.json()).value());
}

TEST(TrainingPlan, RefusesWhatCannotBeTrained) {
  const auto with = [](std::string key, Json value) {
    auto json = TrainingPlan().json();
    json.set(std::move(key), std::move(value));
    return code_of(TrainingPlan::from_json(json));
  };
  EXPECT_EQ(with("seed", 3), std::nullopt);
  EXPECT_EQ(with("text_share", 1.0), Code::InvalidArgument);
  EXPECT_EQ(with("folds", 1), Code::InvalidArgument);
  EXPECT_EQ(with("fold_by", "moon"), Code::InvalidArgument);
  EXPECT_EQ(with("calibration", 3), Code::InvalidArgument);
  EXPECT_EQ(with("prevalence", -0.1), Code::InvalidArgument);
  EXPECT_EQ(with("forest", Json::object({{"trees", 0}})), Code::InvalidArgument);
  EXPECT_EQ(with("sampling", nullptr), Code::InvalidArgument);
}

// A classifier that was trained elsewhere takes some of the columns, in an order of its own.
TEST(Trainer, ScoresFindTheirColumnsByName) {
  const auto data = learnable(200);
  NoProgress quiet;
  const auto trained = train_classifier(data, all_rows(data), quick_plan(), 1, quiet);
  ASSERT_OK(trained);
  const auto wanted = probabilities_of(trained->classifier, data, all_rows(data)).value();

  auto shape = data.shape();
  const std::vector<std::size_t> order = {2, 0, 1};
  for (std::size_t i = 0; i < order.size(); ++i) shape.columns[i] = data.shape().columns[order[i]];
  shape.columns.insert(shape.columns.begin(), {"another", "view 0", 0});
  const auto with_shape = [&](const DataShape& other, const std::vector<std::size_t>& places) {
    auto builder = DataSetBuilder::start(other).value();
    for (std::uint32_t row = 0; row < data.size(); ++row) {
      std::vector<float> values, scratch;
      for (const auto place : places)
        values.push_back(place == 99 ? 7.0F : data.values(row)[place]);
      EXPECT_OK(builder.add({data.raw(row), data.time(row), "a", data.label(row), 1.0F, values,
                             data.terms(row, scratch)}));
    }
    return std::move(builder).finish(DataSetBuilder::Copies::LikeTexts).value();
  };
  const auto shuffled = with_shape(shape, {99, 2, 0, 1});
  EXPECT_EQ(probabilities_of(trained->classifier, shuffled, all_rows(shuffled)).value(), wanted);

  auto fewer = data.shape();
  fewer.columns.pop_back();
  const auto without = with_shape(fewer, {0, 1});
  EXPECT_EQ(code_of(probabilities_of(trained->classifier, without, all_rows(without))),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
