// Rows of feature values that a client brings, judged as the champion would.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_numbers.h"
#include "base/result.h"
#include "pipeline/pipeline.h"

namespace winnow::server {

// Used by one thread; allocates nothing once it knows the bundle.
class RowJudge {
 public:
  RowJudge();

  // `row` is a JSON object of the bundle's feature names and their numbers; what it does not name
  // is missing. Appends the judgement to `out` as a JSON object. Errors: InvalidArgument (no such
  // object; a name that the bundle does not have, or that comes twice; too many names; a number
  // beyond those of 32 bits).
  Status judge(const Pipeline& pipeline, std::string_view row, std::string& out);

 private:
  Status fill(const Pipeline& pipeline, std::string_view row);

  JsonNumbers reader_;
  std::vector<float> values_;  // the features', and in the end the text model's log-odds
  std::vector<bool> named_;    // likewise: whether the row named it
  std::vector<float> row_;
};

}  // namespace winnow::server
