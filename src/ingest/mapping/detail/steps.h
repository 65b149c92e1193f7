// The fast way through an event's assignments.
#pragma once

#include <bit>
#include <span>

#include "ingest/mapping/detail/program.h"

namespace winnow::mapping {

// Fills the event's steps, required, constants and the bits of its checks. Once, after its operands
// got their places.
void make_steps(EventProgram& event);

inline std::size_t words_for(std::size_t bits) { return (bits + 63) / 64; }
inline void set_bit(std::span<std::uint64_t> bits, std::size_t i) {
  bits[i / 64] |= std::uint64_t{1} << i % 64;
}
inline bool has_bit(std::span<const std::uint64_t> bits, std::size_t i) {
  return (bits[i / 64] >> i % 64 & 1) != 0;
}
// How many are set in front of bit `i`.
inline std::size_t count_below(std::span<const std::uint64_t> bits, std::size_t i) {
  auto count = std::popcount(bits[i / 64] & ((std::uint64_t{1} << i % 64) - 1));
  for (std::size_t word = 0; word < i / 64; ++word) count += std::popcount(bits[word]);
  return static_cast<std::size_t>(count);
}
inline bool is_disjoint(std::span<const std::uint64_t> a, const std::uint64_t* b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] & b[i]) != 0) return false;
  }
  return true;
}

}  // namespace winnow::mapping
