// What changes from mail to mail becomes a token, so that a model learns the message and not the
// campaign.
#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf8.h"
#include "features/detail/words.h"
#include "names/text_fold.h"

namespace winnow::features {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_host_byte(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; }

// Why a byte may end what is taken over as it stands.
enum ByteClass : std::uint8_t {
  kVarying = 1,   // something to replace, perhaps
  kOddBlank = 2,  // becomes a plain blank
  kBlank = 4,     // one too many, after another
  kNameHead = 8,  // of a recipient, where a word begins
};
using ByteClasses = std::array<std::uint8_t, 256>;

constexpr bool is_blank(char c) { return c == ' ' || (c >= 9 && c <= 13); }
constexpr bool is_word(char c) { return is_word_byte(c) || c == '_'; }

constexpr ByteClasses kBlanksOnly = [] {
  ByteClasses classes{};
  for (char c = 9; c <= 13; ++c) classes[static_cast<unsigned char>(c)] = kOddBlank;
  classes[' '] = kBlank;
  return classes;
}();
constexpr ByteClasses kWhatVaries = [] {
  auto classes = kBlanksOnly;
  for (const char c : std::string_view("0123456789@.:$"))
    classes[static_cast<unsigned char>(c)] = kVarying;
  return classes;
}();
// The classes that end it, by the byte before.
constexpr ByteClasses kEndsAfter = [] {
  ByteClasses ends{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    ends[byte] = static_cast<std::uint8_t>(kVarying | kOddBlank | (is_blank(c) ? kBlank : 0) |
                                           (is_word(c) ? 0 : kNameHead));
  }
  return ends;
}();

// What append_folded() gives for ASCII; a NUL is a blank.
char folded_ascii(char c) {
  if (c == '\0') return ' ';
  return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

constexpr std::uint64_t in_each_byte(std::uint64_t value) { return value * 0x0101010101010101; }

// The same for eight bytes at a time; false, and nothing done, where one is a NUL or beyond ASCII.
bool fold_eight(const char* from, char* to) {
  std::uint64_t eight;
  std::memcpy(&eight, from, sizeof eight);
  const auto high = in_each_byte(0x80);
  // Subtracting 1 takes the high bit of a NUL from below, and of no other byte that has none.
  if (((eight | (eight - in_each_byte(1))) & high) != 0) return false;
  const auto from_a = eight + in_each_byte(0x80 - 'A'), after_z = eight + in_each_byte(0x7F - 'Z');
  eight += (from_a & ~after_z & high) >> 2;  // 0x20 where both agree: between A and Z
  std::memcpy(to, &eight, sizeof eight);
  return true;
}

void fold_ascii(std::string_view text, char* to) {
  std::size_t at = 0;
  while (at + 8 <= text.size() && fold_eight(text.data() + at, to + at)) at += 8;
  std::transform(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), to + at, folded_ascii);
}

std::string fold_all(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size() + 16);
  for (std::size_t at = 0; at < utf8.size();) {
    const auto ascii = utf8.substr(at, ascii_prefix(utf8.substr(at)));  // most text
    const auto begin = out.size();
    out.resize(begin + ascii.size());
    fold_ascii(ascii, out.data() + begin);
    at += ascii.size();
    if (at < utf8.size()) append_folded(out, next_code_point(utf8, at));
  }
  return out;
}

std::uint32_t count_words(std::string_view folded) {
  std::uint32_t words = 0;
  bool inside = false;
  for (const char c : folded) {
    words += is_word(c) && !inside ? 1 : 0;
    inside = is_word(c);
  }
  return words;
}

class Normaliser {
 public:
  Normaliser(std::string_view folded, Replace replace, std::span<const std::string> people)
      : in_(folded),
        people_(people),
        classes_(replace == Replace::Nothing ? kBlanksOnly : kWhatVaries) {
    for (const auto& name : people) classes_[static_cast<unsigned char>(name.front())] |= kNameHead;
    out_.text.reserve(folded.size() + folded.size() / 4 + 16);
    out_.text.push_back(' ');
  }

