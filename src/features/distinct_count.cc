#include "features/distinct_count.h"

#include <algorithm>
#include <bit>
#include <cstring>

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
  constexpr double kSize = kRegisters;
  constexpr double kAlpha = 0.709;  // Flajolet et al. 2007, figure 3, for 64 registers
  constexpr double kFew = 2.5 * kSize;
  // Each empty register adds 1 to the sum below: with so many the raw estimate is among the few.
  constexpr auto kSurelyFew = static_cast<std::ptrdiff_t>(kAlpha * kSize * kSize / kFew) + 1;
  const auto empty = std::count(registers_.begin(), registers_.end(), 0);
  const auto of_few = [&] {
    return kSize * features::natural_log(kSize / static_cast<double>(empty));
  };
  if (empty >= kSurelyFew) return of_few();
  double inverse = 0;  // in register order, so that rounding is the same everywhere
  for (const auto rank : registers_) inverse += 1.0 / static_cast<double>(std::uint64_t{1} << rank);
  const double raw = kAlpha * kSize * kSize / inverse;
  return raw <= kFew && empty > 0 ? of_few() : raw;
}

// A mask of the registers that are not 0, and these: most are, of most entities.
void DistinctCount::write(ByteWriter& out) const {
  std::uint64_t present = 0;
  std::array<char, kRegisters> ranks;
  std::size_t count = 0;
  for (std::size_t i = 0; i < kRegisters; i += sizeof(std::uint64_t)) {
    std::uint64_t eight;
    std::memcpy(&eight, &registers_[i], sizeof eight);
    if (eight == 0) continue;
    for (std::size_t k = i; k < i + sizeof eight; ++k) {
      if (registers_[k] == 0) continue;
      present |= std::uint64_t{1} << k;
      ranks[count++] = static_cast<char>(registers_[k]);
    }
  }
  out.put(present).put_raw({ranks.data(), count});
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
