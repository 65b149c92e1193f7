#include "names/text_fold.h"

#include "base/utf8.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* folded;
};
class FoldText : public ::testing::TestWithParam<Case> {};

TEST_P(FoldText, ReadsAsItsReaderDoes) { EXPECT_EQ(fold_text(GetParam().text), GetParam().folded); }

INSTANTIATE_TEST_SUITE_P(
    Table, FoldText,
    ::testing::Values(
        Case{"Ascii", "Hello, World-9", "hello, world-9"},
        Case{"Accents", "Crédit Ünïcode", "credit unicode"},
        Case{"LettersWithoutDecomposition", "Straße Øre Łódź Æther", "strasse ore lodz aether"},
        Case{"FullWidth", "ＰａｙＰａｌ", "paypal"},
        Case{"MathematicalLetters", "𝐏𝐚𝐲𝓹𝓪𝓵", "paypal"}, Case{"Ligature", "ﬁnance", "finance"},
        Case{"ZeroWidthVanishes", "pass\u200bword\u00ad", "password"},
        Case{"Quotes", "‘a’ “b” «c»", "'a' \"b\" \"c\""}, Case{"Dashes", "a–b—c−d", "a-b-c-d"},
        Case{"Currency", "€20 £5 ¥1", "$20 $5 $1"}, Case{"EmojiIsABlank", "win🎁now", "win now"},
        Case{"Cyrillic", "Пароль", "пароль"},
        Case{"JapaneseKeepsItsMarks", "パスワード", "パスワード"},
        Case{"NoBreakSpace", "a\u00a0b", "a b"},
        Case{"IllFormed",
             "a\xff"
             "b",
             "a b"}),
    [](const auto& one) { return one.param.name; });

TEST(FoldText, LeavesNothingToFold) {
  testing::for_each_seed(300, [](Rng& rng) {
    std::string text;
    for (int i = 0; i < 40; ++i) append_utf8(text, static_cast<char32_t>(rng.below(0x30000)));
    const auto once = fold_text(text);
    EXPECT_TRUE(is_valid_utf8(once));
    EXPECT_EQ(fold_text(once), once) << text;
  });
}

TEST(CharacterKind, TellsWhatIsSeen) {
  EXPECT_EQ(kind_of(U'a'), CharacterKind::Lower);
  EXPECT_EQ(kind_of(U'Ä'), CharacterKind::Upper);
  EXPECT_EQ(kind_of(U'漢'), CharacterKind::Letter);
  EXPECT_EQ(kind_of(U'٣'), CharacterKind::Digit);
  EXPECT_EQ(kind_of(0x200B), CharacterKind::Invisible);
  EXPECT_EQ(kind_of(0x3164), CharacterKind::Invisible);  // Hangul filler: a letter that nobody sees
  EXPECT_EQ(kind_of(U'\n'), CharacterKind::Space);
  EXPECT_EQ(kind_of(0x1F381), CharacterKind::Symbol);
  EXPECT_EQ(script_of(U'п'), LetterScript::CyrillicOrGreek);
  EXPECT_EQ(script_of(U'p'), LetterScript::Latin);
  EXPECT_EQ(script_of(U'1'), LetterScript::None);
}

}  // namespace
}  // namespace winnow
