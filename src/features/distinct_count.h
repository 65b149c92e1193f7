// About how many different values were seen.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace winnow {

// HyperLogLog (Flajolet et al. 2007), with linear counting while few: 64 bytes, nearly exact to 30,
// standard error 13 % above.
class DistinctCount {
 public:
  static constexpr std::size_t kRegisters = 64;
  void add(std::string_view value);
  Status merge(const DistinctCount& other);
  double estimate() const;
  bool empty() const { return registers_ == std::array<std::uint8_t, kRegisters>{}; }

  void write(ByteWriter& out) const;
  static Result<DistinctCount> read(ByteReader& in);  // Errors: Corrupt
  friend bool operator==(const DistinctCount&, const DistinctCount&) = default;

 private:
  std::array<std::uint8_t, kRegisters> registers_{};
};

}  // namespace winnow
