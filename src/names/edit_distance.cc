#include <algorithm>

#include "names/detail/edit_pattern.h"
#include "names/lookalike.h"

namespace winnow {
namespace detail {

EditPattern::EditPattern(std::string_view pattern)
    : size_(static_cast<unsigned>(std::min(pattern.size(), kMaxBytes))) {
  for (unsigned i = 0; i < size_; ++i) {
    positions_[static_cast<unsigned char>(pattern[i])] |= std::uint64_t{1} << i;
  }
}

// Column by column of the dynamic-programming table, which is kept as differences: bit i of `up`
// (`down`) says that row i + 1 is one more (less) than row i; `diagonal`, that a cell equals its
// upper left neighbour.
unsigned EditPattern::distance(std::string_view text) const {
  text = text.substr(0, kMaxBytes);
  if (size_ == 0) return static_cast<unsigned>(text.size());
  const std::uint64_t last_row = std::uint64_t{1} << (size_ - 1);
  std::uint64_t up = ~std::uint64_t{0}, down = 0, diagonal = 0, previous_matches = 0;
  unsigned distance = size_;
  for (const char c : text) {
    const std::uint64_t matches = positions_[static_cast<unsigned char>(c)];
    const std::uint64_t swapped = ((~diagonal & matches) << 1) & previous_matches;
    diagonal = (((matches & up) + up) ^ up) | matches | down | swapped;
    const std::uint64_t right_up = down | ~(diagonal | up);
    const std::uint64_t right_down = diagonal & up;
    if ((right_up & last_row) != 0) ++distance;
    if ((right_down & last_row) != 0) --distance;
    up = (right_down << 1) | ~(diagonal | (right_up << 1 | 1));
    down = diagonal & (right_up << 1 | 1);
    previous_matches = matches;
  }
  return distance;
}

}  // namespace detail

unsigned edit_distance(std::string_view a, std::string_view b, unsigned limit) {
  return std::min(detail::EditPattern(a).distance(b), limit + 1);
}

}  // namespace winnow
