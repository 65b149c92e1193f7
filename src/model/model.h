// What every model is: rows of features in, probabilities and their reasons out.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/matrix.h"

namespace winnow {

// How much each column moved each row's margin: row-major, one float for each column and last the
// base, which every row shares. A row's entries sum to its margin (log-odds, before calibration).
class Contributions {
 public:
  // Makes room for `rows` x (`columns` + base), all zero. Keeps its memory: reusing one allocates
  // only to grow.
  void reset(std::size_t rows, std::size_t columns);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::span<const float> row(std::size_t i) const {  // the columns of row i, without the base
    return {values_.data() + i * (columns_ + 1), columns_};
  }
  std::span<float> row(std::size_t i) { return {values_.data() + i * (columns_ + 1), columns_}; }
  float base(std::size_t i) const { return values_[i * (columns_ + 1) + columns_]; }
  float& base(std::size_t i) { return values_[i * (columns_ + 1) + columns_]; }

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<float> values_;
};

// Immutable and shared by threads. The same rows give the same bits on every machine, in any batch.
class Model {
 public:
  virtual ~Model() = default;

  virtual std::size_t columns() const = 0;  // that a row must have

  // One probability (or prediction) a row. Allocates nothing. `probabilities` has rows.rows places.
  virtual void score(MatrixView rows, std::span<float> probabilities) const = 0;

  // The contributions of each row, exact (path-dependent TreeSHAP) to 1e-5. Resets `out`.
  virtual void explain(MatrixView rows, Contributions& out) const = 0;
};

}  // namespace winnow
