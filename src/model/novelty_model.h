// How unlike the ordinary a row is: an isolation forest, and what it says of rows that are known to
// be ordinary and that it was not trained on. No labels are needed; novel is not malicious.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/isolation_forest.h"

namespace winnow {

// Immutable and shared by threads.
class NoveltyModel {
 public:
  static constexpr std::size_t kMaxOrdinary = 1U << 16;

  // `ordinary` are the forest's scores of ordinary rows, in any order. Errors: InvalidArgument
  // (none, more than kMaxOrdinary, one outside of [0, 1]).
  static Result<NoveltyModel> create(IsolationForest forest, std::vector<float> ordinary);

  const IsolationForest& forest() const { return forest_; }
  const std::vector<std::string>& features() const { return forest_.features(); }
  const std::vector<float>& ordinary() const { return ordinary_; }  // ascending

  // The share of ordinary rows that are less novel than `row`, which has a value for each of
  // features(): 0.999 is met once in a thousand ordinary events. With n of them at most n / (n +
  // 1): what was not seen is not claimed. Allocates nothing; the same bits on every machine.
  double novelty(std::span<const float> row) const;

  // How far each feature moved `row` away from the ordinary, as IsolationForest::explain().
  void explain(std::span<const float> row, Contributions& out) const;

  // The canonical form (docs/formats/model.md): its SHA-256 names the artifact. Errors of reading:
  // Corrupt, Unsupported (a newer version), Exhausted, those of create().
  std::string to_bytes() const;
  static Result<NoveltyModel> from_bytes(std::string_view bytes, const ForestLimits& limits = {},
                                         CpuLevel level = cpu_level());

 private:
  NoveltyModel(IsolationForest forest, std::vector<float> ordinary)
      : forest_(std::move(forest)), ordinary_(std::move(ordinary)) {}

  IsolationForest forest_;
  std::vector<float> ordinary_;
};

}  // namespace winnow
