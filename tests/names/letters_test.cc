#include "names/letters.h"

#include <gtest/gtest.h>

namespace winnow {
namespace {

TEST(Letters, MeasureEntropy) {
  EXPECT_DOUBLE_EQ(entropy_bits(""), 0);
  EXPECT_DOUBLE_EQ(entropy_bits("aaaa"), 0);
  EXPECT_DOUBLE_EQ(entropy_bits("abab"), 1);
  EXPECT_DOUBLE_EQ(entropy_bits("abcd"), 2);
}

TEST(Letters, MeasureShares) {
  EXPECT_DOUBLE_EQ(digit_share("a1b2"), 0.5);
  EXPECT_DOUBLE_EQ(digit_share(""), 0);
  EXPECT_DOUBLE_EQ(vowel_share("Banana-12"), 0.5);
  EXPECT_DOUBLE_EQ(vowel_share("123"), 0);
  EXPECT_EQ(longest_consonant_run("xkcd.strength"), 4U);
  EXPECT_EQ(longest_consonant_run("aeiou"), 0U);
}

}  // namespace
}  // namespace winnow
