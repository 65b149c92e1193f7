#include "model/novelty_model.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "model/detail/envelope.h"

namespace winnow {
namespace {

constexpr std::string_view kMagic = "WnNovelt";
constexpr std::uint32_t kVersion = 1;

}  // namespace

Result<NoveltyModel> NoveltyModel::create(IsolationForest forest, std::vector<float> ordinary) {
  if (ordinary.empty() || ordinary.size() > kMaxOrdinary) {
    return Error(Code::InvalidArgument,
                 fmt::format("a novelty model compares with 1 to {} ordinary rows, found {}",
                             kMaxOrdinary, ordinary.size()));
  }
  if (!std::ranges::all_of(ordinary, [](float score) { return score >= 0 && score <= 1; })) {
    return Error(Code::InvalidArgument, "an ordinary row's score lies outside of 0 to 1");
  }
  std::ranges::sort(ordinary);
  return NoveltyModel(std::move(forest), std::move(ordinary));
}

double NoveltyModel::novelty(std::span<const float> row) const {
  float score = 0;
  forest_.score({row.data(), 1, row.size()}, {&score, 1});
  const auto less = std::ranges::lower_bound(ordinary_, score) - ordinary_.begin();
  return static_cast<double>(less) / static_cast<double>(ordinary_.size() + 1);
}

void NoveltyModel::explain(std::span<const float> row, Contributions& out) const {
  forest_.explain({row.data(), 1, row.size()}, out);
}

std::string NoveltyModel::to_bytes() const {
  ByteWriter out;
  out.put_text(forest_.to_bytes()).put_count(ordinary_.size());
  for (const float score : ordinary_) out.put(score);
  return seal(kMagic, kVersion, out.bytes());
}

Result<NoveltyModel> NoveltyModel::from_bytes(std::string_view bytes, const ForestLimits& limits,
                                              CpuLevel level) {
  if (bytes.size() > limits.max_bytes) {
    return Error(Code::Exhausted, fmt::format("a novelty model of {} bytes, allowed are {}",
                                              bytes.size(), limits.max_bytes));
  }
  WINNOW_TRY(const auto payload, unseal(kMagic, kVersion, bytes));
  ByteReader in(payload);
  const auto forest_bytes = in.get_text();
  std::vector<float> ordinary(in.get_item_count(sizeof(float)));
  for (auto& score : ordinary) score = in.get<float>();
  WINNOW_TRY(in.finish("the novelty model"));
  WINNOW_TRY(auto forest, IsolationForest::from_bytes(forest_bytes, limits, level));
  WINNOW_TRY(auto model, create(std::move(forest), std::move(ordinary)));
  if (model.to_bytes() != bytes)
    return Error(Code::Corrupt, "the novelty model is not in its canonical form");
  return model;
}

}  // namespace winnow
