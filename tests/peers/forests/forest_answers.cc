// What a model file says of rows, as Winnow reads it: forest_answers MODEL COLUMNS < ROWS > ANSWERS
// Rows are float32, row-major. Answers are float32: the margins of all rows, their predictions, and
// for each output the contributions of all rows, each row's base last.
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "model/forest_import.h"
#include "model/forest_model.h"

namespace winnow {
namespace {

std::vector<float> read_floats(std::FILE* in) {
  std::vector<float> values;
  float block[4096];
  while (const auto count = std::fread(block, sizeof(float), std::size(block), in))
    values.insert(values.end(), block, block + count);
  return values;
}

void write_floats(std::span<const float> values) {
  std::fwrite(values.data(), sizeof(float), values.size(), stdout);
}

Status answer(const Path& path, std::size_t columns) {
  WINNOW_TRY(const auto bytes, read_file(path, 256UL << 20));
  WINNOW_TRY(auto forest, read_forest(bytes));
  if (forest.features != columns)
    return Error(Code::InvalidArgument, "the model does not have the columns that the rows have");
  WINNOW_TRY(const auto model, ForestModel::compile(std::move(forest)));
  const auto values = read_floats(stdin);
  const MatrixView rows{values.data(), values.size() / columns, columns};
  std::vector<float> answers(rows.rows * model.outputs());
  model.margins(rows, answers);
  write_floats(answers);
  model.score(rows, answers);
  write_floats(answers);
  for (std::size_t output = 0; output < model.outputs(); ++output) {
    Contributions contributions;
    model.explain_output(rows, output, contributions);
    for (std::size_t i = 0; i < rows.rows; ++i) {
      write_floats(contributions.row(i));
      const float base = contributions.base(i);
      write_floats({&base, 1});
    }
  }
  return {};
}

}  // namespace
}  // namespace winnow

int main(int argc, char** argv) {
  const std::size_t columns = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
  if (columns == 0) {
    std::fputs("usage: forest_answers MODEL COLUMNS < ROWS > ANSWERS\n", stderr);
    return 2;
  }
  const auto done = winnow::answer(argv[1], columns);
  if (!done) std::fprintf(stderr, "%s\n", done.error().text().c_str());
  return done ? 0 : 1;
}
