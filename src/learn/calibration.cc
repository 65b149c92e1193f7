#include "learn/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/contract.h"

namespace winnow::learn {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double weight_of(std::span<const double> weights, std::size_t row) {
  return weights.empty() ? 1.0 : weights[row];
}

struct ClassWeights {
  double positive = 0, negative = 0;
};

Result<ClassWeights> class_weights(std::span<const double> margins,
                                   std::span<const std::uint8_t> positive,
                                   std::span<const double> weights) {
  ensure(margins.size() == positive.size(), "each margin has its truth");
  ensure(weights.empty() || weights.size() == margins.size(), "each margin has its weight");
  ClassWeights sum;
  for (std::size_t i = 0; i < margins.size(); ++i) {
    (positive[i] != 0 ? sum.positive : sum.negative) += weight_of(weights, i);
  }
  if (sum.positive > 0 && sum.negative > 0) return sum;
  return Error(Code::InvalidArgument, "calibration needs rows of both classes")
      .with_hint("add labelled rows of the missing class");
}

std::vector<std::uint32_t> ascending_order(std::span<const double> values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
  return order;
}

// log(1 + exp(z)) that neither overflows nor loses small values.
double softplus(double z) { return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); }
double logistic(double z) {
  if (z >= 0) return 1 / (1 + std::exp(-z));
  const double e = std::exp(z);
  return e / (1 + e);
}

// The cross-entropy of a Platt curve and its derivatives.
class PlattLoss {
 public:
  PlattLoss(std::span<const double> margins, std::span<const std::uint8_t> positive,
            std::span<const double> weights, const ClassWeights& sum)
      : margins_(margins),
        positive_(positive),
        weights_(weights),
        // Targets inside (0, 1) keep a separable sample from an infinite slope (Platt 1999,
        // section 2.2).
        high_((sum.positive + 1) / (sum.positive + 2)),
        low_(1 / (sum.negative + 2)) {}

  double value(const PlattFit& fit) const {
    double loss = 0;
    for (std::size_t i = 0; i < margins_.size(); ++i) {
      const double z = fit.slope * margins_[i] + fit.offset;
      loss += weight_of(weights_, i) * (softplus(z) - target(i) * z);
    }
    return loss;
  }

  struct Derivatives {
    double slope = 0, offset = 0;                       // gradient
    double slope2 = 1e-12, cross = 0, offset2 = 1e-12;  // Hessian, kept invertible
  };
  Derivatives derivatives(const PlattFit& fit) const {
    Derivatives d;
    for (std::size_t i = 0; i < margins_.size(); ++i) {
      const double x = margins_[i], w = weight_of(weights_, i);
      const double p = logistic(fit.slope * x + fit.offset);
      const double error = w * (p - target(i)), curvature = w * p * (1 - p);
      d.slope += error * x;
      d.offset += error;
      d.slope2 += curvature * x * x;
      d.cross += curvature * x;
      d.offset2 += curvature;
    }
    return d;
  }

 private:
  double target(std::size_t i) const { return positive_[i] != 0 ? high_ : low_; }
  std::span<const double> margins_;
  std::span<const std::uint8_t> positive_;
  std::span<const double> weights_;
  double high_, low_;
};

// A stretch of margins on which the isotonic curve is level.
struct Block {
  double low, high;
  double weight, positives;
  double mean() const { return positives / weight; }
};

// One block for each different margin, ascending: rows of equal margin cannot be told apart.
std::vector<Block> points_of(std::span<const double> margins,
                             std::span<const std::uint8_t> positive,
                             std::span<const double> weights) {
  std::vector<Block> points;
  for (const auto i : ascending_order(margins)) {
    const double weight = weight_of(weights, i);
    if (weight <= 0) continue;
    if (points.empty() || points.back().high != margins[i])
      points.push_back({margins[i], margins[i], 0, 0});
    points.back().weight += weight;
    points.back().positives += positive[i] != 0 ? weight : 0;
  }
  return points;
}

}  // namespace

double brier_score(std::span<const double> probabilities, std::span<const std::uint8_t> positive) {
  ensure(probabilities.size() == positive.size(), "each probability has its truth");
  double sum = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const double miss = probabilities[i] - (positive[i] != 0 ? 1 : 0);
    sum += miss * miss;
  }
  return probabilities.empty() ? kNone : sum / static_cast<double>(probabilities.size());
}

