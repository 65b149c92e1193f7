// Exact path-dependent TreeSHAP of one row in double precision, for trees of any depth: slow, and
// the measure of the fast kernels. README.md tells the method.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/forest.h"

namespace winnow {

// Gauss-Legendre points and weights on [0, 1]: exact for polynomials of degree below 2 x
// points.size().
struct Quadrature {
  std::vector<double> points;
  std::vector<double> weights;
};
Quadrature gauss_legendre(std::size_t count);

// The most different features on any path from the root to a leaf.
std::uint32_t path_features(const Tree& tree);

// The mean of a tree's leaves for `output`, weighted by cover and by the tree's weight.
double mean_of(const Tree& tree, std::uint32_t output);

// Adds the contributions of one tree to `phi`, one entry for each feature.
void add_contributions(const Tree& tree, std::uint32_t output, std::span<const float> row,
                       std::span<double> phi);

}  // namespace winnow
