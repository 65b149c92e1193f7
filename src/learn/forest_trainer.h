// Boosted trees over dense features: XGBoost trains them, model/ scores them.
#pragma once

#include <cstdint>
#include <span>

#include "base/json.h"
#include "base/matrix.h"
#include "base/result.h"
#include "model/forest.h"

namespace winnow::learn {

struct ForestTraining {
  std::uint32_t trees = 200;
  std::uint32_t depth = 4;
  double learning_rate = 0.08;
  double row_share = 0.7;      // of the rows, drawn for each tree
  double column_share = 0.5;   // of the columns, drawn for each tree
  double min_leaf_weight = 3;  // second-order weight that a leaf needs
  double leaf_penalty = 5;     // L2, on leaf values
  std::uint32_t bins = 64;     // of a column's histogram
  Json json() const;
  static Result<ForestTraining> from_json(const Json& json);  // Errors: InvalidArgument
};

struct TrainingRows {
  MatrixView values;                       // NaN is missing; none infinite
  std::span<const std::uint8_t> positive;  // one for each row
  std::span<const float> weights;          // likewise, above 0
  std::span<const std::int8_t>
      trends;  // one for each column: Column::trend, a promise of the forest
};

// The same rows, parameters and seed give the same forest, whatever `threads` is (at least 1). The
// margins are log-odds. Memory: about three times that of `rows`.
// Errors: InvalidArgument (one class only, parameters out of range), Unavailable (XGBoost fails).
Result<Forest> train_forest(const TrainingRows& rows, const ForestTraining& training,
                            std::uint64_t seed, unsigned threads);

}  // namespace winnow::learn
