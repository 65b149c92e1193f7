#include "model/calibrator.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/bytes.h"
#include "model/detail/envelope.h"
#include "model/detail/exact_math.h"

namespace winnow {
namespace {

constexpr std::string_view kMagic = "WnCalibr";
constexpr std::uint32_t kVersion = 1;

Status check_knots(const std::vector<Calibrator::Knot>& knots) {
  if (knots.empty()) return Error(Code::InvalidArgument, "a calibration without knots");
  if (knots.size() > Calibrator::kMaxKnots) {
    return Error(Code::Exhausted,
                 fmt::format("{} knots, allowed are {}", knots.size(), Calibrator::kMaxKnots));
  }
  for (std::size_t i = 0; i < knots.size(); ++i) {
    const auto& [margin, probability] = knots[i];
    if (!std::isfinite(margin) || !(probability >= 0 && probability <= 1)) {
      return Error(Code::InvalidArgument,
                   fmt::format("knot {} is no margin with a probability", i));
    }
    if (i > 0 && (margin <= knots[i - 1].margin || probability < knots[i - 1].probability)) {
      return Error(Code::InvalidArgument, fmt::format("knot {} does not ascend", i));
    }
  }
  return {};
}

}  // namespace

Result<Calibrator> Calibrator::platt(float slope, float offset) {
  if (!(slope > 0) || !std::isfinite(slope) || !std::isfinite(offset)) {
    return Error(Code::InvalidArgument,
                 fmt::format("a logistic calibration of slope {} and offset {}", slope, offset));
  }
  Calibrator calibrator;
  calibrator.slope_ = slope;
  calibrator.offset_ = offset;
  return calibrator;
}

Result<Calibrator> Calibrator::piecewise(std::vector<Knot> knots) {
  WINNOW_TRY(check_knots(knots));
  Calibrator calibrator;
  calibrator.knots_ = std::move(knots);
  return calibrator;
}

float Calibrator::probability(float margin) const {
  if (std::isnan(margin)) margin = 0;
  if (knots_.empty()) {
    return exact_logistic(static_cast<double>(slope_) * static_cast<double>(margin) +
                          static_cast<double>(offset_));
  }
  const auto above =
      std::upper_bound(knots_.begin(), knots_.end(), margin,
                       [](float value, const Knot& knot) { return value < knot.margin; });
  if (above == knots_.begin()) return knots_.front().probability;
  if (above == knots_.end()) return knots_.back().probability;
  const auto& below = *(above - 1);
  const double share = (static_cast<double>(margin) - static_cast<double>(below.margin)) /
                       (static_cast<double>(above->margin) - static_cast<double>(below.margin));
  const double rise =
      static_cast<double>(above->probability) - static_cast<double>(below.probability);
  return static_cast<float>(static_cast<double>(below.probability) + share * rise);
}

std::string Calibrator::to_bytes() const {
  ByteWriter out;
  out.put(slope_).put(offset_).put_count(knots_.size());
  for (const auto& knot : knots_) out.put(knot.margin).put(knot.probability);
  return seal(kMagic, kVersion, out.bytes());
}

Result<Calibrator> Calibrator::from_bytes(std::string_view bytes) {
  WINNOW_TRY(const auto payload, unseal(kMagic, kVersion, bytes));
  ByteReader in(payload);
  const auto slope = in.get<float>();
  const auto offset = in.get<float>();
  std::vector<Knot> knots(in.get_item_count(sizeof(Knot)));
  for (auto& knot : knots) {
    knot.margin = in.get<float>();
    knot.probability = in.get<float>();
  }
  WINNOW_TRY(in.finish("the calibration"));
  WINNOW_TRY(auto calibrator, knots.empty() ? platt(slope, offset) : piecewise(std::move(knots)));
  if (calibrator.to_bytes() != bytes)
    return Error(Code::Corrupt, "the calibration is not in its canonical form");
  return calibrator;
}

}  // namespace winnow
