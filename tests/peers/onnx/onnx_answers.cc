// What an ONNX file says of rows, as Winnow reads it: onnx_answers MODEL COLUMNS < ROWS > ANSWERS
// Rows and answers are float32, row-major: the predictions, or the novelty of an isolation forest.
#include "model/forest_model.h"
#include "model/onnx_import.h"
#include "tests/peers/answers.h"

namespace winnow {
namespace {

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

Status answer(const Path& path, MatrixView rows) {
  WINNOW_TRY(const auto bytes, read_file(path, kMostModelBytes));
  WINNOW_TRY(const auto read, read_onnx(bytes, {.max_bytes = kMostModelBytes}));
  WINNOW_TRY(check_columns(read.columns.size(), rows));
  WINNOW_TRY(const auto answers,
             std::visit([&](const auto& model) { return answers_of(model, rows); }, read.model));
  write_floats(answers);
  return {};
}

}  // namespace
}  // namespace winnow

int main(int argc, char** argv) { return winnow::main_of(winnow::answer, argc, argv); }
