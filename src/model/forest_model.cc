#include "model/forest_model.h"

#include <algorithm>

#include "model/detail/shap_walk.h"

namespace winnow {

struct ForestModel::Compiled {
  Forest forest;
  CpuLevel level;
  std::vector<double> means;  // for each output: base score plus the mean of every tree
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

}  // namespace

ForestModel::ForestModel(std::unique_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}
ForestModel::~ForestModel() = default;
ForestModel::ForestModel(ForestModel&&) noexcept = default;
ForestModel& ForestModel::operator=(ForestModel&&) noexcept = default;

Result<ForestModel> ForestModel::compile(Forest forest, CpuLevel level) {
  WINNOW_TRY(check(forest));
  level = std::min(level, cpu_levels().back());
  auto means = means_of(forest);
  return ForestModel(
      std::make_unique<const Compiled>(Compiled{std::move(forest), level, std::move(means)}));
}

const Forest& ForestModel::forest() const { return compiled_->forest; }
CpuLevel ForestModel::level() const { return compiled_->level; }
std::size_t ForestModel::columns() const { return forest().features; }
std::size_t ForestModel::outputs() const { return forest().outputs(); }

void ForestModel::margins(MatrixView rows, std::span<float> margins) const {
  ensure(rows.rows == 0 || rows.columns == columns(), "a row has the model's columns");
  ensure(margins.size() >= rows.rows * outputs(), "each row has a place for each output");
  for (std::size_t i = 0; i < rows.rows; ++i) {
    walk_margins(forest(), rows.row(i), margins.subspan(i * outputs(), outputs()));
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
  std::vector<double> phi(columns());
  for (std::size_t i = 0; i < rows.rows; ++i) {
    std::fill(phi.begin(), phi.end(), 0.0);
    for (const auto& tree : forest().trees) {
      add_contributions(tree, static_cast<std::uint32_t>(output), rows.row(i), phi);
    }
    std::transform(phi.begin(), phi.end(), out.row(i).begin(),
                   [](double value) { return static_cast<float>(value); });
    out.base(i) = static_cast<float>(compiled_->means[output]);
  }
}

}  // namespace winnow
