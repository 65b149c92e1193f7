#include "model/detail/shap_walk.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <unordered_map>
#include <utility>

#include "model/detail/decide.h"

namespace winnow {
namespace {

double leaf_value(const Tree& tree, const TreeNode& leaf, std::uint32_t output) {
  if (tree.output != Tree::kAllOutputs && tree.output != output) return 0;
  const auto offset = tree.output == Tree::kAllOutputs ? output : 0;
  return static_cast<double>(tree.leaf_values[leaf.slot + offset] * tree.weight);
}

// What one feature did on the path so far: whether the row followed all its splits (one) and what
// share of the training rows did (zero).
struct Step {
  std::uint32_t feature;
  double one;
  double zero;
};

class Walk {
 public:
  Walk(const Tree& tree, std::uint32_t output, std::span<const float> row, std::span<double> phi)
      : tree_(tree),
        output_(output),
        row_(row),
        phi_(phi),
        quadrature_(gauss_legendre((std::max(path_features(tree), 1U) + 1) / 2)) {}

  void run() { descend(0, std::vector<double>(quadrature_.points.size(), 1.0)); }

 private:
  using Values = std::vector<double>;  // one for each point

  // The factor of a step in the integrand, and its share (one - zero) / factor in the derivative.
  static double factor(const Step& step, double t) { return (1 - t) * step.zero + t * step.one; }
  static double share(const Step& step, double t) {
    return (step.one - step.zero) / factor(step, t);
  }

  // Returns the sum over the leaves below of value x product of the path's factors.
  Values descend(std::uint32_t at, const Values& product) {
    const auto& node = tree_.nodes[at];
    Values sum(product.size(), 0.0);
    if (node.kind == TreeNode::Kind::Leaf) {
      const double value = leaf_value(tree_, node, output_);
      for (std::size_t q = 0; q < sum.size(); ++q) sum[q] = value * product[q];
      return sum;
    }
    const auto found = std::find_if(path_.rbegin(), path_.rend(),
                                    [&](const Step& step) { return step.feature == node.feature; });
    const Step before = found == path_.rend() ? Step{node.feature, 1, 1} : *found;
    const bool left = goes_left(tree_, node, row_[node.feature]);
    for (const auto child : {node.left, node.right}) {
      const double ratio =
          static_cast<double>(tree_.nodes[child].cover) / static_cast<double>(node.cover);
      const double hot = (child == node.left) == left ? 1 : 0;
      take({node.feature, before.one * hot, before.zero * ratio}, before, child, product, sum);
    }
    return sum;
  }

  void take(const Step& step, const Step& before, std::uint32_t child, const Values& product,
            Values& sum) {
    // No training row went there and this row does not either: every product below is 0.
    if (step.one == 0 && step.zero == 0) return;
    Values below = product;
    for (std::size_t q = 0; q < below.size(); ++q) {
      below[q] *= factor(step, quadrature_.points[q]) / factor(before, quadrature_.points[q]);
    }
    path_.push_back(step);
    below = descend(child, below);
    path_.pop_back();
    for (std::size_t q = 0; q < below.size(); ++q) {
      const double t = quadrature_.points[q];
      phi_[step.feature] += quadrature_.weights[q] * (share(step, t) - share(before, t)) * below[q];
      sum[q] += below[q];
    }
  }

  const Tree& tree_;
  std::uint32_t output_;
  std::span<const float> row_;
  std::span<double> phi_;
  Quadrature quadrature_;
  std::vector<Step> path_;
};

}  // namespace

Quadrature gauss_legendre(std::size_t count) {
  Quadrature rule;
  const auto n = static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    // Newton's method on the Legendre polynomial, from Tricomi's estimate of its i-th root.
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (n + 0.5));
    double slope = 0;
    for (int round = 0; round < 100; ++round) {
      double value = 1;
      double previous = 0;
      for (std::size_t k = 1; k <= count; ++k) {
        const auto degree = static_cast<double>(k);
        previous =
            std::exchange(value, ((2 * degree - 1) * x * value - (degree - 1) * previous) / degree);
      }
      slope = n * (x * value - previous) / (x * x - 1);
      const double step = value / slope;
      x -= step;
      if (std::fabs(step) < 1e-16) break;
    }
    rule.points.push_back((1 - x) / 2);
    rule.weights.push_back(1 / ((1 - x * x) * slope * slope));
  }
  return rule;
}

std::uint32_t path_features(const Tree& tree) {
  // Depth first, entering and leaving each split; `on_path` counts its feature's splits on the
  // path.
  struct Visit {
    std::uint32_t node;
    bool leaving;
  };
  std::vector<Visit> open = {{0, false}};
  std::unordered_map<std::uint32_t, std::uint32_t> on_path;
  std::uint32_t different = 0;
  std::uint32_t most = 0;
  while (!open.empty()) {
    const Visit visit = open.back();
    open.pop_back();
    const auto& node = tree.nodes[visit.node];
    if (node.kind == TreeNode::Kind::Leaf) continue;
    auto& splits = on_path[node.feature];
    if (visit.leaving) {
      if (--splits == 0) --different;
      continue;
    }
    if (splits++ == 0) most = std::max(most, ++different);
    open.push_back({visit.node, true});
    open.push_back({node.left, false});
    open.push_back({node.right, false});
  }
  return most;
}

double mean_of(const Tree& tree, std::uint32_t output) {
  std::vector<double> mean(tree.nodes.size());
  for (std::size_t i = tree.nodes.size(); i-- > 0;) {  // children come after their parents
    const auto& node = tree.nodes[i];
    if (node.kind == TreeNode::Kind::Leaf) {
      mean[i] = leaf_value(tree, node, output);
      continue;
    }
    mean[i] = 0;
    for (const auto child : {node.left, node.right}) {
      mean[i] += mean[child] * static_cast<double>(tree.nodes[child].cover) /
                 static_cast<double>(node.cover);
    }
  }
  return mean[0];
}

void add_contributions(const Tree& tree, std::uint32_t output, std::span<const float> row,
                       std::span<double> phi) {
  Walk(tree, output, row, phi).run();
}

}  // namespace winnow
