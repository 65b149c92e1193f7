// A program that tells what a model says of rows: NAME MODEL COLUMNS < ROWS > ANSWERS, float32,
// row-major.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <span>
#include <vector>

#include "base/file.h"
#include "base/matrix.h"
#include "base/result.h"

namespace winnow {

inline constexpr std::size_t kMostModelBytes = 256UL << 20;

// What is written is the answer.
using Answer = Status (*)(const Path& model, MatrixView rows);

inline void write_floats(std::span<const float> values) {
  std::fwrite(values.data(), sizeof(float), values.size(), stdout);
}

inline Status check_columns(std::size_t of_model, MatrixView rows) {
  if (of_model == rows.columns) return {};
  return Error(Code::InvalidArgument, "the model does not have the columns that the rows have");
}

inline int main_of(Answer answer, int argc, char** argv) {
  const std::size_t columns = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
  if (columns == 0) {
    std::fprintf(stderr, "usage: %s MODEL COLUMNS < ROWS > ANSWERS\n", argv[0]);
    return 2;
  }
  std::vector<float> values;
  float block[4096];
  while (const auto count = std::fread(block, sizeof(float), std::size(block), stdin))
    values.insert(values.end(), block, block + count);
  const auto done = answer(argv[1], {values.data(), values.size() / columns, columns});
  if (!done) std::fprintf(stderr, "%s\n", done.error().text().c_str());
  return done ? 0 : 1;
}

}  // namespace winnow
