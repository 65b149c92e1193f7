#include "learn/evaluation.h"

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "learn/baseline.h"
#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::all_rows;
using testing::learnable_rows;
using testing::made;
using testing::made_shape;
using winnow::testing::code_of;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

TEST(Baseline, IsWhatScikitLearnComputes) {
  // TfidfTransformer() and LogisticRegression(solver="liblinear") of scikit-learn 1.7 on these
  // rows.
  const std::vector<std::vector<std::uint32_t>> terms = {
      {0, 1, 2}, {0, 1, 3}, {1, 2, 4}, {4, 5, 6}, {3, 5, 6}, {5, 6, 7}, {0, 1}, {5, 6}, {1, 5}, {}};
  std::vector<testing::MadeRow> rows;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    rows.push_back({.day = static_cast<std::int64_t>(i),
                    .label = i < 3 ? Label::Malicious : Label::Benign,
                    .terms = terms[i]});
  }
  const auto data = made(rows, made_shape(1, 8));
  const auto scores = baseline_scores(data, std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5},
                                      std::vector<std::uint32_t>{6, 7, 8, 9});
  ASSERT_OK(scores);
  const std::vector<double> expected = {0.6621211, 0.31657459, 0.50017538, 0.50208874};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR((*scores)[i], expected[i], 0.002);
  EXPECT_EQ(code_of(baseline_scores(data, std::vector<std::uint32_t>{0, 1}, {})),
            Code::InvalidArgument);
}

TEST(Baseline, OfColumnsIsWhatScikitLearnComputes) {
  // StandardScaler(), an indicator of what is missing, and LogisticRegression(solver="liblinear")
  // of scikit-learn 1.2 on these rows. The third column never varies where it trains.
  const std::vector<std::vector<float>> values = {
      {0, 1, 5},         {1, kMissing, 5}, {2, 3, 5},          {3, kMissing, 5}, {4, 2, 5},
      {10, kMissing, 5}, {5, 7, 5},        {2.5, kMissing, 5}, {-20, 4, 1e9F}};
  const std::vector<std::uint8_t> malicious = {0, 1, 0, 1, 1, 0, 0, 0, 0};
  std::vector<testing::MadeRow> rows;
  for (std::size_t i = 0; i < values.size(); ++i) {
    rows.push_back({.day = static_cast<std::int64_t>(i),
                    .label = malicious[i] != 0 ? Label::Malicious : Label::Benign,
                    .values = values[i]});
  }
  const auto data = made(rows, made_shape(3, 0));
  const auto scores = baseline_scores(data, std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5},
                                      std::vector<std::uint32_t>{6, 7, 8});
  ASSERT_OK(scores);
  const std::vector<double> expected = {0.48188592, 0.58650777, 0.89113057};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR((*scores)[i], expected[i], 0.002);
}

TEST(AreaUnderTime, IsTheMeanTrapezoid) {
  EXPECT_EQ(area_under_time(std::vector<double>{1, 1, 1}), 1);
  EXPECT_NEAR(area_under_time(std::vector<double>{1, 0.5, 0}), 0.5, 1e-12);
  EXPECT_NEAR(area_under_time(std::vector<double>{0.8, kNone, 0.4}), 0.6, 1e-12);
  EXPECT_EQ(area_under_time(std::vector<double>{0.7}), 0.7);
  EXPECT_TRUE(std::isnan(area_under_time({})));
}

TEST(Months, CountWhatLiesInThem) {
  const auto data = made({{.day = 0, .label = Label::Malicious},
                          {.day = 30},
                          {.day = 31},
                          {.day = 40, .label = Label::Malicious}});
  const auto months = months_of(data, {{0, 1, 2, 3}, {0.9, 0.1, 0.8, 0.7}}, 0.5);
  ASSERT_EQ(months.size(), 2U);
  EXPECT_EQ(months[0].month, "1970-01");
  EXPECT_EQ(months[0].f1, 1);
  EXPECT_EQ(months[1].rows, 2U);
  EXPECT_NEAR(months[1].f1, 2.0 / 3, 1e-12);
  EXPECT_NEAR(months[1].average_precision, 0.5, 1e-12);
}

TEST(Slices, PartTheRowsAndTellEachTheOverallThreshold) {
  Rng rng(1);
  const auto data = made(learnable_rows(rng, 300, 800), made_shape(3, 4000));
  ScoredRows scored{all_rows(data), {}};
  for (std::size_t i = 0; i < data.size(); ++i) scored.scores.push_back(rng.unit());
  const auto slices =
      slices_of(data, scored, 0.5, std::vector<std::string>{"column 2", "no such column"});
  std::map<std::string, std::uint64_t> rows;
  for (const auto& slice : slices) rows[slice.name.substr(0, slice.name.find(':'))] += slice.rows;
  EXPECT_EQ(rows, (std::map<std::string, std::uint64_t>{
                      {"source", 300}, {"year", 300}, {"column 2", 300}}));
  for (const auto& slice : slices) {
    if (slice.name.starts_with("source: bad")) {
      EXPECT_TRUE(std::isnan(slice.false_positive_rate));
      EXPECT_NEAR(slice.recall, 0.5, 0.25);
    }
  }
}

