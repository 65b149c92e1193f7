#include "model/forest_model.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "model/detail/ranked_forest.h"
#include "model/detail/shap_forest.h"
#include "model/detail/shap_walk.h"

namespace winnow {

struct ForestModel::Compiled {
  Forest forest;
  CpuLevel level;
  std::optional<RankedForest> ranked;  // absent: too many columns, rows walk
  std::vector<ShapForest> shap;        // one for each output, if ranked
  std::vector<double> means;           // for each output: base score plus the mean of every tree
};

namespace {

std::vector<double> means_of(const Forest& forest) {
  std::vector<double> means;
  for (std::uint32_t output = 0; output < forest.outputs(); ++output) {
    double mean = forest.base_scores[output];
    for (const auto& tree : forest.trees) mean += mean_of(tree, output);
    means.push_back(mean);
  }
  return means;
}

// With RankedForest::kMaxBlockColumns and what tall trees look at, what a block takes on the stack:
// 610 KiB.
constexpr std::size_t kMaxBlockOutputs = 32;

// Tables for explanations of all outputs: 256 MiB, about 20,000 trees of depth 6.
constexpr std::size_t kMaxShapFloats = 64UL << 20;

void walk_rows(const Forest& forest, MatrixView rows, std::span<float> margins) {
  const std::size_t width = forest.outputs();
  for (std::size_t i = 0; i < rows.rows; ++i)
    walk_margins(forest, rows.row(i), margins.subspan(i * width, width));
}

void add_rows(const Forest& forest, const RankedForest& ranked, const kernels::Kernels& kernels,
              MatrixView rows, std::span<float> margins) {
  alignas(64) std::uint8_t ranks[RankedForest::kMaxColumns + kernels::kChunk];
  for (std::size_t i = 0; i < rows.rows; ++i) {
    float* out = margins.data() + i * forest.outputs();
    std::copy(forest.base_scores.begin(), forest.base_scores.end(), out);
    const auto row = rows.row(i);
    if (ranked.adds_rows_by_rank()) ranked.rank_row(kernels, row.data(), ranks);
    ranked.add_row(kernels, row, ranks, out);
  }
}

void add_block(const Forest& forest, const RankedForest& ranked, const kernels::Kernels& kernels,
               MatrixView rows, std::span<float> margins) {
  alignas(64) std::uint8_t ranks[RankedForest::kMaxBlockColumns * kernels::kStride];
  alignas(64) float sums[kMaxBlockOutputs * kernels::kBlock];
  if (ranked.adds_blocks_by_rank()) {
    // Rows that a block has no data for are computed too, from zeros.
    if (rows.rows < kernels::kBlock) std::memset(ranks, 0, ranked.columns() * kernels::kStride);
    ranked.rank_block(kernels, rows.data, rows.columns, rows.rows, ranks);
  }
  for (std::size_t k = 0; k < forest.outputs(); ++k) {
    std::fill_n(sums + k * kernels::kBlock, kernels::kBlock, forest.base_scores[k]);
  }
  ranked.add_block(kernels, rows, ranks, sums);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t k = 0; k < forest.outputs(); ++k)
      margins[i * forest.outputs() + k] = sums[k * kernels::kBlock + i];
  }
}

// Explains rows in blocks, and a few left over one by one; which of the two makes no difference to
// the bits.
class Explainer {
 public:
  Explainer(const RankedForest& ranked, const ShapForest& shap, const kernels::Kernels& kernels,
            MatrixView rows)
      : ranked_(ranked), shap_(shap), kernels_(kernels), rows_(rows) {}

  void explain(Contributions& out) {
    constexpr std::size_t kBlockPays = 4;
    std::size_t at = 0;
    while (rows_.rows - at >= kBlockPays) {
      const auto count = std::min(rows_.rows - at, kernels::kExplained);
      explain_block(at, count, out);
      at += count;
    }
    for (; at < rows_.rows; ++at) explain_row(at, out);
  }

 private:
  void explain_block(std::size_t first, std::size_t count, Contributions& out) {
    ranks_.resize(ranked_.columns() * kernels::kStride, 0);
    phi_.assign(rows_.columns * kernels::kExplained, 0.0F);
    ranked_.rank_block(kernels_, rows_.row(first).data(), rows_.columns, count, ranks_.data());
    shap_.add_block(kernels_, ranks_.data(), phi_.data());
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t f = 0; f < rows_.columns; ++f)
        out.row(first + i)[f] = phi_[f * kernels::kExplained + i];
    }
  }

  void explain_row(std::size_t i, Contributions& out) const {
    alignas(64) std::uint8_t ranks[RankedForest::kMaxColumns + kernels::kChunk];
    ranked_.rank_row(kernels_, rows_.row(i).data(), ranks);
    shap_.add_row(kernels_, ranks, out.row(i).data());
  }

  const RankedForest& ranked_;
  const ShapForest& shap_;
  const kernels::Kernels& kernels_;
  MatrixView rows_;
  Lines<std::uint8_t> ranks_;  // of a block
  Lines<float> phi_;           // likewise
};

