#include "intel/detail/stix_lexer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/utf8.h"

namespace winnow::detail {
namespace {

using Kind = StixToken::Kind;

constexpr std::array<std::string_view, 17> kKeywords = {
    "AND",  "OR", "NOT",   "FOLLOWEDBY", "LIKE",    "MATCHES", "ISSUPERSET", "ISSUBSET", "EXISTS",
    "LAST", "IN", "START", "STOP",       "SECONDS", "WITHIN",  "REPEATS",    "TIMES"};
constexpr std::array<std::string_view, 18> kSymbols = {
    "==", "!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ":", ".", ",", "*", "^", "/"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_even_hex(std::string_view text) { return from_hex(text).has_value(); }

bool is_base64(std::string_view text) { return !text.empty() && from_base64(text).has_value(); }

// t'2016-06-01T01:30:00.123Z'. Only ranges count, as in the grammar: 30 February passes.
bool is_timestamp(std::string_view text) {
  static constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kShape.size() + 1 || !text.ends_with('Z')) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !is_digit(text[i]) : text[i] != kShape[i]) return false;
  }
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const auto fraction = text.substr(kShape.size(), text.size() - kShape.size() - 1);
  const bool whole = fraction.empty() || (fraction.size() > 1 && fraction[0] == '.' &&
                                          std::ranges::all_of(fraction.substr(1), is_digit));
  return two(5) >= 1 && two(5) <= 12 && two(8) >= 1 && two(8) <= 31 && two(11) <= 23 &&
         two(14) <= 59 && two(17) <= 60 && whole;
}

// The blanks that the grammar skips beyond those of ASCII.
bool is_wide_blank(char32_t c) {
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

Error StixLexer::error(std::string_view why) const {
  return {Code::InvalidArgument, fmt::format("not a STIX pattern: at byte {} {}", at_, why)};
}

Status StixLexer::skip_blank() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      ++at_;
    } else if (c == '/' && peek(1) == '*') {
      const auto end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) return error("a comment is never closed");
      at_ = end + 2;
    } else if (c == '/' && peek(1) == '/') {
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      auto after = at_;
      if (!is_wide_blank(next_code_point(text_, after))) return {};
      at_ = after;
    } else {
      return {};
    }
  }
  return {};
}

Result<StixToken> StixLexer::next() {
  WINNOW_TRY(skip_blank());
  StixToken token;
  token.at = at_;
  if (at_ == text_.size()) return token;
  const char c = peek();
  if (begins_name(c)) return word();
  if (is_digit(c) || (c == '.' && is_digit(peek(1))) || c == '+' || c == '-') return number();
  if (c == '\'') {
    token.kind = Kind::String;
    WINNOW_TRY(token.text, quoted());
    return token;
  }
  for (const auto symbol : kSymbols) {
    if (!text_.substr(at_).starts_with(symbol)) continue;
    token.kind = Kind::Symbol;
    token.text = symbol;
    at_ += symbol.size();
    return token;
  }
  return error("stands a character that no pattern has");
}

Result<StixToken> StixLexer::number() {
  StixToken token;
  token.at = at_;
  const bool negative = peek() == '-';
  if (peek() == '+' || peek() == '-') ++at_;
  const auto digits = at_;
  while (is_digit(peek())) ++at_;
  const bool is_float = peek() == '.' && is_digit(peek(1));
  if (is_float) {
    for (++at_; is_digit(peek());) ++at_;
  } else if (at_ == digits) {
    return error("a sign stands without a number");
  } else if (text_[digits] == '0' && at_ > digits + 1) {
    return error("a number begins with a zero");
  }
  token.kind = is_float ? (negative ? Kind::NegativeFloat : Kind::Float)
                        : (negative ? Kind::NegativeInt : Kind::Int);
  token.text = text_.substr(token.at, at_ - token.at);
  return token;
}

Result<StixToken> StixLexer::word() {
  StixToken token;
  token.at = at_;
  // h'..', b'..' and t'..' are literals, not names.
  if (peek(1) == '\'' && (peek() == 'h' || peek() == 'b' || peek() == 't')) {
    const char type = peek();
    ++at_;
    WINNOW_TRY(token.text, quoted());
    token.kind = type == 'h' ? Kind::Hex : type == 'b' ? Kind::Binary : Kind::Timestamp;
    const bool valid = type == 'h'   ? is_even_hex(token.text)
                       : type == 'b' ? is_base64(token.text)
                                     : is_timestamp(token.text);
    if (!valid) return error("a literal is malformed");
    return token;
  }
  bool hyphen = false;
  for (; begins_name(peek()) || is_digit(peek()) || peek() == '-'; ++at_) hyphen |= peek() == '-';
  token.text = text_.substr(token.at, at_ - token.at);
  token.kind = hyphen ? Kind::HyphenName : Kind::Name;
  if (std::ranges::find(kKeywords, token.text) != kKeywords.end()) token.kind = Kind::Keyword;
  if (token.text == "true" || token.text == "false") token.kind = Kind::Bool;
  return token;
}

Result<std::string> StixLexer::quoted() {
  std::string out;
  for (++at_; at_ < text_.size(); ++at_) {
    if (peek() == '\'') {
      ++at_;
      return out;
    }
    if (peek() == '\\') {
      if (peek(1) != '\'' && peek(1) != '\\')
        return error("a backslash escapes neither ' nor a backslash");
      ++at_;
    }
    out += peek();
  }
  return error("a quote is never closed");
}

}  // namespace winnow::detail
