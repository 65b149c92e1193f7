// From the columns of a foreign model to features of ours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "learn/model_import.h"
#include "model/column_linear.h"
#include "model/forest.h"
#include "model/isolation_forest.h"

namespace winnow::learn {

struct TakenColumns {
  std::vector<std::string> features;   // the columns of the model that is made, each once
  std::vector<std::uint32_t> columns;  // of the foreign one, as over_columns() takes them
  Json mapping = Json::object();       // column -> feature, all of them: for the run's record
};

// Errors: InvalidArgument (columns that find no feature, a mapping that names no column).
Result<TakenColumns> take_columns(const std::vector<std::string>& columns,
                                  const ColumnMapping& mapping, const FeatureSet& features);

// The same forest over other columns: its column i becomes columns[i], several may become one, and
// those that become kNoColumn are missing in every row. Margins stay bit for bit what they were.
inline constexpr std::uint32_t kNoColumn = 0xFFFFFFFF;
Forest over_columns(const Forest& forest, const std::vector<std::uint32_t>& columns);

// The same for a linear model: what a missing column would move, it does not.
ColumnLinear over_columns(const ColumnLinear& linear, const std::vector<std::uint32_t>& columns);

// The same for an isolation forest. A column that is missing in every row would make all of them
// ordinary or novel, and two that are always alike were not when it was trained: neither is taken.
// Errors: InvalidArgument.
Result<IsolationTrees> over_columns(IsolationTrees trees, const TakenColumns& taken);

}  // namespace winnow::learn
