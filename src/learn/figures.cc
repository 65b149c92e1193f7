#include "learn/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "learn/calibration.h"
#include "learn/ranking.h"

namespace winnow::learn {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<std::int64_t> days_of(const DataSet& data, std::span<const std::uint32_t> rows) {
  std::vector<std::int64_t> days;
  for (const auto row : rows) days.push_back(data.time(row).seconds() / 86400);
  return days;
}

// Repeats rows as often as they were drawn: for figures that are no single pass over a ranking.
double daily_recall(std::span<const double> scores, std::span<const std::uint8_t> truth,
                    std::span<const std::int64_t> days, std::span<const std::uint32_t> times,
                    double alerts) {
  std::vector<double> drawn_scores;
  std::vector<std::uint8_t> drawn_truth;
  std::vector<std::int64_t> drawn_days;
  for (std::size_t i = 0; i < times.size(); ++i) {
    drawn_scores.insert(drawn_scores.end(), times[i], scores[i]);
    drawn_truth.insert(drawn_truth.end(), times[i], truth[i]);
    drawn_days.insert(drawn_days.end(), times[i], days[i]);
  }
  return recall_at_daily_alerts(drawn_scores, drawn_truth, drawn_days, alerts);
}

SliceFigures slice_of(const DataSet& data, const ScoredRows& part, double threshold,
                      std::string name) {
  SliceFigures slice{std::move(name), part.rows.size(), 0, kNone, kNone, kNone};
  const auto truth = truth_of(data, part.rows);
  double found = 0, false_alarms = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    slice.malicious += truth[i];
    if (part.scores[i] >= threshold) (truth[i] != 0 ? found : false_alarms) += 1;
  }
  const auto benign = slice.rows - slice.malicious;
  if (slice.malicious > 0) slice.recall = found / static_cast<double>(slice.malicious);
  if (benign > 0) slice.false_positive_rate = false_alarms / static_cast<double>(benign);
  if (slice.malicious > 0 && benign > 0) {
    slice.average_precision = Ranking(part.scores, truth).average_precision();
  }
  return slice;
}

// One slice for each different name, in the order of names.
template <typename NameOf>
void add_slices(std::vector<SliceFigures>& slices, const DataSet& data, const ScoredRows& scored,
                double threshold, const NameOf& name_of) {
  std::map<std::string, ScoredRows> parts;
  for (std::size_t i = 0; i < scored.rows.size(); ++i) {
    auto& part = parts[name_of(scored.rows[i])];
    part.rows.push_back(scored.rows[i]);
    part.scores.push_back(scored.scores[i]);
  }
  for (const auto& [name, part] : parts) slices.push_back(slice_of(data, part, threshold, name));
}

}  // namespace

void ScoredRows::append(const ScoredRows& other) {
  rows.insert(rows.end(), other.rows.begin(), other.rows.end());
  scores.insert(scores.end(), other.scores.begin(), other.scores.end());
}

std::vector<std::uint32_t> without_unwanted(const DataSet& data,
                                            std::span<const std::uint32_t> rows) {
  std::vector<std::uint32_t> kept;
  for (const auto row : rows) {
    if (data.label(row) != Label::Unwanted) kept.push_back(row);
  }
  return kept;
}

Json number_or_null(double value) { return std::isnan(value) ? Json() : Json(value); }

Json Estimate::json() const {
  return Json::object({{"value", number_or_null(value)},
                       {"low", number_or_null(interval.low)},
                       {"high", number_or_null(interval.high)}});
}

std::string text_of(const Estimate& estimate) {
  if (std::isnan(estimate.value)) return "-";
  if (std::isnan(estimate.interval.low)) return fmt::format("{:.3f}", estimate.value);
  return fmt::format("{:.3f} ({:.3f}-{:.3f})", estimate.value, estimate.interval.low,
                     estimate.interval.high);
}

