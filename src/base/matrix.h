// Rows of numbers, borrowed: what features hand to models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace winnow {

// A row-major matrix of floats; NaN is a missing value. Valid as long as its data.
struct MatrixView {
  const float* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;

  std::span<const float> row(std::size_t i) const { return {data + i * columns, columns}; }
};

// A sparse row: `values[k]` at column `indices[k]`; indices ascend and are unique.
struct SparseView {
  std::span<const std::uint32_t> indices;
  std::span<const float> values;
};

}  // namespace winnow
