// The 64-bit fingerprints that indicators are found by. Zero is none's: it marks a free slot.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/digest.h"
#include "intel/indicator.h"

namespace winnow::detail {

inline std::uint64_t never_zero(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

inline std::uint64_t kind_seed(IndicatorKind kind, std::uint64_t seed) {
  return seed * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(kind) + 1;
}

// Calls found(fingerprint, begin) for every label suffix of `domain`, shortest first; each label is
// hashed once, its right neighbours' hash being the seed.
template <typename Found>
void for_each_suffix(std::string_view domain, std::uint64_t seed, Found&& found) {
  std::uint64_t hash = kind_seed(IndicatorKind::Domain, seed);
  for (std::size_t end = domain.size();;) {
    const auto dot = end == 0 ? std::string_view::npos : domain.rfind('.', end - 1);
    const auto begin = dot == std::string_view::npos ? 0 : dot + 1;
    hash = hash64(domain.substr(begin, end - begin), hash);
    found(never_zero(hash), begin);
    if (begin == 0) return;
    end = dot;
  }
}

inline std::uint64_t fingerprint(IndicatorKind kind, std::string_view value, std::uint64_t seed) {
  if (kind != IndicatorKind::Domain) return never_zero(hash64(value, kind_seed(kind, seed)));
  std::uint64_t whole = 0;
  for_each_suffix(value, seed, [&](std::uint64_t hash, std::size_t) { whole = hash; });
  return whole;
}

}  // namespace winnow::detail
