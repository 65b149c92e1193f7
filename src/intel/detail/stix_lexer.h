// The tokens of STIX patterns (OASIS STIX 2.1, section 9.2 and its grammar).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow::detail {

struct StixToken {
  enum class Kind : std::uint8_t {
    End,
    Name,
    HyphenName,
    Keyword,
    Symbol,
    Bool,
    Int,
    NegativeInt,
    Float,
    NegativeFloat,
    String,
    Hex,
    Binary,
    Timestamp
  };
  Kind kind = Kind::End;
  std::string text;    // of a String: unescaped
  std::size_t at = 0;  // byte position, for errors
  bool is(Kind wanted, std::string_view with) const { return kind == wanted && text == with; }
  bool is_symbol(std::string_view with) const { return is(Kind::Symbol, with); }
  bool is_keyword(std::string_view with) const { return is(Kind::Keyword, with); }
};

class StixLexer {
 public:
  explicit StixLexer(std::string_view text) : text_(text) {}
  Result<StixToken> next();  // Errors: InvalidArgument

 private:
  Status skip_blank();
  Result<StixToken> number();
  Result<StixToken> word();
  Result<std::string> quoted();
  Error error(std::string_view why) const;
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace winnow::detail
