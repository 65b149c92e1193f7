#include "learn/over_time.h"

#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "learn/ranking.h"

namespace winnow::learn {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

MonthFigures figures_of_month(const DataSet& data, std::string month, const ScoredRows& part,
                              double threshold) {
  MonthFigures out{std::move(month), part.rows.size(), 0, kNone, kNone};
  const auto truth = truth_of(data, part.rows);
  double found = 0, alerts = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    out.malicious += truth[i];
    if (part.scores[i] < threshold) continue;
    alerts += 1;
    found += truth[i];
  }
  if (out.malicious == 0) return out;
  // 2 / (1 / precision + 1 / recall), which is 0 when nothing is found.
  out.f1 = 2 * found / (alerts + static_cast<double>(out.malicious));
  if (out.malicious < out.rows)
    out.average_precision = Ranking(part.scores, truth).average_precision();
  return out;
}

}  // namespace

Json MonthFigures::json() const {
  return Json::object({{"month", month},
                       {"rows", rows},
                       {"malicious", malicious},
                       {"average_precision", number_or_null(average_precision)},
                       {"f1", number_or_null(f1)}});
}

std::vector<MonthFigures> months_of(const DataSet& data, const ScoredRows& scored,
                                    double threshold) {
  std::map<std::string, ScoredRows> parts;
  for (std::size_t i = 0; i < scored.rows.size(); ++i) {
    const auto t = civil(data.time(scored.rows[i]));
    auto& part = parts[fmt::format("{:04}-{:02}", t.year, t.month)];
    part.rows.push_back(scored.rows[i]);
    part.scores.push_back(scored.scores[i]);
  }
  std::vector<MonthFigures> months;
  for (const auto& [month, part] : parts)
    months.push_back(figures_of_month(data, month, part, threshold));
  return months;
}

double area_under_time(std::span<const double> by_month) {
  std::vector<double> values;
  for (const double value : by_month) {
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return kNone;
  if (values.size() == 1) return values.front();
  double area = 0;
  for (std::size_t i = 1; i < values.size(); ++i) area += (values[i - 1] + values[i]) / 2;
  return area / static_cast<double>(values.size() - 1);
}

}  // namespace winnow::learn
