#include "learn/linear_trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/contract.h"
#include "learn/detail/whole_number.h"

namespace winnow::learn {
namespace {

double logistic(double u) {
  if (u >= 0) return 1 / (1 + std::exp(-u));
  const double e = std::exp(u);
  return e / (1 + e);
}

// The dual has a variable alpha in (0, limit) for each row; with alpha = limit x logistic(u), the
// optimality condition of one variable, the others fixed, is
//   curvature x (alpha(u) - alpha_now) + gradient + u = 0,
// whose left side rises in u with a slope of at least 1: Newton's method inside a bracket finds its
// root.
double solve_one(double curvature, double gradient, double limit, double alpha_now, double u) {
  double low = -gradient - curvature * (limit - alpha_now),
         high = -gradient + curvature * alpha_now;
  u = std::clamp(u, low, high);
  for (int step = 0; step < 50; ++step) {
    const double s = logistic(u);
    const double value = curvature * (limit * s - alpha_now) + gradient + u;
    if (std::abs(value) < 1e-9) break;
    (value > 0 ? high : low) = u;
    const double newton = u - value / (curvature * limit * s * (1 - s) + 1);
    u = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return u;
}

class DualDescent {
 public:
  DualDescent(const DataSet& data, std::span<const std::uint32_t> rows,
              std::span<const std::uint8_t> positive, std::span<const double> weights, double cost)
      : data_(data), w_(data.shape().term_space, 0.0) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (weights[i] <= 0) continue;
      const double sign = positive[i] != 0 ? 1 : -1;
      Row row{rows[i], sign, cost * weights[i], 1, kStart, 0};  // 1: the square of the bias term
      for (const auto& run : data.term_runs(row.row)) {
        row.square += double{run.value} * run.value * run.terms;
      }
      row.alpha = row.limit * logistic(row.u);
      add(row, sign * row.alpha);
      rows_.push_back(row);
    }
  }

  // One pass in the given order; returns the largest gradient it met.
  double pass(std::span<const std::uint32_t> order) {
    double worst = 0;
    for (const auto i : order) {
      auto& row = rows_[i];
      const double gradient = row.sign * margin(row.row);
      worst = std::max(worst, std::abs(gradient + row.u));
      row.u = solve_one(row.square, gradient, row.limit, row.alpha, row.u);
      const double alpha = row.limit * logistic(row.u);
      add(row, row.sign * (alpha - row.alpha));
      row.alpha = alpha;
    }
    return worst;
  }

  std::size_t size() const { return rows_.size(); }

  Result<LinearModel> model() const {
    return LinearModel::create({w_.begin(), w_.end()}, static_cast<float>(bias_));
  }

 private:
  static constexpr double kStart = -7;  // alpha near 0: a row counts only once it must
  struct Row {
    std::uint32_t row;
    double sign, limit, square;
    double u, alpha;
  };

  double margin(std::uint32_t row) const {
    const auto indices = data_.term_indices(row);
    double sum = bias_;
    std::size_t at = 0;
    for (const auto& run : data_.term_runs(row)) {
      double part = 0;
      for (const auto end = at + run.terms; at < end; ++at) part += w_[indices[at]];
      sum += run.value * part;
    }
    return sum;
  }

  void add(const Row& row, double amount) {
    const auto indices = data_.term_indices(row.row);
    bias_ += amount;
    std::size_t at = 0;
    for (const auto& run : data_.term_runs(row.row)) {
      const double step = amount * run.value;
      for (const auto end = at + run.terms; at < end; ++at) w_[indices[at]] += step;
    }
  }

  const DataSet& data_;
  std::vector<double> w_;
  double bias_ = 0;
  std::vector<Row> rows_;
};

Status check(const LinearTraining& training) {
  const bool holds = training.cost > 0 && std::isfinite(training.cost) && training.tolerance > 0 &&
                     training.rounds > 0;
  if (holds) return {};
  return Error(
      Code::InvalidArgument,
      fmt::format("a linear model cannot be trained with cost {}, tolerance {} and {} rounds",
                  training.cost, training.tolerance, training.rounds));
}

}  // namespace

Json LinearTraining::json() const {
  return Json::object({{"cost", cost}, {"tolerance", tolerance}, {"rounds", rounds}});
}

Result<LinearTraining> LinearTraining::from_json(const Json& json) {
  LinearTraining training;
  WINNOW_TRY(training.cost, json.need_number("cost"));
  WINNOW_TRY(training.tolerance, json.need_number("tolerance"));
  WINNOW_TRY(training.rounds, need_count(json, "rounds", kMostCount));
  WINNOW_TRY(check(training));
  return training;
}

Result<LinearModel> train_linear(const DataSet& data, std::span<const std::uint32_t> rows,
                                 std::span<const std::uint8_t> positive,
                                 std::span<const double> weights, const LinearTraining& training,
                                 Rng rng) {
  ensure(rows.size() == weights.size() && rows.size() == positive.size(),
         "each row has its truth and weight");
  WINNOW_TRY(check(training));
  const auto positives = std::count(positive.begin(), positive.end(), std::uint8_t{1});
  if (positives == 0 || static_cast<std::size_t>(positives) == rows.size()) {
    return Error(Code::InvalidArgument, "a linear model needs rows of both classes");
  }
  DualDescent descent(data, rows, positive, weights, training.cost);
  std::vector<std::uint32_t> order(descent.size());
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t round = 0; round < training.rounds; ++round) {
    rng.shuffle(std::span(order));
    if (descent.pass(order) <= training.tolerance) break;
  }
  return descent.model();
}

std::vector<double> text_margins(const LinearModel& model, const DataSet& data,
                                 std::span<const std::uint32_t> rows) {
  std::vector<double> margins;
  margins.reserve(rows.size());
  std::vector<float> scratch;
  for (const auto row : rows) margins.push_back(model.margin(data.terms(row, scratch)));
  return margins;
}

}  // namespace winnow::learn