std::vector<ReliabilityBin> reliability(std::span<const double> probabilities,
                                        std::span<const std::uint8_t> positive,
                                        std::uint32_t bins) {
  ensure(probabilities.size() == positive.size() && bins > 0, "each probability has its truth");
  const auto order = ascending_order(probabilities);
  std::vector<ReliabilityBin> out;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    // The next cut lies where an even division would put it, moved behind a tie.
    const std::size_t left = bins - std::min<std::size_t>(out.size(), bins - 1);
    end = begin + std::max<std::size_t>(1, (order.size() - begin + left - 1) / left);
    while (end < order.size() && probabilities[order[end]] == probabilities[order[end - 1]]) ++end;
    ReliabilityBin bin{end - begin, 0, 0};
    for (std::size_t i = begin; i < end; ++i) {
      bin.mean_probability += probabilities[order[i]];
      bin.share_positive += positive[order[i]] != 0 ? 1 : 0;
    }
    bin.mean_probability /= static_cast<double>(bin.rows);
    bin.share_positive /= static_cast<double>(bin.rows);
    out.push_back(bin);
  }
  return out;
}

double expected_calibration_error(std::span<const double> probabilities,
                                  std::span<const std::uint8_t> positive, std::uint32_t bins) {
  double sum = 0;
  for (const auto& bin : reliability(probabilities, positive, bins)) {
    sum += static_cast<double>(bin.rows) * std::abs(bin.mean_probability - bin.share_positive);
  }
  return probabilities.empty() ? kNone : sum / static_cast<double>(probabilities.size());
}

Result<PlattFit> fit_platt(std::span<const double> margins, std::span<const std::uint8_t> positive,
                           std::span<const double> weights) {
  WINNOW_TRY(const auto sum, class_weights(margins, positive, weights));
  const PlattLoss loss(margins, positive, weights, sum);
  PlattFit fit{0, std::log((sum.positive + 1) / (sum.negative + 1))};
  double value = loss.value(fit);
  for (int round = 0; round < 100; ++round) {
    const auto d = loss.derivatives(fit);
    if (std::abs(d.slope) < 1e-7 && std::abs(d.offset) < 1e-7) break;
    const double det = d.slope2 * d.offset2 - d.cross * d.cross;
    const double step_slope = -(d.offset2 * d.slope - d.cross * d.offset) / det;
    const double step_offset = -(d.slope2 * d.offset - d.cross * d.slope) / det;
    const double slope_of_loss = d.slope * step_slope + d.offset * step_offset;
    double length = 1;
    for (; length > 1e-10; length /= 2) {
      const PlattFit tried{fit.slope + length * step_slope, fit.offset + length * step_offset};
      const double tried_value = loss.value(tried);
      if (tried_value < value + 1e-4 * length * slope_of_loss) {
        fit = tried;
        value = tried_value;
        break;
      }
    }
    if (length <= 1e-10) break;  // no step improves: converged as far as doubles go
  }
  // A falling curve would turn the ranking round; such a score says nothing, so neither does the
  // curve.
  if (fit.slope < 0) fit = {0, std::log((sum.positive + 1) / (sum.negative + 1))};
  return fit;
}

Result<IsotonicFit> fit_isotonic(std::span<const double> margins,
                                 std::span<const std::uint8_t> positive,
                                 std::span<const double> weights) {
  WINNOW_TRY(class_weights(margins, positive, weights));
  std::vector<Block> blocks;
  for (auto next : points_of(margins, positive, weights)) {
    // What breaks the order is pooled with what it breaks it with, as far back as needed.
    while (!blocks.empty() && blocks.back().mean() >= next.mean()) {
      next = {blocks.back().low, next.high, blocks.back().weight + next.weight,
              blocks.back().positives + next.positives};
      blocks.pop_back();
    }
    blocks.push_back(next);
  }
  IsotonicFit fit;
  for (const auto& block : blocks) {
    fit.margins.push_back(block.low);
    fit.probabilities.push_back(block.mean());
    if (block.high == block.low) continue;
    fit.margins.push_back(block.high);
    fit.probabilities.push_back(block.mean());
  }
  return fit;
}

}  // namespace winnow::learn
