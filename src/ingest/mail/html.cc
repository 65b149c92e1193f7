#include "ingest/mail/html.h"

#include <algorithm>

#include "base/utf8.h"
#include "ingest/mail/html_reader.h"

namespace winnow::detail {
namespace {

constexpr std::uint32_t name_hash(std::string_view name) {
  std::uint32_t hash = 2166136261;  // FNV-1a over lower case; 24 characters tell elements apart
  for (const char c : name.substr(0, 24)) {
    const auto lower = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
    hash = (hash ^ lower) * 16777619;
  }
  return hash;
}

}  // namespace

void HtmlReader::begin_block() {
  visible_.block();
  hidden_.blank();
}

void HtmlReader::style_changed() {
  hides_ = unseen_depth_ > 0 || (!open_.empty() && open_.back().style.hides());
}

void HtmlReader::add_text(const HtmlToken& token) {
  const bool in_head = !open_.empty() && open_.back().facts->element == Element::Head;
  if (in_head && !trim_ascii(token.text).empty()) leave_head(Element::Other);
  if (unseen_depth_ > 0) return;  // of a title or a template: neither shown nor hidden here
  auto& sink = hides_ ? hidden_ : visible_;
  sink.add_html(token.text, pre_depth_ > 0);
}

HtmlStyle HtmlReader::style_of(const HtmlToken& tag, const ElementFacts& facts) {
  HtmlStyle result = style().inherited();
  std::string_view css, classes, id;
  for (const auto& [name, value] : tag.attributes) {
    switch (name.empty() ? '\0' : static_cast<char>(name[0] | 0x20)) {
      case 'b':
        if (equal_ignoring_ascii_case(name, "bgcolor")) {
          if (const auto colour = read_colour(value); colour >= 0) result.background = colour;
        } else if (equal_ignoring_ascii_case(name, "background")) {
          result.background = kNoColour;
        }
        break;
      case 'c':
        if (equal_ignoring_ascii_case(name, "class")) classes = value;
        if (equal_ignoring_ascii_case(name, "color")) {
          if (const auto colour = read_colour(value); colour != kNoColour) result.text = colour;
        }
        break;
      case 'h':
        if (equal_ignoring_ascii_case(name, "hidden")) result.undisplayed = true;
        break;
      case 'i':
        if (equal_ignoring_ascii_case(name, "id")) id = value;
        break;
      case 'o':
        if (name.size() > 2 && (name[1] | 0x20) == 'n' && !value.empty()) {
          ++content_.counts.event_handlers;
        }
        break;
      case 's':
        if (equal_ignoring_ascii_case(name, "style")) css = value;
        break;
      case 't':
        if (facts.element == Element::Body && equal_ignoring_ascii_case(name, "text")) {
          if (const auto colour = read_colour(value); colour >= 0) result.text = colour;
        }
        break;
      default:
        break;
    }
  }
  hidden_names_.apply(classes, id, result);
  if (css.find('&') == std::string_view::npos) {
    apply_declarations(css, result);
  } else {
    std::string decoded;
    append_attribute_text(css, decoded);
    apply_declarations(decoded, result);
  }
  return result;
}

void HtmlReader::open(const HtmlToken& tag, std::uint32_t name, const ElementFacts& facts,
                      const HtmlStyle& style) {
  if (open_.size() >= limits_.open_elements) {
    ++unremembered_;
    return;
  }
  OpenElement element{name, &facts, style, false};
  // A quoted mail: cite and the containers that web mailers put around it.
  element.quotes = facts.element == Element::Blockquote ||
                   attribute_of(tag, "class").find("gmail_quote") != std::string_view::npos;
  if (element.quotes) visible_.set_quote_depth(++quote_depth_);
  if (facts.element == Element::Pre) ++pre_depth_;
  if (facts.is_unseen) ++unseen_depth_;
  ++open_count_[element.name & 0xFF];
  open_.push_back(element);
  style_changed();
}

void HtmlReader::close_to(std::size_t size) {
  while (open_.size() > size) {
    const auto& element = open_.back();
    if (element.quotes) visible_.set_quote_depth(--quote_depth_);
    if (element.facts->element == Element::Pre) --pre_depth_;
    if (element.facts->is_unseen) --unseen_depth_;
    if (element.facts->is_block) begin_block();
    --open_count_[element.name & 0xFF];
    open_.pop_back();
  }
  style_changed();
}

// What cannot stand in a head ends it (section 13.2.6.4.4), closed or not.
void HtmlReader::leave_head(Element element) {
  if (open_.empty() || open_.back().facts->element != Element::Head) return;
  switch (element) {
    case Element::Base:
    case Element::Link:
    case Element::Meta:
    case Element::NoFrames:
    case Element::Script:
    case Element::Style:
    case Element::Template:
    case Element::Title:
      return;
    default:
      close_to(open_.size() - 1);
  }
}

// Closes what the start of this element ends: an open <p>, the <li> or <td> before.
void HtmlReader::close_implied(std::uint32_t name, const ElementFacts& facts) {
  const bool ends_paragraph = facts.is_block && facts.element != Element::Html;
  if (!facts.closes_alike && !ends_paragraph) return;
  constexpr std::uint32_t kParagraph = name_hash("p");
  for (std::size_t i = open_.size(); i > 0; --i) {
    const auto& element = open_[i - 1];
    const auto& around = *element.facts;
    const bool cells = facts.element == Element::Td && around.element == Element::Td;
    const bool alike = facts.closes_alike && (element.name == name || cells);
    if (alike || (ends_paragraph && element.name == kParagraph)) return close_to(i - 1);
    // A list within an item, a table within a cell: what is around them stays open.
    const bool row_in_cell = facts.element == Element::Tr && around.element == Element::Td;
    if (around.is_barrier && !row_in_cell) return;
    if (around.is_block && !around.closes_alike) return;
  }
}

void HtmlReader::start(const HtmlToken& tag) {
  ++content_.counts.tags;
  const auto& facts = facts_of_element(tag.name);
  leave_head(facts.element);
  const auto name = name_hash(tag.name);
  close_implied(name, facts);
  const auto style = style_of(tag, facts);
  if (facts.element == Element::Br) return visible_.line_break();
  if (facts.is_block) begin_block();
  if (facts.is_cell) visible_.blank();
  look_at(tag, facts, style);
  in_style_ = facts.element == Element::Style;
  if (facts.is_void) return;
  // The body's look is that of the page, and stays when the body is closed.
  open(tag, name, facts, style);
}

void HtmlReader::end(const HtmlToken& tag) {
  const auto& facts = facts_of_element(tag.name);
  if (facts.element == Element::A) close_anchor();
  if (facts.element == Element::Br) return visible_.line_break();  // "</br>" is "<br>"
  if (facts.is_block) begin_block();
  if (facts.element == Element::P) visible_.line_break();
  if (unremembered_ > 0) {
    --unremembered_;
    return;
  }
  const auto name = name_hash(tag.name);
  if (open_count_[name & 0xFF] == 0) return;
  const bool ends_cell = facts.element == Element::Td || facts.element == Element::Tr;
  const bool ends_document = facts.element == Element::Body || facts.element == Element::Html;
  for (std::size_t i = open_.size(); i > 0; --i) {
    const auto& element = open_[i - 1];
    if (element.name == name) return close_to(i - 1);
    // "</div>" in a cell does not close the <div> around the table.
    if (!element.facts->is_barrier || ends_document) continue;
    if (!ends_cell || element.facts->element == Element::Table) return;
  }
}

HtmlContent HtmlReader::read(std::string_view html) {
  HtmlTokenizer tokens(html);
  while (true) {
    const auto& token = tokens.next();
    switch (token.kind) {
      case HtmlToken::Kind::Text:
        add_text(token);
        break;
      case HtmlToken::Kind::RawText:
        if (in_style_) hidden_names_.read_sheet(token.text);
        break;
      case HtmlToken::Kind::StartTag:
        start(token);
        break;
      case HtmlToken::Kind::EndTag:
        end(token);
        break;
      case HtmlToken::Kind::Comment:
        ++content_.counts.comments;
        break;
      case HtmlToken::Kind::End:
        close_anchor();
        content_.counts.invisible_characters =
            static_cast<std::uint32_t>(visible_.invisible() + hidden_.invisible());
        content_.counts.character_references =
            static_cast<std::uint32_t>(visible_.references() + hidden_.references());
        content_.text = visible_.take();
        content_.hidden_text = hidden_.take();
        return std::move(content_);
    }
  }
}

}  // namespace winnow::detail

namespace winnow {

HtmlContent read_html(std::string_view html, const HtmlLimits& limits) {
  return detail::HtmlReader(limits).read(html);
}

std::string_view declared_charset(std::string_view html) {
  HtmlTokenizer tokens(html.substr(0, 1024));
  while (true) {
    const auto& token = tokens.next();
    if (token.kind == HtmlToken::Kind::End) return {};
    if (token.kind != HtmlToken::Kind::StartTag || !equal_ignoring_ascii_case(token.name, "meta")) {
      continue;
    }
    if (const auto* charset = token.find("charset")) return trim_ascii(charset->value);
    const auto content = detail::attribute_of(token, "content");
    const auto at = ascii_lower(content).find("charset=");
    if (at != std::string::npos) {
      const auto name = content.substr(at + 8);
      return name.substr(0, name.find_first_of("; \"'"));
    }
  }
}

}  // namespace winnow
