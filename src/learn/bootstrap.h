// How far a figure could be off because the rows are a sample: percentile intervals of a bootstrap
// that draws whole near-duplicate groups, since copies of one mail are one observation.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "base/rng.h"

namespace winnow::learn {

struct Interval {
  double low, high;
};

// A figure computed with each row counted `times[row]` times.
using Figure = std::function<double(std::span<const std::uint32_t> times)>;

// Draws as many groups as there are, with replacement, `draws` times; `group` names each row's
// group (any integer). Draws for which the figure is NaN (a class is missing) do not count; NaN
// bounds when none is left. `coverage` is the share of draws inside, such as 0.95.
Interval bootstrap_interval(std::span<const std::uint32_t> group, const Figure& figure,
                            std::uint32_t draws, double coverage, Rng rng);

}  // namespace winnow::learn
