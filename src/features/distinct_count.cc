#include "features/distinct_count.h"

#include <algorithm>
#include <bit>

#include "base/digest.h"
#include "features/detail/numbers.h"

namespace winnow {
namespace {

constexpr std::uint8_t kHighestRank = 59;

}  // namespace

void DistinctCount::add(std::string_view value) {
  const auto hash = hash64(value, 0x57494E4E4F57);
  auto& highest = registers_[hash >> 58];  // six bits name the register
  const auto rank = static_cast<std::uint8_t>(std::countl_zero((hash << 6) | 0x20) + 1);  // 1 to 59
  highest = std::max(highest, rank);
}

Status DistinctCount::merge(const DistinctCount& other) {
  for (std::size_t i = 0; i < kRegisters; ++i)
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  return {};
}

double DistinctCount::estimate() const {
  double inverse = 0;  // in register order, so that rounding is the same everywhere
  int empty = 0;
  for (const auto rank : registers_) {
    inverse += 1.0 / static_cast<double>(std::uint64_t{1} << rank);
    empty += rank == 0 ? 1 : 0;
  }
  constexpr double kSize = kRegisters;
  constexpr double kAlpha = 0.709;  // Flajolet et al. 2007, figure 3, for 64 registers
  const double raw = kAlpha * kSize * kSize / inverse;
  if (raw <= 2.5 * kSize && empty > 0) return kSize * features::natural_log(kSize / empty);
  return raw;
}

void DistinctCount::write(ByteWriter& out) const {
  std::uint64_t present = 0;
  for (std::size_t i = 0; i < kRegisters; ++i) {
    if (registers_[i] != 0) present |= std::uint64_t{1} << i;
  }
  out.put(present);
  for (const auto rank : registers_) {
    if (rank != 0) out.put(rank);
  }
}

Result<DistinctCount> DistinctCount::read(ByteReader& in) {
  DistinctCount distinct;
  const auto present = in.get<std::uint64_t>();
  for (std::size_t i = 0; i < kRegisters && in.ok(); ++i) {
    if ((present >> i & 1) == 0) continue;
    distinct.registers_[i] = in.get<std::uint8_t>();
    if (distinct.registers_[i] == 0 || distinct.registers_[i] > kHighestRank) {
      return Error(Code::Corrupt, "entity state has a register out of range");
    }
  }
  return distinct;
}

}  // namespace winnow
