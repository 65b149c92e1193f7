// Winnow's side of bench/model/peers.py: an isolation forest that scikit-learn fitted, scored on
// the rows that it scores, whenever it asks.
//
//   isolation_scorer TREES ROWS SCORES
//
// TREES: "features F usual-path P", then "tree N" and N lines "feature threshold right samples" in
// preorder (right 0: a leaf). ROWS and SCORES: floats. Each number on standard input is answered
// by the CPU seconds that scoring all rows took, so many rows a call.
#include <algorithm>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "base/file.h"
#include "bench/model/contest.h"
#include "model/isolation_forest.h"

namespace winnow::bench {
namespace {

Result<IsolationTrees> read_trees(const Path& file) {
  std::ifstream in(file);
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

Status run(char** arguments) {
  WINNOW_TRY(const auto trees, read_trees(arguments[1]));
  WINNOW_TRY(const auto bytes, read_file(arguments[2], 1UL << 30));
  const auto columns = trees.features.size();
  std::vector<float> rows(bytes.size() / sizeof(float));
  std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<char*>(rows.data()));
  const auto count = rows.size() / columns;
  std::vector<float> scores(count);
  WINNOW_TRY(const auto forest, IsolationForest::create(trees));
  for (std::size_t batch = 0; std::cin >> batch && batch > 0;) {
    const double begun = thread_cpu_seconds();
    for (std::size_t at = 0; at < count; at += batch) {
      const auto some = std::min(batch, count - at);
      forest.score({rows.data() + at * columns, some, columns}, {scores.data() + at, some});
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
    std::cerr << "isolation_scorer TREES ROWS SCORES; bench/model/peers.py runs it\n";
    return 2;
  }
  const auto done = winnow::bench::run(arguments);
  if (!done) std::cerr << done.error().text() << '\n';
  return done ? 0 : 1;
}
