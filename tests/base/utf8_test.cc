#include "base/utf8.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(Utf8, IllFormedPartsBecomeReplacementCharacters) {  // Unicode 15, table 3-8 and its neighbours
  EXPECT_EQ(to_valid_utf8("a\xF1\x80\x80\xE1\x80\xC2"
                          "b\x80"
                          "c\x80\xBF"
                          "d"),
            "a\uFFFD\uFFFD\uFFFD"
            "b\uFFFD"
            "c\uFFFD\uFFFD"
            "d");
  EXPECT_EQ(to_valid_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(to_valid_utf8("\xC0\xAF"), "\uFFFD\uFFFD");
}

TEST(Utf8, RepairIsValidAndLeavesValidTextAlone) {
  testing::for_each_seed(500, [](Rng& rng) {
    std::string bytes;
    for (auto left = rng.below(40); left > 0; --left)
      bytes.push_back(static_cast<char>(rng.below(256)));
    const auto repaired = to_valid_utf8(bytes);
    EXPECT_TRUE(is_valid_utf8(repaired));
    EXPECT_EQ(to_valid_utf8(repaired), repaired);
    EXPECT_EQ(repaired == bytes, is_valid_utf8(bytes));
  });
}

TEST(Utf8, EveryScalarValueGoesRound) {
  for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 77) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    std::size_t at = 0;
    ASSERT_EQ(next_code_point(text, at), c);
    ASSERT_EQ(at, text.size());
  }
}

TEST(Utf8, OneByteBeyondAsciiIsSeenWhereverItStands) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text(size, '\x7F');
    EXPECT_TRUE(is_ascii(text));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(is_ascii(text)) << size << " " << at;
      text[at] = '\x7F';
    }
  }
}

TEST(Utf8, CaseIsIgnoredForLettersOnly) {
  EXPECT_TRUE(equal_ignoring_ascii_case("aZ[\xC4", "Az[\xC4"));
  EXPECT_FALSE(equal_ignoring_ascii_case("@", "`"));  // 0x20 apart, as letters are
  EXPECT_FALSE(equal_ignoring_ascii_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_ascii_case("\xC4", "\xE4"));  // of Latin-1, perhaps
  EXPECT_FALSE(equal_ignoring_ascii_case("a", "ab"));
}

TEST(Utf8, TrimmingLeavesWhatIsWithin) {
  EXPECT_EQ(trim_ascii("\t\v a b\f\r\n"), "a b");
  EXPECT_EQ(trim_ascii(" \n"), "");
  EXPECT_EQ(trim_ascii(""), "");
  EXPECT_EQ(trim_ascii("\xC2\xA0"), "\xC2\xA0");
}

TEST(Utf8, APrefixCutsNoCharacter) {
  EXPECT_EQ(utf8_prefix("a\u20ac", 3), "a");
  EXPECT_EQ(utf8_prefix("a\u20ac", 4), "a\u20ac");
}

}  // namespace
}  // namespace winnow
