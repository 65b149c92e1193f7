#include "learn/isolation_trainer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <thread>
#include <unordered_set>

#include <fmt/format.h>

#include "base/rng.h"
#include "base/thread.h"
#include "learn/detail/whole_number.h"

namespace winnow::learn {
namespace {

constexpr std::uint32_t kMaxTrees = 10'000;
constexpr std::uint32_t kMaxSamples = 1U << 16;

Status check(const IsolationTraining& t) {
  if (t.trees > 0 && t.trees <= kMaxTrees && t.samples >= 2 && t.samples <= kMaxSamples) return {};
  return Error(Code::InvalidArgument,
               fmt::format("an isolation forest cannot be trained with {}", to_text(t.json())));
}

// `count` of `rows` numbers, each at most once (Floyd's algorithm: Bentley, "A sample of
// brilliance", CACM 1987).
std::vector<std::size_t> draw_rows(std::size_t rows, std::size_t count, Rng& rng) {
  std::vector<std::size_t> drawn;
  std::unordered_set<std::size_t> seen;
  for (std::size_t last = rows - count; last < rows; ++last) {
    const std::size_t row = rng.below(last + 1);
    drawn.push_back(seen.insert(row).second ? row : last);
    seen.insert(drawn.back());
  }
  return drawn;
}

// Grows one tree over a sample, whose values it keeps column by column.
class TreeGrower {
 public:
  TreeGrower(MatrixView rows, std::size_t samples, Rng rng)
      : rng_(rng), samples_(samples), depth_limit_(std::bit_width(samples - 1)) {
    values_.resize(samples * rows.columns);
    const auto drawn = draw_rows(rows.rows, samples, rng_);
    for (std::size_t i = 0; i < samples; ++i) {
      const auto row = rows.row(drawn[i]);
      for (std::size_t f = 0; f < row.size(); ++f) values_[f * samples + i] = row[f];
    }
    order_.resize(samples);
    std::iota(order_.begin(), order_.end(), 0U);
    features_.resize(rows.columns);
    std::iota(features_.begin(), features_.end(), 0U);
  }

  IsolationTree grow() {
    grow(order_, 0);
    return std::move(tree_);
  }

 private:
  struct Split {
    std::uint32_t feature;
    float threshold;
  };

  const float* column(std::uint32_t feature) const { return values_.data() + feature * samples_; }

  // In preorder: the node, then its left part, then its right. At most depth_limit_ deep.
  void grow(std::span<std::uint32_t> part, std::size_t depth) {
    const auto at = tree_.size();
    tree_.emplace_back();
    Split split{};
    if (part.size() < 2 || depth == depth_limit_ || !draw_split(part, split)) {
      tree_[at].samples = static_cast<std::uint32_t>(part.size());
      return;
    }
    tree_[at].feature = split.feature;
    tree_[at].threshold = split.threshold;
    tree_[at].missing_left = missing_go_left(part, split);
    const std::size_t left = divide(part, split, tree_[at].missing_left);
    grow(part.first(left), depth + 1);
    tree_[at].right = static_cast<std::uint32_t>(tree_.size());
    grow(part.subspan(left), depth + 1);
  }

  // Tries the features in random order until one varies. False: none does.
  bool draw_split(std::span<const std::uint32_t> part, Split& split) {
    for (std::size_t tried = 0; tried < features_.size(); ++tried) {
      std::swap(features_[tried], features_[tried + rng_.below(features_.size() - tried)]);
      const auto [low, high] = extremes(part, column(features_[tried]));
      if (!(low < high)) continue;
      const double width = static_cast<double>(high) - static_cast<double>(low);
      const double drawn = static_cast<double>(low) + rng_.unit() * width;
      // Above the lowest value and not above the highest, so that neither side is empty.
      const float above = std::nextafter(low, high);
      split = {features_[tried], std::clamp(static_cast<float>(drawn), above, high)};
      return true;
    }
    return false;
  }

  // Of the values that are not missing, infinite ones pulled in to the largest number.
  static std::pair<float, float> extremes(std::span<const std::uint32_t> part,
                                          const float* values) {
    constexpr float kMost = std::numeric_limits<float>::max();
    float low = kMost, high = -kMost;
    for (const auto i : part) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
    return {std::max(low, -kMost), std::min(high, kMost)};
  }

  bool missing_go_left(std::span<const std::uint32_t> part, const Split& split) const {
    const float* values = column(split.feature);
    std::size_t left = 0, right = 0;
    for (const auto i : part) {
      left += values[i] < split.threshold ? 1 : 0;
      right += values[i] >= split.threshold ? 1 : 0;
    }
    return left > right;
  }

  std::size_t divide(std::span<std::uint32_t> part, const Split& split, bool missing_left) const {
    const float* values = column(split.feature);
    const auto middle = std::partition(part.begin(), part.end(), [&](std::uint32_t i) {
      return std::isnan(values[i]) ? missing_left : values[i] < split.threshold;
    });
    return static_cast<std::size_t>(middle - part.begin());
  }

  Rng rng_;
  std::size_t samples_;
  std::size_t depth_limit_;  // where a row's path is as long as that of an ordinary one
  std::vector<float> values_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> features_;
  IsolationTree tree_;
};

}  // namespace

Json IsolationTraining::json() const {
  return Json::object({{"trees", trees}, {"samples", samples}});
}

Result<IsolationTraining> IsolationTraining::from_json(const Json& json) {
  IsolationTraining training;
  WINNOW_TRY(training.trees, need_count(json, "trees", kMostCount));
  WINNOW_TRY(training.samples, need_count(json, "samples", kMostCount));
  WINNOW_TRY(check(training));
  return training;
}

Result<IsolationTrees> train_isolation(MatrixView rows, std::vector<std::string> features,
                                       const IsolationTraining& training, std::uint64_t seed,
                                       unsigned threads) {
  WINNOW_TRY(check(training));
  if (rows.rows < 2 || features.size() != rows.columns) {
    return Error(Code::InvalidArgument,
                 fmt::format("an isolation forest needs two rows and a name for each column: {} "
                             "rows, {} names for {} columns",
                             rows.rows, features.size(), rows.columns));
  }
  const auto samples = std::min<std::size_t>(training.samples, rows.rows);
  IsolationTrees made{std::move(features), std::vector<IsolationTree>(training.trees),
                      average_path(samples)};
  const Rng rng(seed);
  // Each tree has a stream of its own, so it does not matter which thread grows it.
  const auto grow_every = [&](std::size_t first, std::size_t step) {
    for (std::size_t t = first; t < made.trees.size(); t += step) {
      made.trees[t] = TreeGrower(rows, samples, rng.fork(fmt::format("tree {}", t))).grow();
    }
  };
  const std::size_t workers = std::clamp<std::size_t>(threads, 1, training.trees);
  std::vector<std::thread> others;
  for (std::size_t w = 1; w < workers; ++w) {
    others.push_back(start_thread("isolation", [&, w] { grow_every(w, workers); }));
  }
  grow_every(0, workers);
  for (auto& other : others) other.join();
  return made;
}

}  // namespace winnow::learn
