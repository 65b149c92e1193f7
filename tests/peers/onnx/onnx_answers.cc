// What an ONNX file says of rows, as Winnow reads it: onnx_answers MODEL COLUMNS < ROWS > ANSWERS
// Rows and answers are float32, row-major: the predictions, or the novelty of an isolation forest.
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <span>

#include "base/file.h"
#include "model/forest_model.h"
#include "model/onnx_import.h"

namespace winnow {
namespace {

std::vector<float> read_floats(std::FILE* in) {
  std::vector<float> values;
  float block[4096];
  while (const auto count = std::fread(block, sizeof(float), std::size(block), in))
    values.insert(values.end(), block, block + count);
  return values;
}

Result<std::vector<float>> answers_of(const Forest& forest, MatrixView rows) {
  std::vector<float> answers(rows.rows * forest.outputs());
  WINNOW_TRY(const auto model, ForestModel::compile(forest));
  model.score(rows, answers);
  return answers;
}

Result<std::vector<float>> answers_of(const LinkedLinear& model, MatrixView rows) {
  Forest link;  // which has no trees, but the same link
  link.base_scores = {0};
  link.link = model.link;
  std::vector<float> answers;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    answers.push_back(static_cast<float>(model.linear.margin(rows.row(i))));
    apply_link(link, {&answers.back(), 1});
  }
  return answers;
}

Result<std::vector<float>> answers_of(const IsolationTrees& trees, MatrixView rows) {
  std::vector<float> answers(rows.rows);
  WINNOW_TRY(const auto model, IsolationForest::create(trees));
  model.score(rows, answers);
  return answers;
}

Status answer(const Path& path, std::size_t columns) {
  WINNOW_TRY(const auto bytes, read_file(path, 256UL << 20));
  WINNOW_TRY(const auto read, read_onnx(bytes, {.max_bytes = 256UL << 20}));
  if (read.columns.size() != columns)
    return Error(Code::InvalidArgument, "the model does not have the columns that the rows have");
  const auto values = read_floats(stdin);
  const MatrixView rows{values.data(), values.size() / columns, columns};
  WINNOW_TRY(const auto answers,
             std::visit([&](const auto& model) { return answers_of(model, rows); }, read.model));
  std::fwrite(answers.data(), sizeof(float), answers.size(), stdout);
  return {};
}

}  // namespace
}  // namespace winnow

int main(int argc, char** argv) {
  const std::size_t columns = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
  if (columns == 0) {
    std::fputs("usage: onnx_answers MODEL COLUMNS < ROWS > ANSWERS\n", stderr);
    return 2;
  }
  const auto done = winnow::answer(argv[1], columns);
  if (!done) std::fprintf(stderr, "%s\n", done.error().text().c_str());
  return done ? 0 : 1;
}
