// What a model file says of rows, as Winnow reads it: forest_answers MODEL COLUMNS < ROWS > ANSWERS
// Rows are float32, row-major. Answers are float32: the margins of all rows, their predictions, and
// for each output the contributions of all rows, each row's base last.
#include "model/forest_import.h"
#include "model/forest_model.h"
#include "tests/peers/answers.h"

namespace winnow {
namespace {

Status answer(const Path& path, MatrixView rows) {
  WINNOW_TRY(const auto bytes, read_file(path, kMostModelBytes));
  WINNOW_TRY(auto forest, read_forest(bytes));
  WINNOW_TRY(check_columns(forest.features, rows));
  WINNOW_TRY(const auto model, ForestModel::compile(std::move(forest)));
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

int main(int argc, char** argv) { return winnow::main_of(winnow::answer, argc, argv); }
