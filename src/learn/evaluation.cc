#include "learn/evaluation.h"

#include <optional>

#include "learn/baseline.h"
#include "learn/ranking.h"
#include "learn/trainer.h"

namespace winnow::learn {
namespace {

struct Scored {
  ScoredRows model, baseline;
};

// Scores of the rows that the split tests, without the unwanted ones.
Result<Scored> score(const DataSet& data, const Split& split, const Classifier& classifier) {
  Scored out;
  out.model.rows = without_unwanted(data, split.test);
  WINNOW_TRY(out.model.scores, probabilities_of(classifier, data, out.model.rows));
  out.baseline.rows = out.model.rows;
  WINNOW_TRY(out.baseline.scores,
             baseline_scores(data, without_unwanted(data, split.train), out.baseline.rows));
  return out;
}

SplitFigures figures_of_split(const DataSet& data, const Split& split, const Scored& scored,
                              FigureOptions options) {
  options.curve_points = 0;  // one curve, over all splits, is enough
  return {split.name, split.train.size(), split.purged, figures_of(data, scored.model, options),
          figures_of(data, scored.baseline, options)};
}

Result<OperatingPoint> operating_point_of(const DataSet& data, const Trained& trained,
                                          const EvaluationOptions& options) {
  std::vector<double> probabilities;
  for (const double margin : trained.out_of_fold_margins) {
    probabilities.push_back(
        trained.classifier.calibrator().probability(static_cast<float>(margin)));
  }
  return choose_operating_point(probabilities, truth_of(data, trained.rows), options.costs,
                                options.capacity);
}

// What the chosen thresholds did: recall counts what is an alert or is read, as the choice did.
SliceFigures measured_at(const OperatingPoint& point, const DataSet& data,
                         const ScoredRows& scored) {
  SliceFigures out{"at the operating point", scored.rows.size(), 0, 0, 0, 0};
  const auto truth = truth_of(data, scored.rows);
  double seen = 0, false_alarms = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    out.malicious += truth[i];
    if (truth[i] != 0 && scored.scores[i] >= point.close) seen += 1;
    if (truth[i] == 0 && scored.scores[i] >= point.alert) false_alarms += 1;
  }
  out.average_precision = Ranking(scored.scores, truth).average_precision();
  out.recall = seen / static_cast<double>(out.malicious);
  out.false_positive_rate = false_alarms / static_cast<double>(out.rows - out.malicious);
  return out;
}

struct Areas {
  double average_precision, f1;
};
Areas areas_of(std::span<const MonthFigures> months) {
  std::vector<double> average_precision, f1;
  for (const auto& month : months) {
    average_precision.push_back(month.average_precision);
    f1.push_back(month.f1);
  }
  return {area_under_time(average_precision), area_under_time(f1)};
}

void tell_over_time(const DataSet& data, const ScoredRows& renewed, const ScoredRows& frozen,
                    EvaluationReport& report) {
  report.months = months_of(data, renewed, report.threshold);
  const auto areas = areas_of(report.months);
  report.aut_average_precision = areas.average_precision;
  report.aut_f1 = areas.f1;
  report.months_frozen = months_of(data, frozen, report.threshold);
  const auto frozen_areas = areas_of(report.months_frozen);
  report.aut_average_precision_frozen = frozen_areas.average_precision;
  report.aut_f1_frozen = frozen_areas.f1;
}

}  // namespace

Result<SplitFigures> evaluate_split(const DataSet& data, const Split& split,
                                    const TrainingPlan& plan, const FigureOptions& options,
                                    unsigned threads, Progress& progress) {
  WINNOW_TRY(const auto trained, train_classifier(data, split.train, plan, threads, progress));
  WINNOW_TRY(const auto scored, score(data, split, trained.classifier));
  return figures_of_split(data, split, scored, options);
}

Result<EvaluationReport> evaluate(const DataSet& data, std::span<const Split> splits,
                                  const TrainingPlan& plan, const EvaluationOptions& options,
                                  Progress& progress) {
  if (splits.empty() || plan.calibration == CalibrationCurve::None) {
    return Error(Code::InvalidArgument,
                 "an evaluation needs a split, and a plan with a calibration curve");
  }
  // What a day has room for is what the figures are told for.
  auto figures = options.figures;
  figures.alerts_per_day = options.capacity.alerts_per_day;
  EvaluationReport report;
  progress.stage("probing for leaks", 1);
  WINNOW_TRY(report.probes, probe_leaks(data, splits.back(), options.probes));
  progress.advance(1);

  Scored all;
  ScoredRows frozen;
  std::optional<Classifier> first;
  for (const auto& split : splits) {
    WINNOW_TRY(auto trained, train_classifier(data, split.train, plan, options.threads, progress));
    WINNOW_TRY(const auto scored, score(data, split, trained.classifier));
    report.splits.push_back(figures_of_split(data, split, scored, figures));
    all.model.append(scored.model);
    all.baseline.append(scored.baseline);
    if (&split == &splits.back()) {
      report.capacity = options.capacity;
      WINNOW_TRY(report.operating_point, operating_point_of(data, trained, options));
      report.at_operating_point = measured_at(report.operating_point, data, scored.model);
    }
    if (!first) first = std::move(trained.classifier);
    WINNOW_TRY(auto scores, probabilities_of(*first, data, scored.model.rows));
    frozen.append({scored.model.rows, std::move(scores)});
  }
  report.model = figures_of(data, all.model, figures);
  report.baseline = figures_of(data, all.baseline, figures);
  report.threshold =
      Ranking(all.model.scores, truth_of(data, all.model.rows)).threshold_at_fpr(0.01);
  report.slices = slices_of(data, all.model, report.threshold, options.slice_columns);
  tell_over_time(data, all.model, frozen, report);
  return report;
}

}  // namespace winnow::learn
