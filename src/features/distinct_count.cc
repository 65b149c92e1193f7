#include "features/distinct_count.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/digest.h"
#include "base/few_bytes.h"
#include "features/detail/numbers.h"

namespace winnow {
namespace {

constexpr std::uint8_t kHighestRank = 59;

// A bit for each register that is not 0, eight at a time: no rank reaches the highest bit of its
// byte, so adding 127 sets it where there is one, and the product gathers these bits.
std::uint64_t present_in(const std::array<std::uint8_t, DistinctCount::kRegisters>& registers) {
  constexpr std::uint64_t kAdded = 0x7F7F7F7F7F7F7F7F, kHighest = 0x8080808080808080,
                          kGather = 0x0002040810204081;
  static_assert(kHighestRank < 0x80);
  std::uint64_t present = 0;
  for (std::size_t i = 0; i < registers.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t eight;
    std::memcpy(&eight, &registers[i], sizeof eight);
    present |= (((eight + kAdded) & kHighest) * kGather >> 56) << i;
  }
  return present;
}

}  // namespace

void DistinctCount::add(std::string_view value) {
  const auto hash = hash64(value, 0x57494E4E4F57);
  auto& highest = registers_[hash >> 58];  // six bits name the register
  const auto rank = static_cast<std::uint8_t>(std::countl_zero((hash << 6) | 0x20) + 1);  // 1 to 59
  highest = std::max(highest, rank);
}

Status DistinctCount::merge(const DistinctCount& other) {
  const auto others = other.registers_;  // by itself, so that it is read sixteen at a time
  for (std::size_t i = 0; i < kRegisters; ++i) registers_[i] = std::max(registers_[i], others[i]);
  return {};
}

double DistinctCount::estimate() const {
  constexpr double kSize = kRegisters;
  static const auto kOfFew = [] {  // by how many are empty, at least one
    std::array<double, kRegisters + 1> estimates{};
    for (std::size_t empty = 1; empty < estimates.size(); ++empty)
      estimates[empty] = kSize * features::natural_log(kSize / static_cast<double>(empty));
    return estimates;
  }();
  constexpr double kAlpha = 0.709;  // Flajolet et al. 2007, figure 3, for 64 registers
  constexpr double kFew = 2.5 * kSize;
  // Each empty register adds 1 to the sum below: with so many the raw estimate is among the few.
  constexpr auto kSurelyFew = static_cast<int>(kAlpha * kSize * kSize / kFew) + 1;
  const auto empty = static_cast<int>(kRegisters) - std::popcount(present_in(registers_));
  const auto of_few = [&] { return kOfFew[static_cast<std::size_t>(empty)]; };
  if (empty >= kSurelyFew) return of_few();
  double inverse = 0;  // in register order, so that rounding is the same everywhere
  for (const auto rank : registers_) inverse += 1.0 / static_cast<double>(std::uint64_t{1} << rank);
  const double raw = kAlpha * kSize * kSize / inverse;
  return raw <= kFew && empty > 0 ? of_few() : raw;
}

// A mask of the registers that are not 0, and these: most are, of most entities.
void DistinctCount::write(ByteWriter& out) const {
  const auto present = present_in(registers_);
  FewBytes<sizeof present + kRegisters> bytes;
  bytes.put(present);
  for (auto left = present; left != 0; left &= left - 1)
    bytes.put(registers_[static_cast<std::size_t>(std::countr_zero(left))]);
  out.put_raw(bytes.view());
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