  NormalText run() && {
    out_.written_words = count_words(in_);
    while (true) {
      while (at_ < in_.size() && is_blank(in_[at_])) ++at_;
      if (at_ == in_.size()) break;
      blank();
      take_plain();
      if (at_ == in_.size() || is_blank(in_[at_])) continue;
      chunk_end_ = at_;
      while (chunk_end_ < in_.size() && !is_blank(in_[chunk_end_])) ++chunk_end_;
      if (!take_address()) {
        while (at_ < chunk_end_) step();
      }
    }
    blank();
    return finish();
  }

 private:
  char peek(std::size_t at) const { return at < in_.size() ? in_[at] : ' '; }
  std::uint8_t class_of(char c) const { return classes_[static_cast<unsigned char>(c)]; }
  char before(std::size_t at) const { return at == 0 ? ' ' : in_[at - 1]; }
  bool begins(std::size_t at, std::string_view text) const {
    return at <= in_.size() && in_.substr(at, text.size()) == text;
  }

  void blank() {
    if (out_.text.back() != ' ') out_.text.push_back(' ');
  }
  void literal(std::string_view text) {
    if (after_token_) blank();
    after_token_ = false;
    last_was_number_ = false;
    out_.text += text;
  }
  void token(TokenKind kind) {
    if (kind == TokenKind::Number && last_was_number_)
      return;  // "4000 1234 5678" is one number to a reader
    blank();
    out_.text += word_of(kind);
    ++out_.tokens[static_cast<std::size_t>(kind)];
    after_token_ = true;
    last_was_number_ = kind == TokenKind::Number;
  }

  // Takes over, from a chunk's beginning, what has nothing to replace and single blanks: most text.
  // Stops at another blank, or where a chunk begins that may have something to replace.
  void take_plain() {
    auto end = at_;
    while (end < in_.size() && !ends_plain(end)) ++end;
    if (end < in_.size() && !is_blank(in_[end])) {
      while (end > at_ && !is_blank(in_[end - 1])) --end;
    }
    if (end == at_) return;
    literal(in_.substr(at_, end - at_));
    at_ = end;
  }
  bool ends_plain(std::size_t at) const {
    const auto ends = class_of(in_[at]) & kEndsAfter[static_cast<unsigned char>(before(at))];
    return ends != 0 && (ends != kNameHead || begins_with_name(at));
  }
  bool begins_with_name(std::size_t at) const {
    return std::any_of(people_.begin(), people_.end(),
                       [&](const std::string& name) { return begins(at, name); });
  }

  // Consumes one thing at at_.
  void step() {
    const char c = in_[at_];
    const bool at_word_start = is_word(c) && !is_word(before(at_));
    if (at_word_start && take_url()) return;
    if (at_word_start && take_domain()) return;
    if (c == '$' && take_amount()) return;
    if (is_word(c)) return take_word();
    literal(in_.substr(at_++, 1));
  }

  bool take_url() {
    const bool scheme = begins(at_, "http://") || begins(at_, "https://") || begins(at_, "ftp://");
    if (!scheme && !(begins(at_, "www.") && is_word_byte(peek(at_ + 4)))) return false;
    while (at_ < chunk_end_ && std::string_view("<>\"')]").find(in_[at_]) == std::string_view::npos)
      ++at_;
    token(TokenKind::Url);
    if (at_ < chunk_end_) take_address();
    return true;
  }

  // Whatever has an '@' is an address to a reader, a redacted one ("phishing@pot") as well: the
  // rest of the chunk, unless a URL comes first.
  bool take_address() {
    const auto rest = in_.substr(at_, chunk_end_ - at_);
    const auto sign = rest.find('@');
    if (sign == std::string_view::npos ||
        rest.substr(0, sign).find("://") != std::string_view::npos)
      return false;
    at_ = chunk_end_;
    token(TokenKind::Address);
    return true;
  }

