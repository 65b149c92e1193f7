#include "names/detail/address_lexer.h"

namespace winnow::detail {
namespace {

using Kind = AddressToken::Kind;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

Kind special(char c) {
  switch (c) {
    case '.':
      return Kind::Dot;
    case '@':
      return Kind::At;
    case ',':
      return Kind::Comma;
    case ';':
      return Kind::Semicolon;
    case ':':
      return Kind::Colon;
    case '<':
      return Kind::AngleOpen;
    case '>':
      return Kind::AngleClose;
    default:
      return Kind::Atom;
  }
}

}  // namespace

AddressToken AddressLexer::next() {
  AddressToken token;
  while (at_ < text_.size() && is_blank(text_[at_])) {
    token.after_blank = true;
    ++at_;
  }
  if (at_ == text_.size()) return token;
  const char c = text_[at_];
  if (c == '"' && take_quoted(token)) return token;
  if (c == '(' && take_comment(token)) return token;
  if (c == '[' && take_literal(token)) return token;
  token.kind = special(c);
  if (token.kind == Kind::Atom) {
    take_atom(token);
  } else {
    token.text = c;
    ++at_;
  }
  return token;
}

bool AddressLexer::take_quoted(AddressToken& token) {
  if (no_quote_ends_) return false;
  std::string text;
  for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '"') {
      token.kind = Kind::Quoted;
      token.text = std::move(text);
      at_ = i + 1;
      return true;
    }
    if (text_[i] == '\\' && i + 1 < text_.size()) ++i;
    if (text_[i] != '\r' && text_[i] != '\n') text += text_[i];
  }
  no_quote_ends_ = unterminated_ = true;
  return false;
}

bool AddressLexer::take_comment(AddressToken& token) {
  if (no_comment_ends_) return false;
  std::size_t depth = 0;
  std::string text;
  for (std::size_t i = at_; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '(' && depth++ == 0) continue;
    if (c == ')' && --depth == 0) {
      token.kind = Kind::Comment;
      token.text = std::move(text);
      at_ = i + 1;
      return true;
    }
    if (c == '\\' && i + 1 < text_.size()) ++i;
    text += text_[i];
  }
  no_comment_ends_ = unterminated_ = true;
  return false;
}

bool AddressLexer::take_literal(AddressToken& token) {
  if (no_literal_ends_) return false;
  const auto end = text_.find(']', at_);
  if (end == std::string_view::npos) {
    no_literal_ends_ = unterminated_ = true;
    return false;
  }
  token.kind = Kind::Literal;
  token.text = text_.substr(at_, end + 1 - at_);
  std::erase_if(token.text,
                [](char c) { return c == '\r' || c == '\n'; });  // no line end gets into an address
  at_ = end + 1;
  return true;
}

void AddressLexer::take_atom(AddressToken& token) {
  const auto begin =
      at_++;  // the first character belongs to it whatever it is: a stray quote or bracket
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (is_blank(c) || c == '"' || c == '(' || c == '[' || special(c) != Kind::Atom) break;
    ++at_;
  }
  token.text = text_.substr(begin, at_ - begin);
}

}  // namespace winnow::detail
