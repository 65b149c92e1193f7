// The plain alternative that every evaluation stands beside: TF-IDF and logistic regression, as
// LIBLINEAR gives it with its defaults. No weights, no sampling, no features but the text.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "learn/data_set.h"

namespace winnow::learn {

// Probabilities for `test` by a model of `train`. A term counts once a row, times
// ln((1 + rows) / (1 + rows with it)) + 1 as counted in `train`; rows have length 1; cost 1.
// Unwanted rows train as benign. Memory: 16 bytes a training term.
// Errors: InvalidArgument (no text, one class only), Unavailable (LIBLINEAR refuses).
Result<std::vector<double>> baseline_scores(const DataSet& data,
                                            std::span<const std::uint32_t> train,
                                            std::span<const std::uint32_t> test);

}  // namespace winnow::learn
