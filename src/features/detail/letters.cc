#include "features/detail/letters.h"

#include <array>

#include "base/utf8.h"
#include "names/text_fold.h"

namespace winnow::features {
namespace {

constexpr std::uint32_t kShortLine = 40;
constexpr std::uint32_t kShout = 3;

class Counter {
 public:
  explicit Counter(Letters* out) : out_(*out) {}

  void add(char32_t c) {
    if (c == '\n') return end_line();
    const auto kind = c < 0x80 ? ascii_kind(static_cast<unsigned char>(c)) : kind_of(c);
    if (kind == CharacterKind::Invisible) {
      ++out_.invisible;
      return;
    }
    ++out_.characters;
    ++line_;
    if (kind != CharacterKind::Space) blank_line_ = false;
    if (is_letter(kind)) {
      letter(c, kind);
    } else {
      if (kind != CharacterKind::Mark) end_word();
      other(c, kind);
    }
  }
  void finish() {
    end_word();
    end_line();
  }

 private:
  static CharacterKind ascii_kind(unsigned char c) {
    static const std::array<CharacterKind, 128> kKinds = [] {
      std::array<CharacterKind, 128> kinds{};
      for (unsigned i = 0; i < 128; ++i) kinds[i] = kind_of(i);
      return kinds;
    }();
    return kKinds[c];
  }
  void letter(char32_t c, CharacterKind kind) {
    ++out_.letters;
    if (!in_word_) ++out_.words;
    in_word_ = true;
    if (kind == CharacterKind::Upper) {
      ++out_.upper;
      if (++capitals_ == kShout) ++out_.shouted;
    } else {
      capitals_ = 0;
    }
    const auto script = c < 0x80 ? LetterScript::Latin : script_of(c);
    const bool both = (script == LetterScript::Latin && last_ == LetterScript::CyrillicOrGreek) ||
                      (script == LetterScript::CyrillicOrGreek && last_ == LetterScript::Latin);
    out_.mixed_scripts |= both;
    last_ = script;
  }
  void other(char32_t c, CharacterKind kind) {
    if (kind == CharacterKind::Digit) ++out_.digits;
    if (c >= 0x80) {
      if (kind != CharacterKind::Mark && kind != CharacterKind::Space) ++out_.foreign;
      if (kind == CharacterKind::Symbol || kind == CharacterKind::Other) ++out_.symbols;
      return;
    }
    if (c == '!') ++out_.exclamations;
    if (c == '?') ++out_.questions;
    const auto in = [&](std::string_view set) {
      return set.find(static_cast<char>(c)) != std::string_view::npos;
    };
    if (kind == CharacterKind::Space || kind == CharacterKind::Digit) return;
    if (in("(){}[];=<>|\\_*/+")) ++out_.markup;
    if (!in("_.,'\"()-@&/")) ++out_.odd;
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
      counter.add(byte);
      ++at;
    } else {
      counter.add(next_code_point(utf8, at));
    }
  }
  counter.finish();
  return letters;
}

}  // namespace winnow::features
