// What a feature set says of one event: numbers in the set's order, and hashed text terms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/matrix.h"
#include "base/result.h"

namespace winnow {

// A plain value; equal inputs give equal bits on every machine.
struct FeatureVector {
  std::vector<float> values;  // one for each feature, in the set's order; NaN is missing
  std::vector<std::uint32_t> term_buckets;  // ascending, unique, below FeatureSet::term_buckets()
  std::vector<float> term_values;           // one for each of term_buckets

  SparseView terms() const { return {term_buckets, term_values}; }
  MatrixView row() const { return {values.data(), 1, values.size()}; }

  // The bytes a decision stores: one form for one value, every NaN the same. Format:
  // docs/formats/feature-set.md.
  std::string bytes() const;
  // Errors: Corrupt.
  static Result<FeatureVector> from_bytes(std::string_view bytes);

  // Bit-equal, so that a missing value equals a missing value.
  friend bool operator==(const FeatureVector& a, const FeatureVector& b);
};

}  // namespace winnow
