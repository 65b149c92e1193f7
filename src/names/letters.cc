#include "names/letters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace winnow {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool is_vowel(char c) {
  return is_letter(c) &&
         std::string_view("aeiouy").find(static_cast<char>(c | 0x20)) != std::string_view::npos;
}

double share(std::ptrdiff_t part, std::ptrdiff_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double entropy_bits(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const auto count : counts) {
    if (count == 0) continue;
    const double p = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= p * std::log2(p);
  }
  return bits;
}

double digit_share(std::string_view text) {
  return share(std::ranges::count_if(text, is_digit), std::ssize(text));
}

double vowel_share(std::string_view text) {
  return share(std::ranges::count_if(text, is_vowel), std::ranges::count_if(text, is_letter));
}

unsigned longest_consonant_run(std::string_view text) {
  unsigned longest = 0, run = 0;
  for (const char c : text) {
    run = is_letter(c) && !is_vowel(c) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace winnow
