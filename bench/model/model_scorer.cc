// Winnow's side of bench/model/peers.py: a model that another library fitted, scored on the rows
// that it scores, whenever it asks.
//
//   model_scorer MODEL ROWS SCORES
//
// MODEL: what LightGBM or ONNX converters write; or an isolation forest as peers.py writes it:
// "features F usual-path P", then "tree N" and N lines "feature threshold right samples" in
// preorder (right 0: a leaf). ROWS and SCORES: floats. Each number on standard input is answered by
// the CPU seconds that scoring all rows took, so many rows a call.
#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>

#include <fmt/format.h>

#include "base/file.h"
#include "bench/model/contest.h"
#include "model/forest_import.h"
#include "model/forest_model.h"
#include "model/isolation_forest.h"
#include "model/onnx_import.h"

namespace winnow::bench {
namespace {

Result<IsolationTrees> read_trees(const std::string& text) {
  std::istringstream in(text);
  IsolationTrees trees;
  std::string word;
  std::size_t features = 0, nodes = 0;
  in >> word >> features >> word >> trees.usual_path;
  for (std::size_t i = 0; i < features; ++i) trees.features.push_back(fmt::format("f{}", i));
  while (in >> word >> nodes) {
    auto& tree = trees.trees.emplace_back();
    for (std::size_t i = 0; i < nodes; ++i) {
      auto& node = tree.emplace_back();
      in >> node.feature >> node.threshold >> node.right >> node.samples;
    }
  }
  return trees;
}

template <typename Scored>
Result<std::unique_ptr<const Model>> owned(Result<Scored> model) {
  if (!model) return std::move(model).error();
  return std::unique_ptr<const Model>(std::make_unique<Scored>(std::move(*model)));
}

Result<std::unique_ptr<const Model>> read_model(const Path& file) {
  WINNOW_TRY(const auto bytes, read_file(file, 1UL << 30));
  if (bytes.starts_with("features ")) {
    WINNOW_TRY(auto trees, read_trees(bytes));
    return owned(IsolationForest::create(std::move(trees)));
  }
  if (looks_like_onnx(bytes)) {
    WINNOW_TRY(auto onnx, read_onnx(bytes));
    if (auto* const forest = std::get_if<Forest>(&onnx.model))
      return owned(ForestModel::compile(std::move(*forest)));
    return Error(Code::Unsupported, "the ONNX model is no forest");
  }
  WINNOW_TRY(auto forest, read_lightgbm(bytes));
  return owned(ForestModel::compile(std::move(forest)));
}

Status run(char** arguments) {
  WINNOW_TRY(const auto model, read_model(arguments[1]));
  WINNOW_TRY(const auto bytes, read_file(arguments[2], 1UL << 30));
  const auto columns = model->columns();
  std::vector<float> rows(bytes.size() / sizeof(float));
  std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<char*>(rows.data()));
  const auto count = rows.size() / columns;
  std::vector<float> scores(count);
  for (std::size_t batch = 0; std::cin >> batch && batch > 0;) {
    const double begun = thread_cpu_seconds();
    for (std::size_t at = 0; at < count; at += batch) {
      const auto some = std::min(batch, count - at);
      model->score({rows.data() + at * columns, some, columns}, {scores.data() + at, some});
    }
    const double seconds = thread_cpu_seconds() - begun;
    const std::string_view told(reinterpret_cast<const char*>(scores.data()),
                                scores.size() * sizeof(float));
    WINNOW_TRY(write_atomically(arguments[3], told));
    std::cout << seconds << std::endl;
  }
  return {};
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  if (count != 4) {
    std::cerr << "model_scorer MODEL ROWS SCORES; bench/model/peers.py runs it\n";
    return 2;
  }
  const auto done = winnow::bench::run(arguments);
  if (!done) std::cerr << done.error().text() << '\n';
  return done ? 0 : 1;
}
