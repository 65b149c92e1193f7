#include "learn/ranking.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "base/contract.h"

namespace winnow::learn {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double times_of(std::span<const std::uint32_t> times, std::uint32_t row) {
  return times.empty() ? 1.0 : static_cast<double>(times[row]);
}

}  // namespace

Ranking::Ranking(std::span<const double> scores, std::span<const std::uint8_t> positive)
    : order_(scores.size()),
      scores_(scores.begin(), scores.end()),
      positive_(positive.begin(), positive.end()) {
  ensure(scores.size() == positive.size(), "each score has its truth");
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return scores_[a] != scores_[b] ? scores_[a] > scores_[b] : a < b;
  });
  for (std::uint32_t i = 1; i <= order_.size(); ++i) {
    if (i == order_.size() || scores_[order_[i]] != scores_[order_[i - 1]]) tie_ends_.push_back(i);
  }
}

// Calls visit(true positives, false positives, row of the run) after each run of equal scores, with
// the counts so far; stops when it returns false.
template <typename Visit>
void Ranking::walk(std::span<const std::uint32_t> times, const Visit& visit) const {
  ensure(times.empty() || times.size() == size(), "each row has its multiplicity");
  double tp = 0, fp = 0;
  std::uint32_t at = 0;
  for (const auto end : tie_ends_) {
    for (; at < end; ++at) (positive_[order_[at]] != 0 ? tp : fp) += times_of(times, order_[at]);
    if (!visit(tp, fp, order_[end - 1])) return;
  }
}

Ranking::Totals Ranking::totals(std::span<const std::uint32_t> times) const {
  Totals totals;
  for (std::uint32_t row = 0; row < size(); ++row) {
    (positive_[row] != 0 ? totals.positive : totals.negative) += times_of(times, row);
  }
  return totals;
}

double Ranking::average_precision(std::span<const std::uint32_t> times) const {
  double sum = 0, before = 0;
  walk(times, [&](double tp, double fp, std::uint32_t) {
    if (tp > before) sum += (tp - before) * tp / (tp + fp);
    before = tp;
    return true;
  });
  return before > 0 ? sum / before : kNone;
}

double Ranking::roc_auc(std::span<const std::uint32_t> times) const {
  double area = 0, tp_before = 0, fp_before = 0;
  walk(times, [&](double tp, double fp, std::uint32_t) {
    area += (fp - fp_before) * (tp + tp_before) / 2;
    tp_before = tp;
    fp_before = fp;
    return true;
  });
  const auto all = totals(times);
  return all.positive > 0 && all.negative > 0 ? area / (all.positive * all.negative) : kNone;
}

double Ranking::recall_at_fpr(double fpr, std::span<const std::uint32_t> times) const {
  const auto all = totals(times);
  if (all.positive == 0 || all.negative == 0) return kNone;
  double best = 0;
  walk(times, [&](double tp, double fp, std::uint32_t) {
    if (fp > fpr * all.negative) return false;
    best = tp;
    return true;
  });
  return best / all.positive;
}

double Ranking::threshold_at_fpr(double fpr) const {
  const auto all = totals({});
  double threshold = std::numeric_limits<double>::infinity();
  walk({}, [&](double, double fp, std::uint32_t row) {
    if (fp > fpr * all.negative) return false;
    threshold = scores_[row];
    return true;
  });
  return threshold;
}

std::vector<RankingPoint> Ranking::curve() const {
  const auto all = totals({});
  std::vector<RankingPoint> points;
  points.reserve(tie_ends_.size());
  walk({}, [&](double tp, double fp, std::uint32_t row) {
    points.push_back({scores_[row], tp, fp, tp / (tp + fp),
                      all.positive > 0 ? tp / all.positive : kNone,
                      all.negative > 0 ? fp / all.negative : kNone});
    return true;
  });
  return points;
}

double recall_at_daily_alerts(std::span<const double> scores,
                              std::span<const std::uint8_t> positive,
                              std::span<const std::int64_t> days, double alerts_per_day) {
  ensure(scores.size() == positive.size() && scores.size() == days.size(),
         "each score has its truth and day");
  std::map<std::int64_t, std::vector<std::uint32_t>> rows_of_day;
  for (std::uint32_t row = 0; row < days.size(); ++row) rows_of_day[days[row]].push_back(row);
  double found = 0, all = 0;
  for (auto& [day, rows] : rows_of_day) {
    std::sort(rows.begin(), rows.end(),
              [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
    double left = alerts_per_day;
    for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
      double positives = 0;
      for (; end < rows.size() && scores[rows[end]] == scores[rows[begin]]; ++end) {
        positives += positive[rows[end]] != 0 ? 1 : 0;
      }
      const auto tied = static_cast<double>(end - begin);
      const double read = std::clamp(left, 0.0, tied);
      found += positives * read / tied;
      all += positives;
      left -= read;
    }
  }
  return all > 0 ? found / all : kNone;
}

}  // namespace winnow::learn
