#include "learn/baseline.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>
#include <linear.h>

namespace winnow::learn {
namespace {

using Nodes = std::vector<feature_node>;
using Rows = std::span<const std::uint32_t>;

// How LIBLINEAR sees a row, fitted on the rows that train: append() gives its values, with indices
// that count from 1 to width().
class TextTerms {
 public:
  TextTerms(const DataSet& data, Rows train) : data_(&data), idf_(data.shape().term_space, 0) {
    for (const auto row : train) {
      for (const auto term : data.term_indices(row)) idf_[term] += 1;
    }
    for (auto& value : idf_)
      value = std::log((1 + static_cast<double>(train.size())) / (1 + value)) + 1;
  }

  int width() const { return static_cast<int>(idf_.size()); }

  // With length 1.
  void append(Nodes& nodes, std::uint32_t row) const {
    const auto terms = data_->term_indices(row);
    double square = 0;
    for (const auto term : terms) square += idf_[term] * idf_[term];
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
    for (const auto term : terms) {
      nodes.push_back({static_cast<int>(term) + 1, idf_[term] * scale});
    }
  }

 private:
  const DataSet* data_;
  std::vector<double> idf_;
};

// Columns as deviations from their mean, and marks of those that are missing.
class StandardColumns {
 public:
  StandardColumns(const DataSet& data, Rows train)
      : data_(&data), columns_(data.shape().columns.size()) {
    std::vector<double> present(columns_.size(), 0);
    for_present(train, [&](std::size_t c, double value) {
      present[c] += 1;
      columns_[c].mean += (value - columns_[c].mean) / present[c];
    });
    for_present(train, [&](std::size_t c, double value) {
      const double off = value - columns_[c].mean;
      columns_[c].scale += off * off / present[c];
    });
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      auto& column = columns_[c];
      // What never varies in training says nothing later.
      column.scale = column.scale > 0 ? 1 / std::sqrt(column.scale) : 0;
      if (present[c] > 0 && present[c] < static_cast<double>(train.size())) column.mark = ++width_;
    }
  }

  int width() const { return width_ + static_cast<int>(columns_.size()); }

  void append(Nodes& nodes, std::uint32_t row) const {
    const auto values = data_->values(row);
    const int marks_begin = static_cast<int>(columns_.size());
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const auto& column = columns_[c];
      if (std::isnan(values[c]) || column.scale == 0) continue;
      nodes.push_back({static_cast<int>(c) + 1, (values[c] - column.mean) * column.scale});
    }
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (columns_[c].mark > 0 && std::isnan(values[c])) {
        nodes.push_back({marks_begin + columns_[c].mark, 1});
      }
    }
  }

 private:
  struct Column {
    double mean = 0;
    double scale = 0;  // the variance while fitting, then 1 / deviation
    int mark = 0;      // which of the marks says that it is missing, from 1; 0: none does
  };

  template <typename Visit>
  void for_present(Rows rows, const Visit& visit) const {
    for (const auto row : rows) {
      const auto values = data_->values(row);
      for (std::size_t c = 0; c < values.size(); ++c) {
        if (!std::isnan(values[c])) visit(c, values[c]);
      }
    }
  }

  const DataSet* data_;
  std::vector<Column> columns_;
  int width_ = 0;  // of the marks
};

// With LIBLINEAR's bias term and end mark.
template <typename View>
void append_row(Nodes& nodes, const View& view, std::uint32_t row) {
  view.append(nodes, row);
  nodes.push_back({view.width() + 1, 1});
  nodes.push_back({-1, 0});
}

struct Free {
  void operator()(model* trained) const { free_and_destroy_model(&trained); }
};
using TrainedModel = std::unique_ptr<model, Free>;

template <typename View>
Result<TrainedModel> train_on(const DataSet& data, Rows rows, const View& view) {
  Nodes nodes;
  std::vector<std::size_t> begins;
  std::vector<double> labels;
  for (const auto row : rows) {
    begins.push_back(nodes.size());
    append_row(nodes, view, row);
    labels.push_back(data.label(row) == Label::Malicious ? 1 : 0);
  }
  std::vector<feature_node*> first_nodes;
  for (const auto begin : begins) first_nodes.push_back(nodes.data() + begin);
  problem task{};
  task.l = static_cast<int>(rows.size());
  task.n = view.width() + 1;
  task.y = labels.data();
  task.x = first_nodes.data();
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

template <typename View>
Result<std::vector<double>> scores_by(const View& view, const DataSet& data, Rows train,
                                      Rows test) {
  WINNOW_TRY(const auto trained, train_on(data, train, view));
  // LIBLINEAR's margin speaks for the label it met first.
  const double sign = trained->label[0] == 1 ? 1 : -1;
  std::vector<double> scores;
  Nodes nodes;
  for (const auto row : test) {
    nodes.clear();
    append_row(nodes, view, row);
    double margin = 0;
    predict_values(trained.get(), nodes.data(), &margin);
    scores.push_back(1 / (1 + std::exp(-sign * margin)));
  }
  return scores;
}

}  // namespace

Result<std::vector<double>> baseline_scores(const DataSet& data, Rows train, Rows test) {
  const auto malicious = std::count_if(
      train.begin(), train.end(), [&](auto row) { return data.label(row) == Label::Malicious; });
  if (malicious == 0 || static_cast<std::size_t>(malicious) == train.size()) {
    return Error(Code::InvalidArgument, "the baseline needs rows of both classes");
  }
  if (data.shape().term_space > 0) return scores_by(TextTerms(data, train), data, train, test);
  return scores_by(StandardColumns(data, train), data, train, test);
}

}  // namespace winnow::learn
