#include "features/detail/letters.h"

#include <array>

#include "base/utf8.h"
#include "names/text_fold.h"

namespace winnow::features {
namespace {

constexpr std::uint32_t kShortLine = 40;
constexpr std::uint32_t kShout = 3;

// What kind_of() says of ASCII, and the sets that are counted, as one table.
enum Flag : std::uint8_t {
  kUpperCase = 1,
  kLowerCase = 2,
  kDigit = 4,
  kBlank = 8,
  kMarkup = 16,
  kOdd = 32
};
constexpr std::array<std::uint8_t, 128> ascii_flags() {
  std::array<std::uint8_t, 128> flags{};
  for (unsigned c = 0; c < 128; ++c) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z',
               digit = c >= '0' && c <= '9';
    const bool blank = c == ' ' || (c >= 9 && c <= 13);
    const auto in = [&](std::string_view set) {
      return set.find(static_cast<char>(c)) != std::string_view::npos;
    };
    flags[c] = static_cast<std::uint8_t>((upper ? kUpperCase : 0) | (lower ? kLowerCase : 0) |
                                         (digit ? kDigit : 0) | (blank ? kBlank : 0) |
                                         (in("(){}[];=<>|\\_*/+") ? kMarkup : 0));
    if (!upper && !lower && !digit && !blank && !in("_.,'\"()-@&/")) flags[c] |= kOdd;
  }
  return flags;
}
constexpr std::array<std::uint8_t, 128> kFlags = ascii_flags();

class Counter {
 public:
  explicit Counter(Letters* out) : out_(*out) {}

  void add_ascii(unsigned char c) {
    if (c == '\n') return end_line();
    const auto flags = kFlags[c];
    ++out_.characters;
    ++line_;
    if ((flags & kBlank) == 0) blank_line_ = false;
    if ((flags & (kLowerCase | kUpperCase)) != 0) {
      letter((flags & kUpperCase) != 0, LetterScript::Latin);
      return;
    }
    end_word();
    out_.digits += (flags & kDigit) != 0 ? 1 : 0;
    out_.markup += (flags & kMarkup) != 0 ? 1 : 0;
    out_.odd += (flags & kOdd) != 0 ? 1 : 0;
    out_.exclamations += c == '!' ? 1 : 0;
    out_.questions += c == '?' ? 1 : 0;
  }
  void add_other(char32_t c) {
    const auto kind = kind_of(c);
    if (kind == CharacterKind::Invisible) {
      ++out_.invisible;
      return;
    }
    ++out_.characters;
    ++line_;
    if (kind != CharacterKind::Space) blank_line_ = false;
    if (is_letter(kind)) return letter(kind == CharacterKind::Upper, script_of(c));
    if (kind == CharacterKind::Mark) return;
    end_word();
    if (kind == CharacterKind::Space) return;
    out_.digits += kind == CharacterKind::Digit ? 1 : 0;
    ++out_.foreign;
    out_.symbols += kind == CharacterKind::Symbol || kind == CharacterKind::Other ? 1 : 0;
  }
  void finish() {
    end_word();
    end_line();
  }

 private:
  void letter(bool is_upper, LetterScript script) {
    ++out_.letters;
    out_.words += in_word_ ? 0 : 1;
    in_word_ = true;
    if (is_upper) {
      ++out_.upper;
      if (++capitals_ == kShout) ++out_.shouted;
    } else {
      capitals_ = 0;
    }
    out_.mixed_scripts |=
        (script == LetterScript::Latin && last_ == LetterScript::CyrillicOrGreek) ||
        (script == LetterScript::CyrillicOrGreek && last_ == LetterScript::Latin);
    last_ = script;
  }
  void end_word() {
    in_word_ = false;
    capitals_ = 0;
    last_ = LetterScript::None;
  }
  void end_line() {
    end_word();
    if (!blank_line_) {
      ++out_.lines;
      out_.line_characters += line_;
      if (line_ < kShortLine) ++out_.short_lines;
    }
    blank_line_ = true;
    line_ = 0;
  }

  Letters& out_;
  bool in_word_ = false;
  bool blank_line_ = true;
  std::uint32_t capitals_ = 0;
  std::uint32_t line_ = 0;
  LetterScript last_ = LetterScript::None;
};

}  // namespace

Letters count_letters(std::string_view utf8) {
  Letters letters;
  Counter counter(&letters);
  for (std::size_t at = 0; at < utf8.size();) {
    const auto byte = static_cast<unsigned char>(utf8[at]);
    if (byte < 0x80) {
      counter.add_ascii(byte);
      ++at;
    } else {
      counter.add_other(next_code_point(utf8, at));
    }
  }
  counter.finish();
  return letters;
}

}  // namespace winnow::features
