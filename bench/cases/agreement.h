// How well two groupings of the same things agree.
#pragma once

#include <cstdint>
#include <span>

namespace winnow::bench {

struct Agreement {
  double homogeneity = 0;    // each group holds one truth (Rosenberg and Hirschberg 2007)
  double completeness = 0;   // each truth lies in one group
  double adjusted_rand = 0;  // agreement over pairs, corrected for chance (Hubert and Arabie 1985)
};

// One label each, of equal number.
Agreement agreement(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> groups);

}  // namespace winnow::bench
