// The text model: logistic regression over hashed terms, with a weight for each row.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/rng.h"
#include "learn/data_set.h"
#include "model/linear.h"

namespace winnow::learn {

struct LinearTraining {
  double cost = 1;             // of a row's loss against the squared length of the weights; above 0
  double tolerance = 0.02;     // ends when no row's dual gradient is larger; above 0
  std::uint32_t rounds = 100;  // passes over the rows at most
  Json json() const;
  static Result<LinearTraining> from_json(const Json& json);  // Errors: InvalidArgument
};

// Minimises |w|^2 / 2 + cost x sum of weight x log(1 + exp(-y (w x + bias))), the bias regularised
// as if it were a term, by dual coordinate descent (Yu, Huang & Lin 2011). What LIBLINEAR solves,
// except that Debian's LIBLINEAR knows no row weights; with equal weights both agree (the tests
// compare). `weights` has one entry, not negative, for each of `rows`; malicious rows are the
// positive class. Errors: InvalidArgument (one class only, parameters out of range), those of
// LinearModel::create.
Result<LinearModel> train_linear(const DataSet& data, std::span<const std::uint32_t> rows,
                                 std::span<const std::uint8_t> positive,
                                 std::span<const double> weights, const LinearTraining& training,
                                 Rng rng);

// The log-odds of each of `rows`.
std::vector<double> text_margins(const LinearModel& model, const DataSet& data,
                                 std::span<const std::uint32_t> rows);

}  // namespace winnow::learn
