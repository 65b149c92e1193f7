// One text made ready to be compared with many: bit-parallel optimal string alignment distance
// (H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace winnow::detail {

class EditPattern {
 public:
  static constexpr std::size_t kMaxBytes = 64;
  explicit EditPattern(std::string_view pattern);  // by its first 64 bytes
  unsigned distance(std::string_view text) const;  // likewise; a few ns a byte

 private:
  std::array<std::uint64_t, 256> positions_{};  // bit i of positions_[c]: the pattern has c at i
  unsigned size_;
};

}  // namespace winnow::detail
