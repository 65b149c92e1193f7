// Random forests and rows for property tests: every kind of split, every odd value.
#pragma once

#include <vector>

#include "base/rng.h"
#include "model/forest.h"

namespace winnow::testing {

struct ForestShape {
  std::uint32_t features = 6;
  std::uint32_t outputs = 1;
  std::size_t trees = 20;
  std::uint32_t max_depth = 6;
  double leaf_chance = 0.1;              // that a branch ends early
  std::size_t distinct_thresholds = 50;  // for each feature
  bool categories = false;
  bool zero_gaps = false;
  bool vector_leaves = false;
  bool weights = false;
};

Forest random_forest(const ForestShape& shape, Rng& rng);

// Rows with NaN, zeros of both signs, infinities, denormals, and values that equal thresholds.
std::vector<float> random_rows(const Forest& forest, std::size_t count, Rng& rng);

}  // namespace winnow::testing
