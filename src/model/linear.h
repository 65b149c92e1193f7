// A linear model over hashed sparse features: the text model of a classifier.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/matrix.h"
#include "base/result.h"

namespace winnow {

class LinearModel {
 public:
  static constexpr std::size_t kMaxWeights = 1UL << 26;

  // One feature of a row and how far it moved the log-odds: weight x value.
  struct Term {
    std::uint32_t index;
    float log_odds;
    friend bool operator==(const Term&, const Term&) = default;
  };

  LinearModel() = default;  // no weights: the margin is always 0
  // Errors: InvalidArgument (a weight or the bias is not finite), Exhausted (more than
  // kMaxWeights).
  static Result<LinearModel> create(std::vector<float> weights, float bias);

  std::size_t size() const { return weights_.size(); }
  std::span<const float> weights() const { return weights_; }
  float bias() const { return bias_; }

  // bias + sum of weight x value, summed in index order in double. Indices from size() on count as
  // 0.
  float margin(SparseView row) const;

  // The `count` terms that moved the margin most, strongest first, ties by index.
  std::vector<Term> strongest_terms(SparseView row, std::size_t count) const;

  // The canonical form (docs/formats/model.md). Errors of reading: Corrupt, Unsupported, those of
  // create().
  std::string to_bytes() const;
  static Result<LinearModel> from_bytes(std::string_view bytes);

  friend bool operator==(const LinearModel&, const LinearModel&) = default;

 private:
  std::vector<float> weights_;
  float bias_ = 0;
};

}  // namespace winnow
