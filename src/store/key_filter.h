// A set of keys that is asked before the place where they stand: "no" is certain, "maybe" is wrong
// about once in a thousand times.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

// A Bloom filter of blocks, so that a question touches one line of memory (Putze, Sanders, Singler:
// "Cache-, hash- and space-efficient Bloom filters"): two bytes a key. Readers may share it.
class KeyFilter {
 public:
  explicit KeyFilter(std::size_t keys);

  void add(std::uint64_t key);
  bool may_hold(std::uint64_t key) const;
  std::size_t bytes() const { return blocks_.size() * sizeof(Block); }
  // Its bytes, to be kept by this kind of machine; from_content() makes the same filter of them.
  // Errors: Corrupt (no filter has so many bytes).
  std::string_view content() const;
  static Result<KeyFilter> from_content(std::string_view content);
  static std::size_t bytes_for(std::size_t keys) { return blocks_for(keys) * sizeof(Block); }

 private:
  static constexpr std::size_t kWords = 8;
  struct alignas(32) Block {
    std::array<std::uint32_t, kWords> words{};  // a key sets one bit of each
  };
  static std::size_t blocks_for(std::size_t keys);
  std::size_t block_of(std::uint64_t mixed) const;
  std::vector<Block> blocks_;
};

}  // namespace winnow
