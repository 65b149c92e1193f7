// The numbers of an evaluation, each with how far it could be off. docs/evaluation.md says what
// they mean and what they cannot claim.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "learn/bootstrap.h"
#include "learn/curve.h"
#include "learn/data_set.h"

namespace winnow::learn {

// Rows of a data set with what a model said of them. Unwanted rows are neither right nor wrong, so
// they do not belong here.
struct ScoredRows {
  std::vector<std::uint32_t> rows;
  std::vector<double> scores;  // probabilities; one for each of rows

  void append(const ScoredRows& other);
};
// Those of `rows` that count in an evaluation: without the unwanted ones.
std::vector<std::uint32_t> without_unwanted(const DataSet& data,
                                            std::span<const std::uint32_t> rows);

Json number_or_null(double value);  // null for NaN: the figure has no meaning there

struct Estimate {
  double value;       // NaN where it has no meaning, such as the precision of rows of one class
  Interval interval;  // 95 %, by bootstrap over near-duplicate groups; NaN without draws
  Json json() const;
};
std::string text_of(const Estimate& estimate);  // "0.912 (0.874-0.941)", "-" without a value

struct Figures {
  std::uint64_t rows = 0, malicious = 0;
  Estimate average_precision, roc_auc;
  Estimate recall_at_fpr_0_1_percent, recall_at_fpr_1_percent;
  Estimate recall_at_daily_alerts;  // at `alerts_per_day` of the options
  double brier = 0, calibration_error = 0;
  std::vector<RankingPoint> curve;          // thinned; empty, and not told, unless asked for
  std::vector<ReliabilityBin> reliability;  // likewise; the bins of calibration_error
  Json json() const;
};

struct FigureOptions {
  std::uint32_t draws = 200;  // of the bootstrap; 0: no intervals
  double alerts_per_day = 10;
  std::uint64_t seed = 1;
  std::uint32_t curve_points = 0;  // about so many; 0: neither curve nor reliability
};
// What records of runs made from now on have; those from before curves were told have none.
inline constexpr std::uint32_t kCurvePoints = 256;

Figures figures_of(const DataSet& data, const ScoredRows& scored, const FigureOptions& options);

// What one part of the rows suffers at a threshold that was chosen on all of them.
struct SliceFigures {
  std::string name;  // "source: trec07p_ham", "year: 2024", "has_link: above 0"
  std::uint64_t rows = 0, malicious = 0;
  double average_precision = 0;    // NaN without both classes
  double recall = 0;               // of its malicious rows at the threshold; NaN without any
  double false_positive_rate = 0;  // of its benign rows; NaN without any
  Json json() const;
};
// By source, by year, and for each named column by missing, zero and above zero. Columns that the
// data set lacks are left out.
std::vector<SliceFigures> slices_of(const DataSet& data, const ScoredRows& scored, double threshold,
                                    std::span<const std::string> columns);

}  // namespace winnow::learn
