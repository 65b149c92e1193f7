// Text terms: words, word pairs, letter groups and whole texts, hashed into buckets.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "features/detail/program.h"
#include "features/detail/words.h"

namespace winnow::features {

// One block of the term space, as declared.
struct TextBlock {
  enum class Grams : std::uint8_t { Words, Letters, Whole };
  std::string name;
  Grams grams = Grams::Words;
  unsigned least = 1, most = 1;  // words of a gram, or bytes; of Whole 1
  std::vector<NodeId> sources;   // of type Words
  std::size_t first = 0;         // so many bytes of each source's normalised text
  unsigned bits = 18;            // 2^bits buckets
  float weight = 1;              // the block's Euclidean length
  std::uint32_t begin = 0;       // its first bucket in the term space

  std::uint32_t buckets() const { return std::uint32_t{1} << bits; }
};

inline constexpr unsigned kMostLetters = 8;  // a gram of letters is one machine word

// A set of buckets, few of very many: a map of the words in use is kept beside the bits.
class BucketMarks {
 public:
  explicit BucketMarks(std::uint32_t buckets)  // 0, or a power of two
      : bits_((buckets + 63) / 64), used_((buckets + 4095) / 4096) {}

  void set(std::uint32_t bucket) {
    bits_[bucket / 64] |= std::uint64_t{1} << (bucket % 64);
    used_[bucket / 4096] |= std::uint64_t{1} << (bucket / 64 % 64);
  }
  // Calls `found(bucket)` for each in ascending order and empties the set.
  template <typename Found>
  void take(const Found& found) {
    for (std::uint32_t i = 0; i < used_.size(); ++i) {
      for (auto words = std::exchange(used_[i], 0); words != 0; words &= words - 1) {
        const auto word = i * 64 + static_cast<std::uint32_t>(std::countr_zero(words));
        for (auto bits = std::exchange(bits_[word], 0); bits != 0; bits &= bits - 1)
          found(word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
      }
    }
  }

 private:
  std::vector<std::uint64_t> bits_, used_;
};

// Sets the bucket of every gram of `words` in `seen`.
void mark_grams(const TextBlock& block, const Words& words, BucketMarks& seen);

struct WordGram {
  std::uint32_t bucket;   // counted from the block's first
  std::string_view text;  // in that of the words
};
// Every gram of words, in the order of the text, or the whole of it; a block of letters has none.
std::vector<WordGram> word_grams(const TextBlock& block, const Words& words);

}  // namespace winnow::features
