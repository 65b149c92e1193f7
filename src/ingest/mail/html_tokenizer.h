// HTML, token by token, as browsers cut it (https://html.spec.whatwg.org/, section 13.2.5): odd
// quoting, slashes for blanks, broken comments and raw text included. Linear, keeps no tree, and
// knows no more of the document than the tag before.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

struct HtmlAttribute {
  std::string_view name;   // as written; compare with case ignored
  std::string_view value;  // character references as written
};

struct HtmlToken {
  enum class Kind : std::uint8_t { Text, RawText, StartTag, EndTag, Comment, End };
  Kind kind = Kind::End;
  std::string_view text;  // Text, RawText, Comment: as written. Text may hold character references
  std::string_view name;  // of a tag, as written
  std::span<const HtmlAttribute> attributes;  // of a start tag, until the next token is read

  // The value of the first attribute of that lower-case name; null when absent.
  const HtmlAttribute* find(std::string_view lower_name) const;
};

// Borrows the text. Not thread-safe.
class HtmlTokenizer {
 public:
  static constexpr std::size_t kMaxAttributes = 256;  // a tag; the rest is passed over

  explicit HtmlTokenizer(std::string_view html) : html_(html) {}
  const HtmlToken& next();  // Kind::End at the end, and from then on

 private:
  // How the content of an element like <script> ends (section 13.2.5.2 to 13.2.5.5).
  enum class Content : std::uint8_t { Data, Raw, Escapable, Plain };

  const HtmlToken& text_until(std::size_t end, HtmlToken::Kind kind);
  bool read_markup();
  bool read_tag(std::size_t name_at, HtmlToken::Kind kind);
  void read_attribute();
  void read_comment(std::size_t text_at);
  void read_bogus_comment(std::size_t text_at);
  std::size_t end_of_raw_text() const;

  std::string_view html_;
  std::size_t at_ = 0;
  Content content_ = Content::Data;
  std::string_view raw_name_;  // of the element whose raw text comes next
  std::vector<HtmlAttribute> attributes_;
  HtmlToken token_;
};

// Tab, line feed, form feed, carriage return, blank.
constexpr bool is_html_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

// Appends an attribute's value with its character references resolved.
void append_attribute_text(std::string_view value, std::string& out);

}  // namespace winnow