TEST(Figures, HaveIntervalsThatHoldThem) {
  Rng rng(2);
  const auto data = made(learnable_rows(rng, 400), made_shape(3, 4000));
  ScoredRows scored{all_rows(data), {}};
  for (const auto row : scored.rows)
    scored.scores.push_back(1 / (1 + std::exp(-data.values(row)[0])));
  const auto figures = figures_of(data, scored, {});
  for (const auto& e :
       {figures.average_precision, figures.roc_auc, figures.recall_at_fpr_1_percent}) {
    EXPECT_LE(e.interval.low, e.value + 0.02);
    EXPECT_GE(e.interval.high, e.value - 0.02);
    EXPECT_LT(e.interval.high - e.interval.low, 0.6);
  }
  EXPECT_GT(figures.roc_auc.value, 0.75);
  EXPECT_TRUE(std::isnan(figures_of(data, scored, {.draws = 0}).roc_auc.interval.low));
  EXPECT_EQ(text_of({0.5, {0.25, 0.75}}), "0.500 (0.250-0.750)");
  EXPECT_EQ(text_of({kNone, {kNone, kNone}}), "-");
}

std::vector<testing::MadeRow> clean_rows(std::size_t count) {
  Rng rng(3);
  return learnable_rows(rng, count, 300);
}
Split late_half(const DataSet& data) {
  return split_at(data, Timestamp::from_seconds(180 * 86400), {}).value();
}

TEST(LeakProbes, AreQuietOnCleanData) {
  const auto data = made(clean_rows(900), made_shape(3, 4000));
  const auto probes = probe_leaks(data, late_half(data), {});
  ASSERT_OK(probes);
  EXPECT_TRUE(probes->warnings().empty()) << probes->warnings().front();
  EXPECT_NEAR(probes->shuffled_labels, probes->prevalence, 0.12);
  EXPECT_NEAR(probes->identifiers_only, probes->prevalence, 0.12);
  EXPECT_NEAR(probes->missing_only, probes->prevalence, 0.12);
  EXPECT_GT(probes->shuffled_time, 0.7);
  ASSERT_EQ(probes->sources.size(), 6U);
  for (const auto& source : probes->sources) EXPECT_NEAR(source.auc, 0.5, 0.2) << source.source;
}

TEST(LeakProbes, NameALabelThatMissingValuesTell) {
  auto rows = clean_rows(900);
  for (auto& row : rows) row.values[2] = row.label == Label::Malicious ? std::nanf("") : 0.5F;
  const auto data = made(rows, made_shape(3, 4000));
  const auto probes = probe_leaks(data, late_half(data), {});
  ASSERT_OK(probes);
  EXPECT_GT(probes->missing_only, 0.99);
  ASSERT_FALSE(probes->warnings().empty());
  EXPECT_NE(probes->text().find("warning: missing values alone"), std::string::npos);
}

TEST(LeakProbes, NameSourcesThatFeaturesTell) {
  auto rows = clean_rows(900);
  for (auto& row : rows) row.values[1] = static_cast<float>(row.source.back());
  const auto data = made(rows, made_shape(3, 4000));
  const auto sources = probe_sources(data, {});
  ASSERT_OK(sources);
  for (const auto& source : *sources) EXPECT_GT(source.auc, 0.95);
}

EvaluationOptions quick_options() {
  EvaluationOptions options;
  options.figures.draws = 20;
  options.probes.trees = 10;
  options.probes.shuffles = 1;
  options.slice_columns = {"column 2"};
  return options;
}
TrainingPlan quick_plan() {
  TrainingPlan plan;
  plan.forest.trees = 15;
  plan.folds = 2;
  return plan;
}

TEST(Evaluation, ProbesFirstThenFiguresBesideTheBaseline) {
  auto rows = clean_rows(700);
  rows[5].label = Label::Unwanted;
  const auto data = made(rows, made_shape(3, 4000));
  const auto splits = expanding_windows(data, {3, 0.4, {}});
  ASSERT_OK(splits);
  NoProgress quiet;
  const auto report = evaluate(data, *splits, quick_plan(), quick_options(), quiet);
  ASSERT_OK(report);
  EXPECT_EQ(report->splits.size(), 3U);
  std::uint64_t tested = 0;
  for (const auto& split : report->splits) tested += split.model.rows;
  EXPECT_EQ(report->model.rows, tested);
  EXPECT_EQ(report->baseline.rows, tested);
  EXPECT_GT(report->model.average_precision.value, 0.8);
  EXPECT_EQ(report->months.size(), report->months_frozen.size());
  EXPECT_GT(report->at_operating_point.recall, 0.5);
  const auto text = report->text();
  EXPECT_LT(text.find("leak probes"), text.find("figures"));
  EXPECT_NE(text.find("baseline"), std::string::npos);
  EXPECT_EQ(report->json()["schema"].as_string(), "winnow.evaluation/1");
  EXPECT_TRUE(to_canonical(report->json()).has_value());
}

