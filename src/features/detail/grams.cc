#include "features/detail/grams.h"

#include <algorithm>
#include <cstring>

#include "base/digest.h"

namespace winnow::features {
namespace {

// Odd, from the golden ratio: a product's high bits depend on all bits of the factor (Knuth, TAOCP
// 3, 6.4).
constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;

std::uint64_t load(const char* at,
                   std::size_t bytes) {  // eight bytes are readable behind every text
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return bytes >= sizeof value ? value : value & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

// Short words are their own hash; a zero byte ends no word, so that lengths need no mixing in.
std::uint64_t hash_of(const char* at, std::size_t bytes) {
  return bytes <= sizeof(std::uint64_t) ? load(at, bytes) * kMultiplier : hash64({at, bytes});
}

std::uint64_t joined(std::uint64_t left, std::uint64_t right) {
  return ((left >> 29 ^ left) * kMultiplier + (right >> 32 ^ right)) * kMultiplier;
}

std::uint32_t bucket_of(std::uint64_t hash, unsigned bits) {
  return static_cast<std::uint32_t>(hash >> (64 - bits));
}

// Grams lie within a blank-separated token with one blank on each side; a token shorter than a gram
// gives its whole.
void mark_letters(const TextBlock& block, std::string_view text, BucketMarks& seen) {
  const char* const base = text.data();
  for (std::size_t token = 0; token + 1 < text.size();) {
    const auto* blank =
        static_cast<const char*>(std::memchr(base + token + 1, ' ', text.size() - token - 1));
    const std::size_t end =
        blank == nullptr ? text.size() : static_cast<std::size_t>(blank - base) + 1;
    const std::size_t length = end - token;
    for (unsigned n = block.least; n <= block.most; ++n) {
      const std::uint64_t mask = n >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * n)) - 1;
      if (length <= n) {
        seen.set(bucket_of(load(base + token, length) * kMultiplier, block.bits));
        break;
      }
      for (std::size_t at = token; at + n <= end; ++at) {
        std::uint64_t gram;
        std::memcpy(&gram, base + at, sizeof gram);
        seen.set(bucket_of((gram & mask) * kMultiplier, block.bits));
      }
    }
    token = end - 1;  // the blank belongs to both tokens
  }
}

template <typename Found>
void each_word_gram(const TextBlock& block, const Words& words, const Found& found) {
  constexpr unsigned kMostWords = 4;
  std::array<std::uint64_t, kMostWords>
      hashes{};  // of the grams of 1, 2, ... words that end at the word before
  for (std::size_t i = 0; i < words.words.size(); ++i) {
    const auto [begin, end] = words.words[i];
    if (end > block.first) break;
    const auto hash = hash_of(words.text.data() + begin, end - begin);
    for (unsigned n = std::min<unsigned>(block.most, static_cast<unsigned>(i) + 1); n >= 1; --n) {
      hashes[n - 1] = n == 1 ? hash : joined(hashes[n - 2], hash);
      if (n >= block.least)
        found(bucket_of(hashes[n - 1], block.bits), words.words[i + 1 - n].begin, end);
    }
  }
}

// A text is all of its words, so that one which takes as many values as a tool has rules weighs
// each of them by itself.
template <typename Found>
void whole_gram(const TextBlock& block, const Words& words, const Found& found) {
  std::uint32_t end = 0;
  std::uint64_t hash = 0;
  for (const auto& word : words.words) {
    if (word.end > block.first) break;
    hash = joined(hash, hash_of(words.text.data() + word.begin, word.end - word.begin));
    end = word.end;
  }
  if (end > 0) found(bucket_of(hash, block.bits), words.words.front().begin, end);
}

template <typename Found>
void each_gram(const TextBlock& block, const Words& words, const Found& found) {
  if (block.grams == TextBlock::Grams::Whole) return whole_gram(block, words, found);
  each_word_gram(block, words, found);
}

}  // namespace

void mark_grams(const TextBlock& block, const Words& words, BucketMarks& seen) {
  if (block.grams != TextBlock::Grams::Letters) {
    each_gram(block, words,
              [&](std::uint32_t bucket, std::uint32_t, std::uint32_t) { seen.set(bucket); });
    return;
  }
  auto text = words.text;
  if (text.size() > block.first)
    text = text.substr(0, std::max<std::size_t>(text.rfind(' ', block.first) + 1, 1));
  mark_letters(block, text, seen);
}

std::vector<WordGram> word_grams(const TextBlock& block, const Words& words) {
  std::vector<WordGram> grams;
  if (block.grams == TextBlock::Grams::Letters) return grams;
  grams.reserve(words.words.size() * (block.most - block.least + 1));
  each_gram(block, words, [&](std::uint32_t bucket, std::uint32_t begin, std::uint32_t end) {
    grams.push_back({bucket, words.text.substr(begin, end - begin)});
  });
  return grams;
}

}  // namespace winnow::features
