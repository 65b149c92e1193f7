// Whether a probability means what it says, and the curves that make it so. Curves are fitted on
// out-of-fold scores only: a model's scores on its own training rows are far too sure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace winnow::learn {

// The mean squared distance of probability and truth. NaN without rows.
double brier_score(std::span<const double> probabilities, std::span<const std::uint8_t> positive);

struct ReliabilityBin {
  std::uint64_t rows;
  double mean_probability;
  double share_positive;
};
// Bins of equally many rows in order of probability (equal ones are never divided).
std::vector<ReliabilityBin> reliability(std::span<const double> probabilities,
                                        std::span<const std::uint8_t> positive, std::uint32_t bins);
inline constexpr std::uint32_t kReliabilityBins = 15;
// Expected calibration error: the row-weighted mean distance within the bins above.
double expected_calibration_error(std::span<const double> probabilities,
                                  std::span<const std::uint8_t> positive,
                                  std::uint32_t bins = kReliabilityBins);

// Platt (1999) with the smoothed targets and the safe Newton of Lin, Lin & Weng (2007):
// probability = 1 / (1 + exp(-(slope x margin + offset))), slope never negative.
struct PlattFit {
  double slope = 1;
  double offset = 0;
};
// Weights may be empty. Errors: InvalidArgument (only one class).
Result<PlattFit> fit_platt(std::span<const double> margins, std::span<const std::uint8_t> positive,
                           std::span<const double> weights);

// The best non-decreasing step curve (pool adjacent violators), given by its corners, to be joined
// by straight lines; margins ascend strictly, probabilities do not fall.
struct IsotonicFit {
  std::vector<double> margins;
  std::vector<double> probabilities;
};
// Errors: InvalidArgument (only one class).
Result<IsotonicFit> fit_isotonic(std::span<const double> margins,
                                 std::span<const std::uint8_t> positive,
                                 std::span<const double> weights);

}  // namespace winnow::learn
