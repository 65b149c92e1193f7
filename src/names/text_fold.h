// Text folded to what a reader takes it for: lower case, without accents, compatibility forms (full
// width, ligatures, mathematical letters) as plain letters. For matching words, not for display.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

enum class CharacterKind : std::uint8_t {
  Lower,
  Upper,   // title case included
  Letter,  // of a script without case
  Mark,    // combining
  Digit,   // any number character
  Space,   // line ends included
  Punctuation,
  Symbol,     // currency, mathematics, emoji
  Invisible,  // takes no room: soft hyphen, zero-width, direction and other format characters
  Other,      // controls, private use, unassigned
};
CharacterKind kind_of(char32_t code_point);
inline bool is_letter(CharacterKind kind) { return kind <= CharacterKind::Letter; }

enum class LetterScript : std::uint8_t { None, Latin, CyrillicOrGreek, Other };
LetterScript script_of(char32_t code_point);  // None for what is no letter

// Appends the folded form: NFKD without combining marks (kept in scripts where they spell: those
// without case), lower case; dashes as '-', single quotes as '\'', double ones as '"', currency
// signs as
// '$', spaces and other symbols beyond ASCII as one blank each, other punctuation beyond ASCII as
// '.', nothing for invisible characters. So every byte above 0x7F belongs to a letter. ASCII: A-Z
// become a-z, the rest stays. Cost: a table look-up for Latin letters.
void append_folded(std::string& out, char32_t code_point);
std::string fold_text(std::string_view utf8);  // ill-formed parts as U+FFFD, thus as a blank

}  // namespace winnow
