// What the tags of an HTML mail lead to and load.
#include <algorithm>

#include "base/utf8.h"
#include "ingest/mail/html_reader.h"

namespace winnow::detail {
namespace {

std::string attribute_text(const HtmlToken& tag, std::string_view name) {
  std::string out;
  if (const auto* attribute = tag.find(name)) append_attribute_text(attribute->value, out);
  return out;
}

bool begins(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && equal_ignoring_ascii_case(text.substr(0, with.size()), with);
}

bool is_remote(std::string_view url) {
  return begins(url, "http:") || begins(url, "https:") || url.starts_with("//");
}

}  // namespace

std::string_view attribute_of(const HtmlToken& tag, std::string_view name) {
  const auto* attribute = tag.find(name);
  return attribute == nullptr ? std::string_view() : trim_ascii(attribute->value);
}

void HtmlReader::add_link(LinkKind kind, std::string url, bool hidden, std::string text) {
  if (trim_ascii(url).empty()) return;
  ++content_.link_count;
  if (content_.links.size() >= limits_.links) return;
  content_.links.push_back({kind, std::move(url), std::move(text), hidden});
}

void HtmlReader::open_anchor(const HtmlToken& tag, bool hidden) {
  close_anchor();
  const auto* href = tag.find("href");
  if (href == nullptr) return;
  anchor_.emplace();
  append_attribute_text(href->value, anchor_->url);
  anchor_->hidden = hidden;
  anchor_begin_ = visible_.text().size();
  anchor_hidden_begin_ = hidden_.text().size();
  anchor_images_ = content_.counts.images;
}

void HtmlReader::close_anchor() {
  if (!anchor_) return;
  auto link = std::move(*anchor_);
  anchor_.reset();
  const auto& all = visible_.text();
  if (all.size() > anchor_begin_) content_.anchors.emplace_back(anchor_begin_, all.size());
  std::string shown(trim_ascii(std::string_view(all).substr(anchor_begin_)));
  const bool pictured = content_.counts.images > anchor_images_;
  if (shown.empty()) shown = std::move(link.text);  // a picture's alternative text
  if (shown.empty() && !pictured) {
    shown = trim_ascii(std::string_view(hidden_.text()).substr(anchor_hidden_begin_));
    link.hidden = link.hidden || !shown.empty();
  }
  shown.resize(utf8_prefix(shown, limits_.link_text_bytes).size());
  std::ranges::replace(shown, '\n', ' ');
  add_link(LinkKind::Href, std::move(link.url), link.hidden, std::move(shown));
}

void HtmlReader::look_at_image(const HtmlToken& tag, bool hidden) {
  ++content_.counts.images;
  const auto source = attribute_of(tag, "src");
  if (is_remote(source)) ++content_.counts.remote_images;
  if (begins(source, "cid:")) ++content_.counts.embedded_images;
  if (begins(source, "data:")) ++content_.counts.data_images;
  const auto small = [&](std::string_view name) {
    const auto size = attribute_of(tag, name);
    return size == "1" || size == "0" || size == "1px" || size == "0px";
  };
  if (small("width") && small("height")) ++content_.counts.tiny_images;
  if (anchor_ && anchor_->text.size() < limits_.link_text_bytes) {
    anchor_->text += attribute_text(tag, "alt");
  }
  if (!begins(source, "data:") && !begins(source, "cid:")) {
    add_link(LinkKind::Image, attribute_text(tag, "src"), hidden, attribute_text(tag, "alt"));
  }
}

void HtmlReader::look_at_meta(const HtmlToken& tag) {
  if (!equal_ignoring_ascii_case(attribute_of(tag, "http-equiv"), "refresh")) return;
  ++content_.counts.meta_refresh;
  const auto text = attribute_text(tag, "content");  // "0; url='https://...'"
  const auto separator = text.find_first_of(";,");
  if (separator == std::string::npos) return;
  auto url = trim_ascii(std::string_view(text).substr(separator + 1));
  if (begins(url, "url")) {
    url = trim_ascii(url.substr(3));
    if (url.starts_with('=')) url = trim_ascii(url.substr(1));
  }
  const bool quoted = url.starts_with('"') || url.starts_with('\'');
  if (quoted) url = url.substr(1, std::min(url.find(url[0], 1), url.size()) - 1);
  add_link(LinkKind::Meta, std::string(url), false);
}

void HtmlReader::look_at_input(const HtmlToken& tag) {
  ++content_.counts.inputs;
  const auto type = attribute_of(tag, "type");
  if (equal_ignoring_ascii_case(type, "password")) ++content_.counts.password_inputs;
  if (equal_ignoring_ascii_case(type, "image")) look_at_image(tag, hides_);
}

void HtmlReader::look_at(const HtmlToken& tag, const ElementFacts& facts, const HtmlStyle& style) {
  // Letters can be too small or of the background's colour; boxes and pictures are seen anyway.
  const bool hidden = style.hides_boxes() || unseen_depth_ > 0;
  auto& counts = content_.counts;
  switch (facts.element) {
    case Element::A:
      open_anchor(tag, hidden);
      break;
    case Element::Area:
      add_link(LinkKind::Area, attribute_text(tag, "href"), hidden, attribute_text(tag, "alt"));
      break;
    case Element::Base:
      if (content_.base_href.empty()) content_.base_href = attribute_text(tag, "href");
      break;
    case Element::Button:
      add_link(LinkKind::Form, attribute_text(tag, "formaction"), hidden);
      break;
    case Element::Form:
      ++counts.forms;
      add_link(LinkKind::Form, attribute_text(tag, "action"), hidden);
      break;
    case Element::Frame:
    case Element::Iframe:
      ++counts.frames;
      add_link(LinkKind::Frame, attribute_text(tag, "src"), hidden);
      break;
    case Element::Img:
      look_at_image(tag, hidden);
      break;
    case Element::Input:
      look_at_input(tag);
      add_link(LinkKind::Form, attribute_text(tag, "formaction"), hidden);
      break;
    case Element::Link:
      if (begins(attribute_of(tag, "rel"), "stylesheet")) {
        ++counts.external_styles;
        add_link(LinkKind::Style, attribute_text(tag, "href"), false);
      }
      break;
    case Element::Meta:
      look_at_meta(tag);
      break;
    case Element::Applet:
    case Element::Embed:
      ++counts.objects;
      add_link(LinkKind::Frame, attribute_text(tag, "src"), hidden);
      break;
    case Element::Object:
      ++counts.objects;
      add_link(LinkKind::Frame, attribute_text(tag, "data"), hidden);
      break;
    case Element::Script:
      ++counts.scripts;
      add_link(LinkKind::Script, attribute_text(tag, "src"), false);
      break;
    case Element::Style:
      ++counts.style_blocks;
      break;
    case Element::Body:
    case Element::Table:
    case Element::Td:
      if (const auto* background = tag.find("background")) {
        if (is_remote(trim_ascii(background->value))) {
          add_link(LinkKind::Image, attribute_text(tag, "background"), hidden);
        }
      }
      break;
    default:
      break;
  }
}

}  // namespace winnow::detail

namespace winnow {

std::string_view name_of(LinkKind kind) {
  constexpr std::array<std::string_view, 9> kNames = {"href", "text",  "form",   "image", "area",
                                                      "meta", "frame", "script", "style"};
  return kNames[static_cast<std::size_t>(kind)];
}

HtmlCounts& HtmlCounts::operator+=(const HtmlCounts& other) {
  tags += other.tags;
  forms += other.forms;
  inputs += other.inputs;
  password_inputs += other.password_inputs;
  images += other.images;
  remote_images += other.remote_images;
  embedded_images += other.embedded_images;
  data_images += other.data_images;
  tiny_images += other.tiny_images;
  scripts += other.scripts;
  event_handlers += other.event_handlers;
  frames += other.frames;
  objects += other.objects;
  style_blocks += other.style_blocks;
  external_styles += other.external_styles;
  meta_refresh += other.meta_refresh;
  comments += other.comments;
  character_references += other.character_references;
  invisible_characters += other.invisible_characters;
  return *this;
}

}  // namespace winnow