  bool take_domain() {
    if (before(at_) == '@' || before(at_) == '.' || before(at_) == '-') return false;
    std::size_t end = at_;
    std::size_t label = at_;
    std::size_t dots = 0;
    for (; end < chunk_end_ &&
           (is_host_byte(in_[end]) || (in_[end] == '.' && is_host_byte(peek(end + 1))));
         ++end) {
      if (in_[end] != '.') continue;
      ++dots;
      label = end + 1;
    }
    const auto last = in_.substr(label, end - label);
    const bool is_suffix =
        last.size() >= 2 && last.size() <= 12 &&
        std::all_of(last.begin(), last.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (dots == 0 || dots > 5 || !is_suffix || is_word(peek(end))) return false;
    at_ = end;
    token(TokenKind::Domain);
    return true;
  }

  bool take_amount() {
    std::size_t at = at_ + 1;
    if (at == chunk_end_ && peek(at) == ' ') ++at;  // "$ 20"
    if (!is_digit(peek(at))) return false;
    while (is_digit(peek(at)) || ((peek(at) == '.' || peek(at) == ',') && is_digit(peek(at + 1))))
      ++at;
    leave_chunk_if_past(at);
    token(TokenKind::Money);
    return true;
  }

  // A word; with a digit in it a number, with what follows of a date, a time or a decimal.
  void take_word() {
    const auto begin = at_;
    bool digits = false;
    while (at_ < chunk_end_ &&
           (is_word(in_[at_]) || (in_[at_] == '\'' && is_word(peek(at_ + 1))))) {
      digits |= is_digit(in_[at_++]);
    }
    if (!digits) {
      const auto word = in_.substr(begin, at_ - begin);
      if (is_person(word)) return token(TokenKind::Recipient);
      return literal(word);
    }
    while (at_ + 1 < chunk_end_ &&
           std::string_view(".,:/-").find(in_[at_]) != std::string_view::npos &&
           is_digit(in_[at_ + 1])) {
      while (at_ < chunk_end_ && !is_word(in_[at_])) ++at_;
      while (at_ < chunk_end_ && is_word(in_[at_])) ++at_;
    }
    token(take_currency() ? TokenKind::Money : TokenKind::Number);
  }

  // "20 €", "20$", "20 EUR"
  bool take_currency() {
    std::size_t at = at_;
    if (at == chunk_end_ && peek(at) == ' ') ++at;
    if (peek(at) == '$') {
      leave_chunk_if_past(at + 1);
      return true;
    }
    for (const std::string_view name :
         {"eur", "euro", "euros", "usd", "dollar", "dollars", "gbp"}) {
      if (begins(at, name) && !is_word(peek(at + name.size()))) {
        leave_chunk_if_past(at + name.size());
        return true;
      }
    }
    return false;
  }

  // Moves to `at`, which may lie in the next chunk; then that chunk is this one.
  void leave_chunk_if_past(std::size_t at) {
    at_ = at;
    if (at_ <= chunk_end_) return;
    chunk_end_ = at_;
    while (chunk_end_ < in_.size() && !is_blank(in_[chunk_end_])) ++chunk_end_;
  }

  bool is_person(std::string_view word) const {
    return !word.empty() && (class_of(word.front()) & kNameHead) != 0 &&
           std::binary_search(people_.begin(), people_.end(), word);
  }

  NormalText finish() {
    // Room that a scan may read beyond the end without looking first.
    out_.text.append(8, '\0');
    out_.text.resize(out_.text.size() - 8);
    return std::move(out_);
  }

  std::string_view in_;
  std::span<const std::string> people_;  // sorted
  ByteClasses classes_;
  NormalText out_;
  std::size_t at_ = 0;
  std::size_t chunk_end_ = 0;
  bool after_token_ = false;
  bool last_was_number_ = false;
};

}  // namespace

NormalText normalise(std::string_view utf8, Replace replace, std::span<const std::string> people) {
  const auto folded = fold_all(utf8);
  return Normaliser(folded, replace, people).run();
}

}  // namespace winnow::features
