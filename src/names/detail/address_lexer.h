// The lexical tokens of RFC 5322 section 3.2, read forgivingly: what is opened and never closed
// counts as a stray character.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow::detail {

struct AddressToken {
  enum class Kind : std::uint8_t {
    End,
    Atom,
    Quoted,
    Comment,
    Literal,
    Dot,
    At,
    Comma,
    Semicolon,
    Colon,
    AngleOpen,
    AngleClose
  };
  Kind kind = Kind::End;
  std::string text;  // unquoted; a Literal with its brackets; a Comment without the outer ones
  bool after_blank = false;  // blanks or comments stood before it
};

class AddressLexer {
 public:
  explicit AddressLexer(std::string_view text) : text_(text) {}
  AddressToken next();
  bool found_unterminated() const { return unterminated_; }

 private:
  bool take_quoted(AddressToken& token);
  bool take_comment(AddressToken& token);
  bool take_literal(AddressToken& token);
  void take_atom(AddressToken& token);

  std::string_view text_;
  std::size_t at_ = 0;
  // One failed search for the end proves that there is none further on, which keeps reading linear.
  bool no_quote_ends_ = false, no_comment_ends_ = false, no_literal_ends_ = false;
  bool unterminated_ = false;
};

}  // namespace winnow::detail
