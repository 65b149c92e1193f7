// Text terms: words, word pairs and letter groups, hashed into buckets.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/detail/program.h"
#include "features/detail/words.h"

namespace winnow::features {

// One block of the term space, as declared.
struct TextBlock {
  enum class Grams : std::uint8_t { Words, Letters };
  std::string name;
  Grams grams = Grams::Words;
  unsigned least = 1, most = 1;  // words of a gram, or bytes
  std::vector<NodeId> sources;   // of type Words
  std::size_t first = 0;         // so many bytes of each source's normalised text
  unsigned bits = 18;            // 2^bits buckets
  float weight = 1;              // the block's Euclidean length
  std::uint32_t begin = 0;       // its first bucket in the term space

  std::uint32_t buckets() const { return std::uint32_t{1} << bits; }
};

inline constexpr unsigned kMostLetters = 8;  // a gram of letters is one machine word

// Sets the bit of every gram of `words` in `seen`, which has block.buckets() bits.
void mark_grams(const TextBlock& block, const Words& words, std::span<std::uint64_t> seen);

// Calls `found(bucket, text)` for every gram of words; bucket counts from the block's first.
void each_word_gram(const TextBlock& block, const Words& words,
                    const std::function<void(std::uint32_t bucket, std::string_view text)>& found);

}  // namespace winnow::features
