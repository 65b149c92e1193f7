// How a model holds up as the world moves on: figures by month, and the area under them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "learn/figures.h"

namespace winnow::learn {

struct MonthFigures {
  std::string month;  // "2024-03", UTC
  std::uint64_t rows = 0, malicious = 0;
  double average_precision = 0;  // NaN without both classes
  double f1 = 0;                 // at the threshold; NaN without malicious rows
  Json json() const;
};

// The months in which rows lie, in order. `threshold` makes alerts of scores.
std::vector<MonthFigures> months_of(const DataSet& data, const ScoredRows& scored,
                                    double threshold);

// Area under time (Pendlebury et al., TESSERACT, USENIX Security 2019, section 4.3): the mean of
// the trapezoids between neighbouring months, 1 for a figure that stays perfect. Months without a
// value are left out; NaN for none, the value itself for one.
double area_under_time(std::span<const double> by_month);

}  // namespace winnow::learn
