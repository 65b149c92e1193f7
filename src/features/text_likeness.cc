#include "features/text_likeness.h"

#include <algorithm>

#include "base/digest.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "features/detail/phrases.h"
#include "features/detail/words.h"
#include "names/lookalike.h"

namespace winnow {
namespace {

constexpr std::size_t kHashes = kSignatureBands * kSignatureRows;
constexpr std::size_t kTextBytes = 16UL << 10;

// Multiply-shift hashing (Dietzfelbinger 1996): the high half of a x + b. The constants are drawn
// once from a fixed seed, so that signatures are the same for ever.
struct HashFamily {
  std::array<std::uint64_t, kHashes> a, b;
  HashFamily() {
    Rng rng(0x6e656172);
    for (std::size_t i = 0; i < kHashes; ++i) {
      a[i] = rng.next() | 1;
      b[i] = rng.next();
    }
  }
};

// Words are compared by how they look: letters of other scripts stand in for Latin ones in mail
// that hides from filters.
std::uint32_t hash_of(std::string_view word) {
  return static_cast<std::uint32_t>(hash64(skeleton(word)));
}

}  // namespace

double jaccard(TermSet a, TermSet b) {
  std::size_t both = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j])
      ++both, ++i, ++j;
    else if (a[i] < b[j])
      ++i;
    else
      ++j;
  }
  const auto either = a.size() + b.size() - both;
  return either == 0 ? 0 : static_cast<double>(both) / static_cast<double>(either);
}

std::vector<std::uint32_t> text_terms(std::string_view utf8,
                                      std::span<const std::string_view> recipients) {
  static const features::Phrases kNoPhrases = features::Phrases::Builder().build();
  const auto people = features::names_of_people(recipients, kNoPhrases);
  const auto normal =
      features::normalise(utf8_prefix(utf8, kTextBytes), features::Replace::WhatVaries, people);
  std::vector<std::uint32_t> terms;
  std::uint32_t last = 0;
  for (const auto& word : features::find_words(normal.text)) {
    const auto hash =
        hash_of(std::string_view(normal.text).substr(word.begin, word.end - word.begin));
    if (!terms.empty()) terms.push_back(last * 0x9e3779b1U ^ hash);
    terms.push_back(hash);
    last = hash;
  }
  std::ranges::sort(terms);
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

TextSignature signature_of(TermSet set) {
  static const HashFamily family;
  TextSignature least;
  least.fill(0xffffffffU);
  for (const auto term : set) {
    // Terms are often small dense numbers; spreading them first keeps the family independent of
    // that.
    const std::uint64_t x = (term + 1) * 0x9e3779b97f4a7c15ULL;
    for (std::size_t i = 0; i < kHashes; ++i) {
      least[i] =
          std::min(least[i], static_cast<std::uint32_t>((family.a[i] * x + family.b[i]) >> 32));
    }
  }
  return least;
}

double likeness(const TextSignature& a, const TextSignature& b) {
  std::size_t equal = 0;
  for (std::size_t i = 0; i < kHashes; ++i) equal += a[i] == b[i];
  return static_cast<double>(equal) / static_cast<double>(kHashes);
}

}  // namespace winnow
