// Isolation forests from rows without labels: small samples, split at random until each row is
// alone or the usual depth is reached (Liu, Ting & Zhou 2008, algorithms 1 and 2).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/matrix.h"
#include "base/result.h"
#include "model/isolation_forest.h"

namespace winnow::learn {

struct IsolationTraining {
  std::uint32_t trees = 100;  // 1 to 10,000
  std::uint32_t samples =
      256;  // rows that a tree sees, 2 to 65,536; all of them if there are fewer
  Json json() const;
  static Result<IsolationTraining> from_json(const Json& json);  // Errors: InvalidArgument
};

// Each tree draws its rows without replacement and, at each node, a feature that varies there and a
// threshold between its extremes. A missing value (NaN) says nothing about where to split and goes
// with the larger part. The same rows, training and seed give the same trees, whatever `threads`
// is (at least 1). Cost: that of reading trees x samples rows, wherever they lie, and of a handful
// of passes over them; the number of rows does not matter.
// Errors: InvalidArgument (fewer than two rows, names that do not fit, a training out of range).
Result<IsolationTrees> train_isolation(MatrixView rows, std::vector<std::string> features,
                                       const IsolationTraining& training, std::uint64_t seed,
                                       unsigned threads);

}  // namespace winnow::learn
