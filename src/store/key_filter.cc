#include "store/key_filter.h"

#include <cstring>

namespace winnow {
namespace {

constexpr std::size_t kBitsPerKey = 16;

// Of odd constants: each spreads the same 32 bits over another word's 32 places.
constexpr std::array<std::uint32_t, 8> kSpread = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU,
                                                  0xa2b7289dU, 0x705495c7U, 0x2df1424bU,
                                                  0x9efc4947U, 0x5c6bfb31U};

// Keys may be any numbers; every bit of them reaches every bit here (the end of MurmurHash3).
std::uint64_t mix(std::uint64_t key) {
  key = (key ^ (key >> 33)) * 0xff51afd7ed558ccdUL;
  key = (key ^ (key >> 33)) * 0xc4ceb9fe1a85ec53UL;
  return key ^ (key >> 33);
}

std::uint32_t bit_of(std::uint64_t mixed, std::size_t word) {
  return 1U << ((static_cast<std::uint32_t>(mixed) * kSpread[word]) >> 27);
}

}  // namespace

std::size_t KeyFilter::blocks_for(std::size_t keys) {
  return keys * kBitsPerKey / (8 * sizeof(Block)) + 1;
}

KeyFilter::KeyFilter(std::size_t keys) : blocks_(blocks_for(keys)) {}

std::string_view KeyFilter::content() const {
  return {reinterpret_cast<const char*>(blocks_.data()), bytes()};
}

Result<KeyFilter> KeyFilter::from_content(std::string_view content) {
  if (content.empty() || content.size() % sizeof(Block) != 0)
    return Error(Code::Corrupt, "the bytes of a filter of keys are none");
  KeyFilter filter(0);
  filter.blocks_.resize(content.size() / sizeof(Block));
  std::memcpy(filter.blocks_.data(), content.data(), content.size());
  return filter;
}

std::size_t KeyFilter::block_of(std::uint64_t mixed) const {
  return ((mixed >> 32) * blocks_.size()) >> 32;
}

void KeyFilter::add(std::uint64_t key) {
  const auto mixed = mix(key);
  auto& words = blocks_[block_of(mixed)].words;
  for (std::size_t i = 0; i < kWords; ++i) words[i] |= bit_of(mixed, i);
}

bool KeyFilter::may_hold(std::uint64_t key) const {
  const auto mixed = mix(key);
  const auto& words = blocks_[block_of(mixed)].words;
  std::uint32_t missing = 0;
  for (std::size_t i = 0; i < kWords; ++i) missing |= ~words[i] & bit_of(mixed, i);
  return missing == 0;
}

}  // namespace winnow
