// Training a classifier: from labelled rows and a plan to the artifact that decides. The same data,
// rows and plan give the same bytes, whatever the number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "learn/data_set.h"
#include "learn/training_plan.h"
#include "model/classifier.h"

namespace winnow::learn {

// What of the rows that were given trained.
struct TrainedOn {
  std::uint64_t rows = 0, malicious = 0;  // those that the sampling kept
  std::uint64_t given = 0;                // unwanted ones too
};

struct Trained {
  Classifier classifier;
  TrainedOn on;
  // What calibration was fitted on, for whoever chooses operating points: the sampled rows, and the
  // blended margin of each by models that saw neither it nor its group. Empty without calibration.
  std::vector<std::uint32_t> rows;
  std::vector<double> out_of_fold_margins;
};

inline constexpr std::string_view kTextColumn = "text_log_odds";

// Trains on those of `rows` that the plan's sampling keeps. Where the data has no text, or the plan
// no use for it, the classifier has no text model. Errors: InvalidArgument (one class only, a plan
// out of range), Unavailable.
Result<Trained> train_classifier(const DataSet& data, std::span<const std::uint32_t> rows,
                                 const TrainingPlan& plan, unsigned threads, Progress& progress);

// The calibrated probability of each of `rows`. The classifier's columns are found by name: it may
// be one that was trained elsewhere, on some of them. Errors: InvalidArgument (the data has no such
// column, or text of another width).
Result<std::vector<double>> probabilities_of(const Classifier& classifier, const DataSet& data,
                                             std::span<const std::uint32_t> rows);

}  // namespace winnow::learn
