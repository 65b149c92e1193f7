// The plain alternative that every evaluation stands beside: logistic regression, as LIBLINEAR
// gives it with its defaults, of the text where there is text and of the columns where there is
// none. No weights, no sampling.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "learn/data_set.h"

namespace winnow::learn {

// Probabilities for `test` by a model of `train`; unwanted rows train as benign. Cost 1.
// With text, TF-IDF: a term counts once a row, times ln((1 + rows) / (1 + rows with it)) + 1 as
// counted in `train`; rows have length 1. Without, each column less its mean over its deviation in
// `train`, 0 where it is missing, and for each column that is missing in some rows of `train` and
// not in all one more that says so. Memory: 16 bytes a training term, or two a column.
// Errors: InvalidArgument (one class only), Unavailable (LIBLINEAR refuses).
Result<std::vector<double>> baseline_scores(const DataSet& data,
                                            std::span<const std::uint32_t> train,
                                            std::span<const std::uint32_t> test);

}  // namespace winnow::learn
