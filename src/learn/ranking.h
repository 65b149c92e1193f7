// How well scores put malicious rows above benign ones: precision-recall and ROC, with ties treated
// as what they are, rows that no threshold can tell apart.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace winnow::learn {

// A threshold and what it does: everything scored at least `score` is an alert.
struct RankingPoint {
  double score;
  double true_positives, false_positives;  // counts, weighted by multiplicity
  double precision, recall, fpr;
};

// Rows sorted by score once; each figure is then one pass. Multiplicities (how often a row was
// drawn, empty for once each) make the bootstrap cheap. Immutable; threads may share it.
class Ranking {
 public:
  // Scores are finite; both spans have the same length.
  Ranking(std::span<const double> scores, std::span<const std::uint8_t> positive);

  std::size_t size() const { return order_.size(); }

  // The sum over thresholds of (recall gained) x precision, without interpolation: what
  // scikit-learn calls average precision. NaN without a positive row.
  double average_precision(std::span<const std::uint32_t> times = {}) const;
  // The chance that a positive row outranks a negative one, ties counting half. NaN without both.
  double roc_auc(std::span<const std::uint32_t> times = {}) const;
  // The most recall any threshold reaches with a false-positive rate of at most `fpr`. NaN without
  // both.
  double recall_at_fpr(double fpr, std::span<const std::uint32_t> times = {}) const;
  // That threshold: the lowest score it still calls an alert; +infinity when none may be called.
  double threshold_at_fpr(double fpr) const;

  // One point for each distinct score, best first.
  std::vector<RankingPoint> curve() const;

 private:
  template <typename Visit>
  void walk(std::span<const std::uint32_t> times, const Visit& visit) const;
  struct Totals {
    double positive = 0, negative = 0;
  };
  Totals totals(std::span<const std::uint32_t> times) const;

  std::vector<std::uint32_t> order_;     // best score first
  std::vector<std::uint32_t> tie_ends_;  // positions in order_ where a run of equal scores ends
  std::vector<double> scores_;           // by row
  std::vector<std::uint8_t> positive_;   // by row
};

// Recall when people read only so many alerts: each day the `alerts_per_day` highest scores are
// read, and of a tie across the limit the expected share. `days` names the day of each row (any
// integer).
double recall_at_daily_alerts(std::span<const double> scores,
                              std::span<const std::uint8_t> positive,
                              std::span<const std::int64_t> days, double alerts_per_day);

}  // namespace winnow::learn
