#include "learn/curve.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace winnow::learn {

std::vector<RankingPoint> thinned(std::span<const RankingPoint> curve, std::size_t most) {
  if (curve.size() <= most) return {curve.begin(), curve.end()};
  std::set<std::size_t> kept{0, curve.size() - 1};
  const auto steps = most / 2;
  for (std::size_t step = 1; step < steps; ++step) {  // the first point that finds so much
    const auto recall = static_cast<double>(step) / static_cast<double>(steps);
    const auto found = std::ranges::lower_bound(curve, recall, {}, &RankingPoint::recall);
    if (found != curve.end()) kept.insert(static_cast<std::size_t>(found - curve.begin()));
  }
  for (std::size_t step = 0; step < steps; ++step) {  // the last point with no more false alarms
    const auto octave = static_cast<int>(step / 8);
    const double rate = std::ldexp(static_cast<double>(16 - step % 8), -4 - octave);
    const auto past = std::ranges::upper_bound(curve, rate, {}, &RankingPoint::fpr);
    if (past != curve.begin()) kept.insert(static_cast<std::size_t>(past - curve.begin()) - 1);
  }
  std::vector<RankingPoint> points;
  for (const auto at : kept) points.push_back(curve[at]);
  return points;
}

Json curve_json(std::span<const RankingPoint> curve) {
  Json points = Json::array();
  for (const auto& point : curve) {
    points.push(Json::object({{"threshold", point.score},
                              {"recall", point.recall},
                              {"precision", point.precision},
                              {"false_positive_rate", point.fpr}}));
  }
  return points;
}

Json reliability_json(std::span<const ReliabilityBin> bins) {
  Json all = Json::array();
  for (const auto& bin : bins) {
    all.push(Json::object({{"rows", bin.rows},
                           {"mean_probability", bin.mean_probability},
                           {"share_malicious", bin.share_positive}}));
  }
  return all;
}

}  // namespace winnow::learn
