#include "model/linear.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/bytes.h"
#include "model/detail/envelope.h"

namespace winnow {
namespace {

constexpr std::string_view kMagic = "WnLinear";
constexpr std::uint32_t kVersion = 1;

}  // namespace

Result<LinearModel> LinearModel::create(std::vector<float> weights, float bias) {
  if (weights.size() > kMaxWeights) {
    return Error(Code::Exhausted,
                 fmt::format("{} weights, allowed are {}", weights.size(), kMaxWeights));
  }
  const auto odd =
      std::find_if_not(weights.begin(), weights.end(), [](float w) { return std::isfinite(w); });
  if (odd != weights.end() || !std::isfinite(bias)) {
    return Error(Code::InvalidArgument, "a linear model with a weight that is not finite");
  }
  LinearModel model;
  model.weights_ = std::move(weights);
  model.bias_ = bias;
  return model;
}

float LinearModel::margin(SparseView row) const {
  double sum = bias_;
  for (std::size_t k = 0; k < row.indices.size(); ++k) {
    if (row.indices[k] >= weights_.size()) break;  // indices ascend
    sum += static_cast<double>(weights_[row.indices[k]]) * static_cast<double>(row.values[k]);
  }
  return static_cast<float>(sum);
}

std::vector<LinearModel::Term> LinearModel::strongest_terms(SparseView row,
                                                            std::size_t count) const {
  std::vector<Term> terms;
  for (std::size_t k = 0; k < row.indices.size(); ++k) {
    if (row.indices[k] >= weights_.size()) break;
    const float log_odds = weights_[row.indices[k]] * row.values[k];
    if (log_odds != 0) terms.push_back({row.indices[k], log_odds});
  }
  const auto kept = std::min(count, terms.size());
  std::partial_sort(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(kept), terms.end(),
                    [](const Term& a, const Term& b) {
                      const float strength = std::fabs(a.log_odds) - std::fabs(b.log_odds);
                      return strength != 0 ? strength > 0 : a.index < b.index;
                    });
  terms.resize(kept);
  return terms;
}

// Most weights of a hashed model are 0, so runs of zeros are counted, not written.
std::string LinearModel::to_bytes() const {
  ByteWriter out;
  out.put(bias_).put_count(weights_.size());
  for (std::size_t i = 0; i < weights_.size();) {
    const auto is_zero = [&](std::size_t at) {
      return std::bit_cast<std::uint32_t>(weights_[at]) == 0;
    };
    std::size_t zeros = i;
    while (zeros < weights_.size() && is_zero(zeros)) ++zeros;
    std::size_t end = zeros;
    while (end < weights_.size() && !is_zero(end)) ++end;
    out.put_count(zeros - i).put_count(end - zeros);
    for (std::size_t k = zeros; k < end; ++k) out.put(weights_[k]);
    i = end;
  }
  return seal(kMagic, kVersion, out.bytes());
}

Result<LinearModel> LinearModel::from_bytes(std::string_view bytes) {
  WINNOW_TRY(const auto payload, unseal(kMagic, kVersion, bytes));
  ByteReader in(payload);
  const auto bias = in.get<float>();
  const auto size = in.get_count();
  if (size > kMaxWeights)
    return Error(Code::Exhausted, fmt::format("{} weights, allowed are {}", size, kMaxWeights));
  std::vector<float> weights(size, 0.0F);
  for (std::uint64_t i = 0; in.ok() && i < size;) {
    const auto zeros = in.get_count();
    const auto values = in.get_item_count(sizeof(float));
    if (zeros > size - i || values > size - i - zeros || zeros + values == 0) {
      return Error(Code::Corrupt, "runs of weights that do not fit the model");
    }
    i += zeros;
    for (const auto end = i + values; i < end; ++i) weights[i] = in.get<float>();
  }
  WINNOW_TRY(in.finish("the linear model"));
  WINNOW_TRY(auto model, create(std::move(weights), bias));
  if (model.to_bytes() != bytes)
    return Error(Code::Corrupt, "the linear model is not in its canonical form");
  return model;
}

}  // namespace winnow
