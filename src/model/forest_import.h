// Forests that other libraries trained. A file is data: whatever its bytes are, reading ends with a
// checked Forest or an Error, in memory bounded by the limits.
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/forest.h"

namespace winnow {

// A model saved by XGBoost 1.0 to 3.x: JSON, UBJSON, or the binary form of versions before 1.6.
// Boosters gbtree and dart; single, multi-class and multi-target (scalar or vector leaves);
// categorical splits. Margins equal XGBoost's bit for bit, except for dart (about 1e-6, since
// XGBoost rounds each tree's weighting apart). A model that stopped early keeps the rounds up to
// its best one, as XGBoost's scikit-learn interface predicts. Errors: InvalidArgument (not such a
// file, or one that contradicts itself), Unsupported (gblinear, an objective that Winnow does not
// know), Exhausted (a limit).
Result<Forest> read_xgboost(std::string_view bytes, const ForestLimits& limits = {});

// A model saved by LightGBM as text, format versions v2 to v4. Thresholds and leaves are rounded to
// float, as rows are: a value within float precision of a threshold may fall on its other side.
// Errors: InvalidArgument, Unsupported (linear leaves, unknown objectives), Exhausted (a limit).
Result<Forest> read_lightgbm(std::string_view bytes, const ForestLimits& limits = {});

// Either of them or Winnow's own form (forest_from_bytes), told apart by how they begin.
// Errors: those of the readers.
Result<Forest> read_forest(std::string_view bytes, const ForestLimits& limits = {});

}  // namespace winnow
