#include "bench/cases/agreement.h"

#include <cmath>
#include <map>
#include <utility>

namespace winnow::bench {
namespace {

double pairs(double n) { return n * (n - 1) / 2; }

}  // namespace

Agreement agreement(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> groups) {
  std::map<std::uint32_t, double> of_truth, of_group;
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> both;
  const auto n = static_cast<double>(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    ++of_truth[truth[i]];
    ++of_group[groups[i]];
    ++both[{truth[i], groups[i]}];
  }
  double truth_entropy = 0, group_entropy = 0, joint_entropy = 0;
  double same_truth = 0, same_group = 0, same_both = 0;
  for (const auto& [label, count] : of_truth) {
    truth_entropy -= count / n * std::log(count / n);
    same_truth += pairs(count);
  }
  for (const auto& [label, count] : of_group) {
    group_entropy -= count / n * std::log(count / n);
    same_group += pairs(count);
  }
  for (const auto& [label, count] : both) {
    joint_entropy -= count / n * std::log(count / n);
    same_both += pairs(count);
  }
  Agreement found;
  found.homogeneity = truth_entropy == 0 ? 1 : 1 - (joint_entropy - group_entropy) / truth_entropy;
  found.completeness = group_entropy == 0 ? 1 : 1 - (joint_entropy - truth_entropy) / group_entropy;
  const double expected = same_truth * same_group / pairs(n);
  const double most = (same_truth + same_group) / 2;
  found.adjusted_rand = most == expected ? 1 : (same_both - expected) / (most - expected);
  return found;
}

}  // namespace winnow::bench