void add_slow_trees(std::span<const Tree* const> trees, MatrixView rows, std::uint32_t output,
                    Contributions& out) {
  if (trees.empty()) return;
  std::vector<double> phi(rows.columns);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    std::fill(phi.begin(), phi.end(), 0.0);
    for (const auto* tree : trees) add_contributions(*tree, output, rows.row(i), phi);
    for (std::size_t f = 0; f < phi.size(); ++f) out.row(i)[f] += static_cast<float>(phi[f]);
  }
}

}  // namespace

ForestModel::ForestModel(std::unique_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}
ForestModel::~ForestModel() = default;
ForestModel::ForestModel(ForestModel&&) noexcept = default;
ForestModel& ForestModel::operator=(ForestModel&&) noexcept = default;

Result<ForestModel> ForestModel::compile(Forest forest, CpuLevel level) {
  WINNOW_TRY(check(forest));
  level = std::min(level, cpu_levels().back());
  auto compiled = std::make_unique<Compiled>();
  compiled->forest = std::move(forest);
  compiled->level = level;
  compiled->ranked = RankedForest::make(compiled->forest);
  std::size_t room = kMaxShapFloats;
  for (std::uint32_t output = 0; compiled->ranked && output < compiled->forest.outputs();
       ++output) {
    compiled->shap.emplace_back(compiled->forest, *compiled->ranked, output, room);
  }
  compiled->means = means_of(compiled->forest);
  return ForestModel(std::move(compiled));
}

const Forest& ForestModel::forest() const { return compiled_->forest; }
CpuLevel ForestModel::level() const { return compiled_->level; }
std::size_t ForestModel::columns() const { return forest().features; }
std::size_t ForestModel::outputs() const { return forest().outputs(); }

void ForestModel::margins(MatrixView rows, std::span<float> margins) const {
  ensure(rows.rows == 0 || rows.columns == columns(), "a row has the model's columns");
  ensure(margins.size() >= rows.rows * outputs(), "each row has a place for each output");
  const auto& ranked = compiled_->ranked;
  const auto& kernels = kernels::kernels_of(level());
  const bool blocks =
      ranked &&
      (ranked->columns() <= RankedForest::kMaxBlockColumns || !ranked->adds_blocks_by_rank()) &&
      outputs() <= kMaxBlockOutputs;
  std::size_t at = 0;
  while (at < rows.rows) {
    const std::size_t count = std::min(rows.rows - at, kernels::kBlock);
    const MatrixView part{rows.data + at * rows.columns, count, rows.columns};
    const auto out = margins.subspan(at * outputs(), count * outputs());
    if (!ranked) {
      walk_rows(forest(), part, out);
    } else if (blocks && count >= kernels.block_pays) {
      add_block(forest(), *ranked, kernels, part, out);
    } else {
      add_rows(forest(), *ranked, kernels, part, out);
    }
    at += count;
  }
}

void ForestModel::score(MatrixView rows, std::span<float> probabilities) const {
  margins(rows, probabilities);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    apply_link(forest(), probabilities.subspan(i * outputs(), outputs()));
  }
}

void ForestModel::explain(MatrixView rows, Contributions& out) const {
  explain_output(rows, 0, out);
}

void ForestModel::explain_output(MatrixView rows, std::size_t output, Contributions& out) const {
  ensure(rows.rows == 0 || rows.columns == columns(), "a row has the model's columns");
  ensure(output < outputs(), "the output exists");
  out.reset(rows.rows, columns());
  if (compiled_->ranked) {
    Explainer explainer(*compiled_->ranked, compiled_->shap[output], kernels::kernels_of(level()),
                        rows);
    explainer.explain(out);
    add_slow_trees(compiled_->shap[output].slow_trees(), rows, static_cast<std::uint32_t>(output),
                   out);
  } else {
    std::vector<const Tree*> all;
    for (const auto& tree : forest().trees) all.push_back(&tree);
    add_slow_trees(all, rows, static_cast<std::uint32_t>(output), out);
  }
  for (std::size_t i = 0; i < rows.rows; ++i)
    out.base(i) = static_cast<float>(compiled_->means[output]);
}

}  // namespace winnow
