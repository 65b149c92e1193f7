// An evaluation: train on what a split gives, score what it holds back, and say what that shows,
// with the leak probes first and the plain baseline beside. docs/evaluation.md explains every
// number.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"
#include "learn/data_set.h"
#include "learn/figures.h"
#include "learn/leak_probes.h"
#include "learn/operating_point.h"
#include "learn/over_time.h"
#include "learn/splits.h"
#include "learn/training_plan.h"

namespace winnow::learn {

struct EvaluationOptions {
  FigureOptions figures;
  ProbeOptions probes;
  Costs costs;
  Capacity capacity;
  std::vector<std::string> slice_columns;  // columns to slice by, besides source and year
  unsigned threads = 1;
};

// One split, evaluated.
struct SplitFigures {
  std::string name;
  std::uint64_t train_rows = 0, purged = 0;
  Figures model, baseline;
  Json json() const;
};

struct EvaluationReport {
  LeakProbes probes;  // of the last split
  std::vector<SplitFigures> splits;
  // All splits together: each row scored by the model that did not train on it.
  Figures model, baseline;
  // Chosen on out-of-fold scores of the last training, and what it did to the last test.
  OperatingPoint operating_point;
  Capacity capacity;  // that it had to fit; for text() alone
  SliceFigures at_operating_point;
  double threshold = 0;  // of the slices: 1 % false positives over all
  std::vector<SliceFigures> slices;
  std::vector<MonthFigures> months;         // every window by a model trained just before it
  std::vector<MonthFigures> months_frozen;  // all by the first window's model, never trained again
  double aut_average_precision = 0, aut_f1 = 0;
  double aut_average_precision_frozen = 0, aut_f1_frozen = 0;

  Json json() const;         // "winnow.evaluation/1"
  std::string text() const;  // tables for people, probes first
};

// `splits` in order of time where time orders them; each row is tested at most once. The plan needs
// a calibration curve. Errors: InvalidArgument (no splits, a plan without calibration), those of
// training.
Result<EvaluationReport> evaluate(const DataSet& data, std::span<const Split> splits,
                                  const TrainingPlan& plan, const EvaluationOptions& options,
                                  Progress& progress);

// One cell of a matrix: figures of the model and the baseline on one split, nothing else.
Result<SplitFigures> evaluate_split(const DataSet& data, const Split& split,
                                    const TrainingPlan& plan, const FigureOptions& options,
                                    unsigned threads, Progress& progress);

}  // namespace winnow::learn
