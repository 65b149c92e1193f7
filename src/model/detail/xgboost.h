// What the two forms of XGBoost's model files have in common.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "model/forest.h"

namespace winnow {

struct XgboostObjective {
  // How the file's base_score, a prediction, becomes a margin.
  enum class BaseScore { Margin, Probability, Positive };

  std::string_view name;
  Link link;
  BaseScore base_score;

  float margin_of(float score) const;
};

// Errors: Unsupported (an objective that Winnow does not know).
Result<XgboostObjective> xgboost_objective(std::string_view name);

// Drops the trees after the best round of a model that stopped early. `best_iteration` is the text
// of the attribute, empty if there is none. Errors: InvalidArgument (not a number).
Status keep_best_rounds(std::string_view best_iteration, std::size_t trees_per_round,
                        Forest& forest);

// JSON and UBJSON hold the same document. Errors: those of read_xgboost.
Result<Forest> read_xgboost_document(const Json& document, const ForestLimits& limits);

// The binary form that XGBoost before 1.6 wrote by default, on a little-endian machine.
Result<Forest> read_xgboost_binary(std::string_view bytes, const ForestLimits& limits);

}  // namespace winnow
