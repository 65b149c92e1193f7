#include "names/text_fold.h"

#include <array>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>

#include "base/contract.h"
#include "base/utf8.h"

namespace winnow {
namespace {

// Latin text beyond ASCII is common, so its folded forms are made once; 0x250 ends Latin
// Extended-B.
constexpr char32_t kTableEnd = 0x250;

// Letters without a decomposition that readers take for a plain one.
std::string_view plain_form(char32_t c) {
  switch (c) {
    case U'ß':
    case U'ẞ':
      return "ss";
    case U'æ':
    case U'Æ':
      return "ae";
    case U'œ':
    case U'Œ':
      return "oe";
    case U'ø':
    case U'Ø':
      return "o";
    case U'ł':
    case U'Ł':
      return "l";
    case U'đ':
    case U'Đ':
    case U'ð':
    case U'Ð':
      return "d";
    case U'þ':
    case U'Þ':
      return "th";
    case U'ı':
      return "i";
    default:
      return {};
  }
}

bool is_dash(char32_t c) {
  return u_charType(static_cast<UChar32>(c)) == U_DASH_PUNCTUATION || c == 0x2212;
}
bool is_single_quote(char32_t c) {
  return (c >= 0x2018 && c <= 0x201B) || c == 0x2032 || c == 0xB4 || c == 0x2BC;
}
bool is_double_quote(char32_t c) {
  return (c >= 0x201C && c <= 0x201F) || c == 0x2033 || c == 0xAB || c == 0xBB;
}

bool is_currency(char32_t c) { return u_charType(static_cast<UChar32>(c)) == U_CURRENCY_SYMBOL; }

const UNormalizer2* decomposer() {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* normalizer = unorm2_getNFKDInstance(&status);
  ensure(U_SUCCESS(status) != 0, "ICU has its normalisation data built in");
  return normalizer;
}

// One code point of a full decomposition.
void append_plain(std::string& out, char32_t c, bool keeps_marks) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
    return;
  }
  if (is_single_quote(c)) return out.push_back('\'');
  if (is_double_quote(c)) return out.push_back('"');
  if (is_dash(c)) return out.push_back('-');
  switch (kind_of(c)) {
    case CharacterKind::Mark:
      if (keeps_marks) append_utf8(out, c);
      return;
    case CharacterKind::Invisible:
      return;
    case CharacterKind::Punctuation:
      return out.push_back('.');
    case CharacterKind::Symbol:
      if (is_currency(c)) return out.push_back('$');
      [[fallthrough]];
    case CharacterKind::Space:
    case CharacterKind::Other:
      return out.push_back(' ');
    case CharacterKind::Digit:
    case CharacterKind::Lower:
    case CharacterKind::Upper:
    case CharacterKind::Letter:
      break;
  }
  if (const auto plain = plain_form(c); !plain.empty()) {
    out += plain;
  } else {
    append_utf8(out, static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))));
  }
}

void append_computed(std::string& out, char32_t c) {
  static const UNormalizer2* const kDecomposer = decomposer();
  if (is_single_quote(c) || is_double_quote(c)) return append_plain(out, c, false);
  const auto kind = kind_of(c);
  const bool keeps_marks = kind == CharacterKind::Mark && script_of(c) == LetterScript::Other;
  std::array<UChar, 32> units{};
  UErrorCode status = U_ZERO_ERROR;
  const auto length = unorm2_getDecomposition(kDecomposer, static_cast<UChar32>(c), units.data(),
                                              units.size(), &status);
  if (U_FAILURE(status) != 0 || length < 0 || kind == CharacterKind::Letter) {
    return append_plain(out, c,
                        keeps_marks);  // nothing to decompose, or a script that spells with marks
  }
  for (std::int32_t at = 0; at < length;) {
    UChar32 part = 0;
    U16_NEXT(units.data(), at, length, part);
    append_plain(out, static_cast<char32_t>(part), keeps_marks);
  }
}

std::array<std::string, kTableEnd> make_table() {
  std::array<std::string, kTableEnd> table;
  for (char32_t c = 0; c < kTableEnd; ++c) append_computed(table[c], c);
  return table;
}

}  // namespace

CharacterKind kind_of(char32_t c) {
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_LOWERCASE_LETTER:
      return CharacterKind::Lower;
    case U_UPPERCASE_LETTER:
    case U_TITLECASE_LETTER:
      return CharacterKind::Upper;
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
      // Hangul fillers and the like are letters by category and blank to the eye.
      return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0
                 ? CharacterKind::Invisible
                 : CharacterKind::Letter;
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
      return c == 0x34F ? CharacterKind::Invisible : CharacterKind::Mark;
    case U_DECIMAL_DIGIT_NUMBER:
    case U_LETTER_NUMBER:
    case U_OTHER_NUMBER:
      return CharacterKind::Digit;
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return CharacterKind::Space;
    case U_CONTROL_CHAR:
      return c >= 9 && c <= 13 ? CharacterKind::Space : CharacterKind::Other;
    case U_FORMAT_CHAR:
      return CharacterKind::Invisible;
    case U_DASH_PUNCTUATION:
    case U_START_PUNCTUATION:
    case U_END_PUNCTUATION:
    case U_CONNECTOR_PUNCTUATION:
    case U_OTHER_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
      return CharacterKind::Punctuation;
    case U_MATH_SYMBOL:
    case U_CURRENCY_SYMBOL:
    case U_MODIFIER_SYMBOL:
    case U_OTHER_SYMBOL:
      return CharacterKind::Symbol;
    default:
      return CharacterKind::Other;
  }
}

LetterScript script_of(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(c), &status)) {
    case USCRIPT_LATIN:
      return LetterScript::Latin;
    case USCRIPT_CYRILLIC:
    case USCRIPT_GREEK:
      return LetterScript::CyrillicOrGreek;
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
    case USCRIPT_UNKNOWN:
    case USCRIPT_INVALID_CODE:
      return LetterScript::None;
    default:
      return LetterScript::Other;
  }
}

void append_folded(std::string& out, char32_t c) {
  if (c < 0x80) return append_plain(out, c, false);
  static const std::array<std::string, kTableEnd> kTable = make_table();
  if (c < kTableEnd) {
    out += kTable[c];
  } else {
    append_computed(out, c);
  }
}

std::string fold_text(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) append_folded(out, next_code_point(utf8, at));
  return out;
}

}  // namespace winnow