Json Figures::json() const {
  Json json = Json::object({{"rows", rows},
                            {"malicious", malicious},
                            {"average_precision", average_precision.json()},
                            {"roc_auc", roc_auc.json()},
                            {"recall_at_fpr_0_1_percent", recall_at_fpr_0_1_percent.json()},
                            {"recall_at_fpr_1_percent", recall_at_fpr_1_percent.json()},
                            {"recall_at_daily_alerts", recall_at_daily_alerts.json()},
                            {"brier", number_or_null(brier)},
                            {"calibration_error", number_or_null(calibration_error)}});
  if (curve.empty()) return json;
  json.set("curve", curve_json(curve)).set("reliability", reliability_json(reliability));
  return json;
}

Figures figures_of(const DataSet& data, const ScoredRows& scored, const FigureOptions& options) {
  const auto truth = truth_of(data, scored.rows);
  const Ranking ranking(scored.scores, truth);
  const auto days = days_of(data, scored.rows);
  std::vector<std::uint32_t> groups;
  for (const auto row : scored.rows) groups.push_back(data.group(row));
  const std::vector<std::uint32_t> once(truth.size(), 1);
  // Every figure sees the same draws, so that differences between figures are not differences of
  // luck.
  const auto estimate = [&](const Figure& figure) {
    if (options.draws == 0) return Estimate{figure(once), {kNone, kNone}};
    return Estimate{figure(once),
                    bootstrap_interval(groups, figure, options.draws, 0.95, Rng(options.seed))};
  };
  Figures f;
  f.rows = truth.size();
  f.malicious = static_cast<std::uint64_t>(std::count(truth.begin(), truth.end(), 1));
  f.average_precision = estimate([&](auto times) { return ranking.average_precision(times); });
  f.roc_auc = estimate([&](auto times) { return ranking.roc_auc(times); });
  f.recall_at_fpr_0_1_percent =
      estimate([&](auto times) { return ranking.recall_at_fpr(0.001, times); });
  f.recall_at_fpr_1_percent =
      estimate([&](auto times) { return ranking.recall_at_fpr(0.01, times); });
  f.recall_at_daily_alerts = estimate([&](auto times) {
    return daily_recall(scored.scores, truth, days, times, options.alerts_per_day);
  });
  f.brier = brier_score(scored.scores, truth);
  f.calibration_error = expected_calibration_error(scored.scores, truth);
  if (options.curve_points == 0 || f.malicious == 0 || f.malicious == f.rows) return f;
  f.curve = thinned(ranking.curve(), options.curve_points);
  f.reliability = reliability(scored.scores, truth, kReliabilityBins);
  return f;
}

Json SliceFigures::json() const {
  return Json::object({{"name", name},
                       {"rows", rows},
                       {"malicious", malicious},
                       {"average_precision", number_or_null(average_precision)},
                       {"recall", number_or_null(recall)},
                       {"false_positive_rate", number_or_null(false_positive_rate)}});
}

std::vector<SliceFigures> slices_of(const DataSet& data, const ScoredRows& scored, double threshold,
                                    std::span<const std::string> columns) {
  std::vector<SliceFigures> slices;
  add_slices(slices, data, scored, threshold,
             [&](std::uint32_t row) { return "source: " + data.sources()[data.source(row)]; });
  add_slices(slices, data, scored, threshold, [&](std::uint32_t row) {
    return fmt::format("year: {}", civil(data.time(row)).year);
  });
  const auto& shape = data.shape();
  for (const auto& name : columns) {
    const auto found = std::find_if(shape.columns.begin(), shape.columns.end(),
                                    [&](const Column& column) { return column.name == name; });
    if (found == shape.columns.end()) continue;
    const auto column = static_cast<std::size_t>(found - shape.columns.begin());
    add_slices(slices, data, scored, threshold, [&](std::uint32_t row) {
      const float value = data.values(row)[column];
      return name + (std::isnan(value) ? ": missing" : value > 0 ? ": above 0" : ": 0 or below");
    });
  }
  return slices;
}

}  // namespace winnow::learn
