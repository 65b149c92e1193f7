// From the columns of a foreign forest to features of ours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "learn/model_import.h"
#include "model/forest.h"

namespace winnow::learn {

struct TakenColumns {
  std::vector<std::string> features;   // the columns of the classifier, each once
  std::vector<std::uint32_t> columns;  // of the forest, as over_columns() takes them
  Json mapping = Json::object();       // column -> feature, all of them: for the run's record
};

// Errors: InvalidArgument (columns that find no feature, a mapping that names no column).
Result<TakenColumns> take_columns(const Forest& forest, const ColumnMapping& mapping,
                                  const FeatureSet& features);

// The same forest over other columns: its column i becomes columns[i], several may become one, and
// those that become kNoColumn are missing in every row. Margins stay bit for bit what they were.
inline constexpr std::uint32_t kNoColumn = 0xFFFFFFFF;
Forest over_columns(const Forest& forest, const std::vector<std::uint32_t>& columns);

}  // namespace winnow::learn
