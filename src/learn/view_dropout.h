// Training rows with whole views taken away at random. What a source lacks (an old collection
// without authentication results, a table without headers) would otherwise tell the label: trees
// learn that a missing view means phishing because only one phishing source lacks it. When every
// row is also seen without each view, missing says nothing, and the views that are there must
// suffice.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/rng.h"
#include "learn/data_set.h"

namespace winnow::learn {

struct ViewDropout {
  std::uint32_t copies = 4;  // of each row with views taken away, besides the untouched one
  double chance = 0.5;       // that a view is taken away from a copy, each on its own
  // Which views go, each entry the views that go together; columns of other views always stay.
  std::vector<std::vector<std::string>> views;
  Json json() const;
  static Result<ViewDropout> from_json(const Json& json);  // Errors: InvalidArgument
};

// Every view of the data set that has a name, each on its own; columns without one always stay.
std::vector<std::vector<std::string>> every_view(const DataShape& shape);

struct AugmentedRows {
  std::vector<float> values;  // row-major: 1 + copies blocks of as many rows as were given
  std::size_t columns = 0;
  std::size_t blocks = 1;  // each block repeats the rows in their order
  MatrixView view() const { return {values.data(), values.size() / columns, columns}; }
};

// `extra` is a last column with one value for each of `rows`, never taken away; empty for none.
AugmentedRows augment(const DataSet& data, std::span<const std::uint32_t> rows,
                      std::span<const float> extra, const ViewDropout& dropout, Rng rng);

}  // namespace winnow::learn
