#include "model/detail/onnx_columns.h"

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace winnow {
namespace {

using Kind = OnnxStep::Kind;

// Floats as integers of the same order.
std::uint32_t order_of(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return (bits >> 31) != 0 ? ~bits : bits | 0x80000000U;
}

float float_of(std::uint32_t order) {
  return std::bit_cast<float>((order >> 31) != 0 ? order & 0x7FFFFFFFU : ~order);
}

bool turns_round(const OnnxColumn& column) {
  bool turns = false;
  for (const auto& step : column.steps) {
    const bool scales = step.kind == Kind::Multiply || step.kind == Kind::Divide;
    if (scales && step.by < 0) turns = !turns;
  }
  return turns;
}

}  // namespace

float value_of(const OnnxColumn& column, float x) {
  for (const auto& step : column.steps) {
    switch (step.kind) {
      case Kind::Add:
        x += step.by;
        break;
      case Kind::Subtract:
        x -= step.by;
        break;
      case Kind::Multiply:
        x *= step.by;
        break;
      case Kind::Divide:
        x /= step.by;
        break;
      case Kind::Impute:
        if (std::isnan(x)) x = step.by;
        break;
    }
  }
  return x;
}

void pull_back(const OnnxColumn& column, TreeNode& node) {
  node.feature = column.source;
  if (column.steps.empty()) return;
  const float missing = value_of(column, std::numeric_limits<float>::quiet_NaN());
  if (!std::isnan(missing)) node.default_left = missing < node.threshold;
  // In ascending order values go left and then right, or the other way round: find the first that
  // goes the second way.
  const bool turned = turns_round(column);
  const auto goes_first_way = [&](std::uint32_t order) {
    return (value_of(column, float_of(order)) < node.threshold) != turned;
  };
  constexpr float kMost = std::numeric_limits<float>::max();
  std::uint32_t low = order_of(-kMost), high = order_of(kMost) + 1;  // the latter is infinity
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (goes_first_way(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  node.threshold = float_of(low);
  if (turned) {
    std::swap(node.left, node.right);
    node.default_left = !node.default_left;
  }
}

OnnxLine line_of(const OnnxColumn& column) {
  OnnxLine line;
  bool imputed = false;
  for (const auto& step : column.steps) {
    const auto by = static_cast<double>(step.by);
    switch (step.kind) {
      case Kind::Add:
        line.offset += by;
        break;
      case Kind::Subtract:
        line.offset -= by;
        break;
      case Kind::Multiply:
        line.slope *= by;
        line.offset *= by;
        break;
      case Kind::Divide:
        line.slope /= by;
        line.offset /= by;
        break;
      case Kind::Impute:
        if (!imputed && line.slope != 0) line.center = (by - line.offset) / line.slope;
        imputed = true;
        break;
    }
  }
  if (!imputed && !column.steps.empty() && line.slope != 0) line.center = -line.offset / line.slope;
  return line;
}

}  // namespace winnow