TEST(Evaluation, WithoutTextTheBaselineReadsTheColumns) {
  auto rows = clean_rows(700);
  for (auto& row : rows) row.terms.clear();
  const auto data = made(rows, made_shape(3, 0));
  NoProgress quiet;
  const auto report =
      evaluate(data, std::vector<Split>{late_half(data)}, quick_plan(), quick_options(), quiet);
  ASSERT_OK(report);
  EXPECT_GT(report->baseline.roc_auc.value, 0.8);
}

TEST(Evaluation, SaysWhenNoThresholdFitsTheDay) {
  const auto data = made(clean_rows(400), made_shape(3, 4000));
  auto options = quick_options();
  options.capacity = {.alerts_per_day = 0.001, .events_per_day = 1e6, .prevalence = 0.001};
  NoProgress quiet;
  const auto report =
      evaluate(data, std::vector<Split>{late_half(data)}, quick_plan(), options, quiet);
  ASSERT_OK(report);
  EXPECT_NE(report->text().find("operating point: none"), std::string::npos);
  EXPECT_EQ(report->text().find("inf"), std::string::npos);
}

TEST(Evaluation, SaysWhenMoreIsExpectedThanCanBeRead) {
  const auto data = made(clean_rows(700), made_shape(3, 4000));
  auto options = quick_options();
  NoProgress quiet;
  const auto text_with = [&](const Capacity& capacity) {
    options.capacity = capacity;
    return evaluate(data, std::vector<Split>{late_half(data)}, quick_plan(), options, quiet)
        .value()
        .text();
  };
  const auto much = text_with({.alerts_per_day = 50, .events_per_day = 1000, .prevalence = 0.2});
  EXPECT_NE(much.find("if 1000 events come a day, 200 of them malicious"), std::string::npos);
  EXPECT_NE(much.find("reading the 50 highest of each day"), std::string::npos);
  EXPECT_NE(much.find("no threshold can tell more than 25 %"), std::string::npos);
  const auto little = text_with({.alerts_per_day = 50, .events_per_day = 1000, .prevalence = 0.01});
  EXPECT_EQ(little.find("no threshold can tell"), std::string::npos);
}

TEST(Evaluation, WarnsWhereTheBaselineIsSurelyBetter) {
  EvaluationReport report;
  const auto text_with = [&](Interval model) {
    report.model.average_precision = {0.3, model};
    report.baseline.average_precision = {0.6, {0.5, 0.7}};
    return report.text();
  };
  EXPECT_NE(text_with({0.2, 0.4}).find("ranks worse than the plain baseline"), std::string::npos);
  EXPECT_EQ(text_with({0.2, 0.55}).find("ranks worse"), std::string::npos) << "it may be luck";
  EXPECT_EQ(text_with({std::nan(""), std::nan("")}).find("ranks worse"), std::string::npos);
}

TEST(Evaluation, MeasuresWhatADayHasRoomFor) {
  const auto data = made(clean_rows(700), made_shape(3, 4000));
  auto options = quick_options();
  NoProgress quiet;
  const auto recall_with = [&](double alerts_per_day) {
    options.capacity.alerts_per_day = alerts_per_day;
    const auto report =
        evaluate(data, std::vector<Split>{late_half(data)}, quick_plan(), options, quiet).value();
    EXPECT_EQ(report.splits.front().model.recall_at_daily_alerts.value,
              report.model.recall_at_daily_alerts.value);
    return report.model.recall_at_daily_alerts.value;
  };
  EXPECT_EQ(recall_with(100), 1) << "everything is read";
  EXPECT_LT(recall_with(1), 0.95);
}

TEST(Evaluation, RepeatsExactly) {
  const auto data = made(clean_rows(400), made_shape(3, 4000));
  const std::vector<Split> splits = {late_half(data)};
  NoProgress quiet;
  const auto once = [&] {
    return to_canonical(evaluate(data, splits, quick_plan(), quick_options(), quiet).value().json())
        .value();
  };
  EXPECT_EQ(once(), once());
}

TEST(Evaluation, NeedsSplitsAndACalibration) {
  const auto data = made(clean_rows(100), made_shape(3, 4000));
  NoProgress quiet;
  EXPECT_EQ(code_of(evaluate(data, {}, quick_plan(), {}, quiet)), Code::InvalidArgument);
  auto plan = quick_plan();
  plan.calibration = CalibrationCurve::None;
  EXPECT_EQ(code_of(evaluate(data, std::vector<Split>{late_half(data)}, plan, {}, quiet)),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
