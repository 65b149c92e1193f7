// From a margin to a probability that means what it says: a monotone map, fitted by learn/.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

class Calibrator {
 public:
  static constexpr std::size_t kMaxKnots = 1UL << 16;

  struct Knot {
    float margin;
    float probability;
    friend bool operator==(const Knot&, const Knot&) = default;
  };

  Calibrator() = default;  // the plain logistic function: platt(1, 0)

  // 1 / (1 + exp(-(slope x margin + offset))) (Platt 1999). Errors: InvalidArgument (slope is not
  // positive, or a number is not finite).
  static Result<Calibrator> platt(float slope, float offset);

  // Straight lines between knots, constant outside: an isotonic fit, or any other monotone map.
  // Margins ascend strictly, probabilities ascend within [0, 1]; at least one knot.
  // Errors: InvalidArgument, Exhausted (more than kMaxKnots).
  static Result<Calibrator> piecewise(std::vector<Knot> knots);

  // In [0, 1], never descending in `margin`; a NaN counts as 0. The same bits on every machine.
  float probability(float margin) const;

  bool is_piecewise() const { return !knots_.empty(); }
  std::span<const Knot> knots() const { return knots_; }
  float slope() const { return slope_; }
  float offset() const { return offset_; }

  // The canonical form (docs/formats/model.md). Errors of reading: Corrupt, Unsupported,
  // InvalidArgument.
  std::string to_bytes() const;
  static Result<Calibrator> from_bytes(std::string_view bytes);

  friend bool operator==(const Calibrator&, const Calibrator&) = default;

 private:
  std::vector<Knot> knots_;
  float slope_ = 1;
  float offset_ = 0;
};

}  // namespace winnow
