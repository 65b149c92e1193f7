#include "ingest/mail/html_tokenizer.h"

#include <algorithm>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "ingest/mail/html_references.h"

namespace winnow {
namespace {

constexpr ByteSet kTagNameEnd(" \n\t\r\f/>");
constexpr ByteSet kBeforeAttribute(" \n\t\r\f/");
constexpr ByteSet kAttributeNameEnd(" \n\t\r\f/>=");
constexpr ByteSet kValueEnd(" \n\t\r\f>");
constexpr ByteSet kSpace(" \n\t\r\f");

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(
      names, [&](std::string_view n) { return equal_ignoring_ascii_case(name, n); });
}

}  // namespace

const HtmlAttribute* HtmlToken::find(std::string_view lower_name) const {
  for (const auto& attribute : attributes) {
    if (equal_ignoring_ascii_case(attribute.name, lower_name)) return &attribute;
  }
  return nullptr;
}

const HtmlToken& HtmlTokenizer::text_until(std::size_t end, HtmlToken::Kind kind) {
  token_ = {kind, html_.substr(at_, end - at_), {}, {}};
  at_ = end;
  return token_;
}

const HtmlToken& HtmlTokenizer::next() {
  while (at_ < html_.size()) {
    if (content_ == Content::Plain) return text_until(html_.size(), HtmlToken::Kind::Text);
    if (content_ != Content::Data) {
      const auto kind = content_ == Content::Raw ? HtmlToken::Kind::RawText : HtmlToken::Kind::Text;
      content_ = Content::Data;
      const auto end = end_of_raw_text();
      if (end > at_) return text_until(end, kind);
    }
    if (html_[at_] == '<') {
      const auto before = at_;
      if (read_markup()) return token_;
      if (at_ != before) continue;  // markup that makes no token
    }
    // A '<' that begins no markup is text.
    const auto end = html_.find('<', at_ + 1);
    return text_until(std::min(end, html_.size()), HtmlToken::Kind::Text);
  }
  token_ = {};
  return token_;
}

// Reads what the '<' at at_ begins. Returns whether there is a token; at_ stays when it is text.
bool HtmlTokenizer::read_markup() {
  const auto rest = html_.substr(at_);
  if (rest.size() < 2) return false;
  const char c = rest[1];
  if (is_letter(c)) return read_tag(at_ + 1, HtmlToken::Kind::StartTag);
  if (c == '/') {
    if (rest.size() < 3) return false;
    if (is_letter(rest[2])) return read_tag(at_ + 2, HtmlToken::Kind::EndTag);
    if (rest[2] == '>') {  // "</>" is nothing at all
      at_ += 3;
      return false;
    }
    read_bogus_comment(at_ + 2);
    return true;
  }
  if (c == '!') {
    if (rest.starts_with("<!--")) {
      read_comment(at_ + 4);
    } else {
      read_bogus_comment(at_ + 2);  // document types and CDATA sections end at '>' as well
    }
    return true;
  }
  if (c == '?') {
    read_bogus_comment(at_ + 1);
    return true;
  }
  return false;
}

void HtmlTokenizer::read_bogus_comment(std::size_t text_at) {
  const auto end = std::min(html_.find('>', text_at), html_.size());
  token_ = {HtmlToken::Kind::Comment, html_.substr(text_at, end - text_at), {}, {}};
  at_ = std::min(end + 1, html_.size());
}

void HtmlTokenizer::read_comment(std::size_t text_at) {
  const auto rest = html_.substr(text_at);
  token_ = {HtmlToken::Kind::Comment, {}, {}, {}};
  if (rest.starts_with(">") || rest.starts_with("->")) {  // "<!-->" and "<!--->" are closed
    at_ = text_at + rest.find('>') + 1;
    return;
  }
  for (auto dashes = html_.find("--", text_at); dashes != std::string_view::npos;
       dashes = html_.find("--", dashes + 1)) {
    const auto after = html_.substr(dashes + 2);
    if (!after.starts_with(">") && !after.starts_with("!>")) continue;
    token_.text = html_.substr(text_at, dashes - text_at);
    at_ = dashes + 2 + after.find('>') + 1;
    return;
  }
  token_.text = rest;
  at_ = html_.size();
}

bool HtmlTokenizer::read_tag(std::size_t name_at, HtmlToken::Kind kind) {
  const auto end = kTagNameEnd.find_in(html_, name_at);
  const auto name = html_.substr(name_at, end - name_at);
  attributes_.clear();
  at_ = end;
  while (true) {
    at_ = kBeforeAttribute.find_not_in(html_, at_);
    if (at_ >= html_.size()) return false;  // a tag that is never closed is nothing
    if (html_[at_] == '>') break;
    read_attribute();
  }
  ++at_;
  token_ = {kind, {}, name, {}};
  if (kind == HtmlToken::Kind::EndTag) return true;
  token_.attributes = attributes_;
  if (is_one_of(name, {"script", "style", "xmp", "iframe", "noembed", "noframes"})) {
    content_ = Content::Raw;
  } else if (is_one_of(name, {"title", "textarea"})) {
    content_ = Content::Escapable;
  } else if (is_one_of(name, {"plaintext"})) {
    content_ = Content::Plain;
  }
  raw_name_ = name;
  return true;
}

// Section 13.2.5.32 to 13.2.5.39; at_ is on the attribute's first character.
void HtmlTokenizer::read_attribute() {
  const auto name_at = at_;
  at_ = kAttributeNameEnd.find_in(html_, name_at + 1);  // even a '=' begins a name
  const auto name = html_.substr(name_at, at_ - name_at);
  std::string_view value;
  auto next = kSpace.find_not_in(html_, at_);
  if (next < html_.size() && html_[next] == '=') {
    next = kSpace.find_not_in(html_, next + 1);
    at_ = next;
    if (next < html_.size() && (html_[next] == '"' || html_[next] == '\'')) {
      const auto end = std::min(html_.find(html_[next], next + 1), html_.size());
      value = html_.substr(next + 1, end - next - 1);
      at_ = std::min(end + 1, html_.size());
    } else {
      at_ = kValueEnd.find_in(html_, next);
      value = html_.substr(next, at_ - next);
    }
  }
  if (attributes_.size() < kMaxAttributes) attributes_.push_back({name, value});
}

// Where the raw text of raw_name_ ends: at its end tag, else at the end of the text.
std::size_t HtmlTokenizer::end_of_raw_text() const {
  for (auto open = html_.find("</", at_); open != std::string_view::npos;
       open = html_.find("</", open + 2)) {
    const auto rest = html_.substr(open + 2);
    if (rest.size() <= raw_name_.size()) continue;
    if (!equal_ignoring_ascii_case(rest.substr(0, raw_name_.size()), raw_name_)) continue;
    const char after = rest[raw_name_.size()];
    if (is_html_space(after) || after == '/' || after == '>') return open;
  }
  return html_.size();
}

void append_attribute_text(std::string_view value, std::string& out) {
  for (std::size_t at = 0; at < value.size();) {
    const auto ampersand = std::min(value.find('&', at), value.size());
    out.append(value.substr(at, ampersand - at));
    if (ampersand == value.size()) return;
    const auto end = append_character_reference(value, ampersand, ReferencePlace::Attribute, out);
    if (end == ampersand) out.push_back('&');
    at = std::max(end, ampersand + 1);
  }
}

}  // namespace winnow
