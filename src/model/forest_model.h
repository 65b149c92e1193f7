// A forest compiled for scoring: thresholds become ranks, trees complete heaps of bytes, and rows
// are scored many at a time. README.md says how.
#pragma once

#include <memory>

#include "base/cpu.h"
#include "base/result.h"
#include "model/forest.h"
#include "model/model.h"

namespace winnow {

class ForestModel final : public Model {
 public:
  // Compiles a forest; costs about as much as reading it. `level` is for tests and benchmarks: one
  // that this machine cannot run becomes the best that it can.
  // Errors: those of check().
  static Result<ForestModel> compile(Forest forest, CpuLevel level = cpu_level());
  ~ForestModel() override;
  ForestModel(ForestModel&&) noexcept;
  ForestModel& operator=(ForestModel&&) noexcept;

  const Forest& forest() const;
  CpuLevel level() const;
  std::size_t columns() const override;
  std::size_t outputs() const;

  // The sums of base score and leaves, row-major, rows.rows x outputs(). Bit-equal to walk_margins
  // at every level and in every batch size. Allocates nothing.
  void margins(MatrixView rows, std::span<float> margins) const;

  // Predictions through the link, row-major, rows.rows x outputs().
  void score(MatrixView rows, std::span<float> probabilities) const override;

  // Of the first output; explain_output() of any. The same bits at every level and in every batch
  // size.
  void explain(MatrixView rows, Contributions& out) const override;
  void explain_output(MatrixView rows, std::size_t output, Contributions& out) const;

 private:
  struct Compiled;
  explicit ForestModel(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace winnow
