#include "features/detail/letters.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "names/text_fold.h"

namespace winnow::features {
namespace {

constexpr std::uint32_t kShortLine = 40;

// What kind_of() says of ASCII, and the sets that are counted, as one table: to count a character,
// add what it stands for, without a branch for each question.
enum Lane : unsigned { kLetters, kUpper, kDigits, kExclamations, kQuestions, kMarkup, kOdd, kInk };
constexpr std::uint64_t one_in(Lane lane) { return std::uint64_t{1} << (8 * lane); }
constexpr std::size_t kMostAdded = 255;  // before a lane of eight bits flows over

constexpr std::array<std::uint64_t, 128> ascii_lanes() {
  std::array<std::uint64_t, 128> lanes{};
  for (unsigned c = 0; c < 128; ++c) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z',
               digit = c >= '0' && c <= '9';
    const bool blank = c == ' ' || (c >= 9 && c <= 13);
    const auto in = [&](std::string_view set) {
      return set.find(static_cast<char>(c)) != std::string_view::npos;
    };
    const auto count = [&](Lane lane, bool counts) { lanes[c] += counts ? one_in(lane) : 0; };
    count(kLetters, upper || lower);
    count(kUpper, upper);
    count(kDigits, digit);
    count(kExclamations, c == '!');
    count(kQuestions, c == '?');
    count(kMarkup, in("(){}[];=<>|\\_*/+"));
    count(kOdd, !upper && !lower && !digit && !blank && !in("_.,'\"()-@&/"));
    count(kInk, !blank);
  }
  return lanes;
}
constexpr std::array<std::uint64_t, 128> kLanes = ascii_lanes();

class Counter {
 public:
  explicit Counter(Letters* out) : out_(*out) {}

  void add_ascii(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] == '\n') {
        end_line();
        ++at;
      } else {
        const auto end = std::min(text.find('\n', at), text.size());
        add_part_of_line(text.substr(at, std::min(end - at, kMostAdded)));
        at += std::min(end - at, kMostAdded);
      }
    }
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
  // ASCII, not empty, without a line end.
  void add_part_of_line(std::string_view text) {
    std::uint64_t sums = 0;
    std::uint32_t words = 0, shouted = 0;
    auto in_word = static_cast<std::uint32_t>(in_word_);
    auto capitals = capitals_;
    for (const char c : text) {
      const auto lanes = kLanes[static_cast<unsigned char>(c)];
      sums += lanes;
      const auto is_letter = static_cast<std::uint32_t>(lanes >> (8 * kLetters) & 1);
      words += is_letter & ~in_word;
      in_word = is_letter;
      capitals = capitals << 1 | static_cast<std::uint32_t>(lanes >> (8 * kUpper) & 1);
      shouted += is_new_shout(capitals) ? 1 : 0;
    }
    const auto sum = [&](Lane lane) {
      return static_cast<std::uint32_t>(sums >> (8 * lane) & 0xFF);
    };
    const auto size = static_cast<std::uint32_t>(text.size());
    const bool begins_with_letter =
        (kLanes[static_cast<unsigned char>(text.front())] & one_in(kLetters)) != 0;
    out_.mixed_scripts |= begins_with_letter && last_ == LetterScript::CyrillicOrGreek;
    last_ = in_word != 0 ? LetterScript::Latin : LetterScript::None;
    in_word_ = in_word != 0;
    capitals_ = capitals;
    line_ += size;
    blank_line_ &= sum(kInk) == 0;
    out_.characters += size;
    out_.words += words;
    out_.shouted += shouted;
    out_.letters += sum(kLetters);
    out_.upper += sum(kUpper);
    out_.digits += sum(kDigits);
    out_.exclamations += sum(kExclamations);
    out_.questions += sum(kQuestions);
    out_.markup += sum(kMarkup);
    out_.odd += sum(kOdd);
  }
  static bool is_new_shout(std::uint32_t capitals) { return (capitals & 15) == 7; }

  void letter(bool is_upper, LetterScript script) {
    ++out_.letters;
    out_.words += in_word_ ? 0 : 1;
    in_word_ = true;
    out_.upper += is_upper ? 1 : 0;
    capitals_ = capitals_ << 1 | (is_upper ? 1 : 0);
    out_.shouted += is_new_shout(capitals_) ? 1 : 0;
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
  std::uint32_t capitals_ = 0;  // a bit for each letter of the word, the last one lowest
  std::uint32_t line_ = 0;
  LetterScript last_ = LetterScript::None;
};

}  // namespace

Letters count_letters(std::string_view utf8) {
  Letters letters;
  Counter counter(&letters);
  for (std::size_t at = 0; at < utf8.size();) {
    const auto ascii = utf8.substr(at, ascii_prefix(utf8.substr(at)));
    counter.add_ascii(ascii);
    at += ascii.size();
    if (at < utf8.size()) counter.add_other(next_code_point(utf8, at));
  }
  counter.finish();
  return letters;
}

}  // namespace winnow::features
