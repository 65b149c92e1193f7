#include "learn/baseline.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>
#include <linear.h>

namespace winnow::learn {
namespace {

using Nodes = std::vector<feature_node>;

std::vector<double> idf_of(const DataSet& data, std::span<const std::uint32_t> rows) {
  std::vector<double> idf(data.shape().term_space, 0);
  for (const auto row : rows) {
    for (const auto term : data.term_indices(row)) idf[term] += 1;
  }
  for (auto& value : idf)
    value = std::log((1 + static_cast<double>(rows.size())) / (1 + value)) + 1;
  return idf;
}

// Appends a row of length 1 with LIBLINEAR's bias term and end mark; its indices count from 1.
void append_row(Nodes& nodes, const DataSet& data, std::uint32_t row,
                const std::vector<double>& idf) {
  const auto terms = data.term_indices(row);
  double square = 0;
  for (const auto term : terms) square += idf[term] * idf[term];
  const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
  for (const auto term : terms) nodes.push_back({static_cast<int>(term) + 1, idf[term] * scale});
  nodes.push_back({static_cast<int>(data.shape().term_space) + 1, 1});
  nodes.push_back({-1, 0});
}

struct Free {
  void operator()(model* trained) const { free_and_destroy_model(&trained); }
};
using TrainedModel = std::unique_ptr<model, Free>;

Result<TrainedModel> train_on(const DataSet& data, std::span<const std::uint32_t> rows,
                              const std::vector<double>& idf) {
  Nodes nodes;
  std::size_t size = 0;
  for (const auto row : rows) size += data.term_indices(row).size() + 2;
  nodes.reserve(size);  // rows point into it
  std::vector<feature_node*> begins;
  std::vector<double> labels;
  for (const auto row : rows) {
    begins.push_back(nodes.data() + nodes.size());
    append_row(nodes, data, row, idf);
    labels.push_back(data.label(row) == Label::Malicious ? 1 : 0);
  }
  problem task{};
  task.l = static_cast<int>(rows.size());
  task.n = static_cast<int>(data.shape().term_space) + 1;
  task.y = labels.data();
  task.x = begins.data();
  task.bias = 1;
  parameter settings{};
  settings.solver_type =
      L2R_LR;  // of LIBLINEAR's solvers for this loss the one without random numbers
  settings.eps = 0.01;
  settings.C = 1;
  if (const char* refused = check_parameter(&task, &settings); refused != nullptr) {
    return Error(Code::Unavailable, fmt::format("LIBLINEAR refuses: {}", refused));
  }
  set_print_string_function([](const char*) {});
  return TrainedModel(train(&task, &settings));
}

}  // namespace

Result<std::vector<double>> baseline_scores(const DataSet& data,
                                            std::span<const std::uint32_t> train,
                                            std::span<const std::uint32_t> test) {
  const auto malicious = std::count_if(
      train.begin(), train.end(), [&](auto row) { return data.label(row) == Label::Malicious; });
  if (data.shape().term_space == 0 || malicious == 0 ||
      static_cast<std::size_t>(malicious) == train.size()) {
    return Error(Code::InvalidArgument, "the baseline needs text and rows of both classes");
  }
  const auto idf = idf_of(data, train);
  WINNOW_TRY(const auto trained, train_on(data, train, idf));
  // LIBLINEAR's margin speaks for the label it met first.
  const double sign = trained->label[0] == 1 ? 1 : -1;
  std::vector<double> scores;
  Nodes nodes;
  for (const auto row : test) {
    nodes.clear();
    append_row(nodes, data, row, idf);
    double margin = 0;
    predict_values(trained.get(), nodes.data(), &margin);
    scores.push_back(1 / (1 + std::exp(-sign * margin)));
  }
  return scores;
}

}  // namespace winnow::learn
