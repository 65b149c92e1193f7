#include "ingest/mail/html_style.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "ingest/mail/html_tokenizer.h"

namespace winnow {
namespace {

constexpr ByteSet kBlank(" \t");
constexpr ByteSet kUnitEnd(" \t;!/,");
constexpr ByteSet kArgumentGap(" \t,/");
constexpr ByteSet kArgumentEnd(" \t,/)");
constexpr ByteSet kDeclarationEnd(";(");
constexpr ByteSet kRuleStart("{;");
constexpr ByteSet kNameMark(".#");
constexpr ByteSet kCombinator(" \t\r\n>+~:[");
constexpr ByteSet kHtmlSpace(" \t\r\n\f");

bool is(std::string_view a, std::string_view b) { return equal_ignoring_ascii_case(a, b); }

bool begins(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && is(text.substr(0, with.size()), with);
}

// A length with its unit, or nothing that is one.
struct Length {
  double number = 0;
  std::string_view unit;
  bool valid = false;
};

Length read_length(std::string_view text) {
  text = trim_ascii(text);
  Length length;
  std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  double scale = 1;
  bool point = false;
  for (; at < text.size() && at < 24; ++at) {
    if (text[at] == '.' && !point) {
      point = true;
    } else if (text[at] >= '0' && text[at] <= '9') {
      length.valid = true;
      length.number = length.number * 10 + (text[at] - '0');
      if (point) scale *= 10;
    } else {
      break;
    }
  }
  length.number /= text.starts_with('-') ? -scale : scale;
  length.unit = text.substr(at, kUnitEnd.find_in(text, at) - at);
  return length;
}

bool is_zero(std::string_view text) {
  const auto length = read_length(text);
  return length.valid && length.number == 0;
}

// At most one pixel or point: too small to read in any unit that mail uses.
bool is_tiny_size(std::string_view text) {
  const auto length = read_length(text);
  if (!length.valid || length.number < 0) return false;
  if (is(length.unit, "em") || is(length.unit, "rem")) return length.number < 0.1;
  if (length.unit == "%") return length.number < 8;
  return length.number <= 1.0;
}

bool is_far_away(std::string_view text) {
  const auto length = read_length(text);
  return length.valid && length.number <= -500;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Colour read_hex_colour(std::string_view digits) {
  if (digits.size() == 4 || digits.size() == 8) {  // with alpha last
    const auto alpha = digits.substr(digits.size() == 4 ? 3 : 6);
    if (alpha.find_first_not_of('0') == std::string_view::npos) return kTransparent;
    digits = digits.substr(0, digits.size() == 4 ? 3 : 6);
  }
  if (digits.size() != 3 && digits.size() != 6) return kNoColour;
  Colour colour = 0;
  for (const char c : digits) {
    const int digit = hex_digit(c);
    if (digit < 0) return kNoColour;
    colour = colour << 4 | digit;
    if (digits.size() == 3) colour = colour << 4 | digit;
  }
  return colour;
}

// rgb(1, 2, 3), rgba(1 2 3 / 0.5), with numbers or percentages.
Colour read_rgb_colour(std::string_view text) {
  const auto open = text.find('(');
  if (open == std::string_view::npos) return kNoColour;
  text.remove_prefix(open + 1);
  Colour colour = 0;
  for (int i = 0; i < 4; ++i) {
    const auto start = kArgumentGap.find_not_in(text);
    if (start == text.size() || text[start] == ')') return i == 3 ? colour : kNoColour;
    text.remove_prefix(start);
    const auto end = kArgumentEnd.find_in(text);
    const auto length = read_length(text.substr(0, end));
    if (!length.valid) return kNoColour;
    if (i == 3) return length.number <= 0.02 ? kTransparent : colour;
    const double value = length.unit == "%" ? length.number * 2.55 : length.number;
    colour = colour << 8 | static_cast<Colour>(std::clamp(value, 0.0, 255.0));
    text.remove_prefix(end);
  }
  return colour;
}

// The colours by name that mail hides text with, and the plain ones to compare them to.
constexpr auto kNamedColours = std::to_array<std::pair<std::string_view, Colour>>({
    {"white", 0xFFFFFF},      {"black", 0x000000},       {"transparent", kTransparent},
    {"snow", 0xFFFAFA},       {"ivory", 0xFFFFF0},       {"whitesmoke", 0xF5F5F5},
    {"ghostwhite", 0xF8F8FF}, {"floralwhite", 0xFFFAF0}, {"azure", 0xF0FFFF},
    {"mintcream", 0xF5FFFA},  {"red", 0xFF0000},         {"green", 0x008000},
    {"blue", 0x0000FF},       {"yellow", 0xFFFF00},      {"gray", 0x808080},
    {"grey", 0x808080},       {"silver", 0xC0C0C0},      {"navy", 0x000080},
    {"lightgray", 0xD3D3D3},  {"lightgrey", 0xD3D3D3},   {"orange", 0xFFA500},
});

bool is_near(Colour a, Colour b) {
  constexpr int kNear = 12;  // a channel; 256 steps. Readers see no letters below that
  for (int shift = 0; shift <= 16; shift += 8) {
    if (std::abs((a >> shift & 0xFF) - (b >> shift & 0xFF)) > kNear) return false;
  }
  return true;
}

// What a block says that only matters together with something else in it.
struct BoxFacts {
  bool flat = false;      // no height or no width
  bool clipped = false;   // overflow:hidden
  bool absolute = false;  // position:absolute or fixed
  bool far = false;       // left or top far outside
};

void apply_background(std::string_view value, HtmlStyle& style) {
  if (value.find('(') != std::string_view::npos && !begins(value, "rgb")) {
    style.background = kNoColour;  // url(...), linear-gradient(...)
    return;
  }
  const auto word = begins(value, "rgb") ? value : value.substr(0, kBlank.find_in(value));
  const auto colour = read_colour(word);
  if (colour >= 0) style.background = colour;  // transparent shows what is behind
}

void apply_declaration(std::string_view name, std::string_view value, HtmlStyle& style,
                       BoxFacts& box) {
  switch (name.empty() ? '\0' : static_cast<char>(name[0] | 0x20)) {
    case 'b':
      if (is(name, "background") || is(name, "background-color")) apply_background(value, style);
      if (is(name, "background-image") && !begins(value, "none")) style.background = kNoColour;
      break;
    case 'c':
      if (is(name, "color")) {
        const auto colour = read_colour(value);
        if (colour != kNoColour) style.text = colour;
      }
      break;
    case 'd':
      if (is(name, "display")) style.undisplayed = begins(value, "none");
      break;
    case 'f':
      if (is(name, "font-size")) style.tiny = is_tiny_size(value);
      if (is(name, "font") && begins(value, "0")) style.tiny = is_tiny_size(value);
      break;
    case 'h':
      if (is(name, "height") && is_zero(value)) box.flat = true;
      break;
    case 'l':
      if (is(name, "left") && is_far_away(value)) box.far = true;
      break;
    case 'm':
      if ((is(name, "max-height") || is(name, "max-width")) && is_zero(value)) box.flat = true;
      if (is(name, "margin-left") && is_far_away(value)) style.removed = true;
      break;
    case 'o':
      if (is(name, "overflow") && begins(value, "hidden")) box.clipped = true;
      if (is(name, "opacity")) {
        const auto opacity = read_length(value);
        if (opacity.valid && opacity.number <= 0.02) style.removed = true;
      }
      break;
    case 'p':
      if (is(name, "position")) box.absolute = begins(value, "absolute") || begins(value, "fixed");
      break;
    case 't':
      if (is(name, "text-indent") && is_far_away(value)) style.removed = true;
      if (is(name, "top") && is_far_away(value)) box.far = true;
      break;
    case 'v':
      if (is(name, "visibility"))
        style.invisible = begins(value, "hidden") || begins(value, "collapse");
      break;
    case 'w':
      if (is(name, "width") && is_zero(value)) box.flat = true;
      break;
    default:
      break;
  }
}

}  // namespace

bool HtmlStyle::hides() const {
  if (hides_boxes() || tiny || text == kTransparent) return true;
  return text >= 0 && background >= 0 && is_near(text, background);
}

bool HtmlStyle::hides_boxes() const { return removed || undisplayed || invisible; }

HtmlStyle HtmlStyle::inherited() const {
  HtmlStyle inner = *this;
  inner.removed = removed || undisplayed;
  inner.undisplayed = false;
  return inner;
}

Colour read_colour(std::string_view text) {
  text = trim_ascii(text.substr(0, text.find('!')));
  if (text.starts_with('#')) return read_hex_colour(text.substr(1));
  if (begins(text, "rgb")) return read_rgb_colour(text);
  for (const auto& [name, colour] : kNamedColours) {
    if (is(name, text)) return colour;
  }
  // Attributes take six digits without the '#'.
  return text.size() == 6 ? read_hex_colour(text) : kNoColour;
}

void apply_declarations(std::string_view css, HtmlStyle& style) {
  BoxFacts box;
  for (std::size_t at = 0; at < css.size();) {
    auto end = kDeclarationEnd.find_in(css, at);
    if (end < css.size() && css[end] == '(') {  // url(data:image/png;base64,...)
      end = css.find(')', end);
      if (end != std::string_view::npos) end = css.find(';', end);
      end = std::min(end, css.size());
    }
    const auto declaration = css.substr(at, end - at);
    const auto colon = declaration.find(':');
    if (colon != std::string_view::npos) {
      apply_declaration(trim_ascii(declaration.substr(0, colon)),
                        trim_ascii(declaration.substr(colon + 1)), style, box);
    }
    at = end + 1;
  }
  if ((box.flat && box.clipped) || (box.absolute && box.far)) style.removed = true;
}

void HiddenNames::read_rule(std::string_view selectors, std::string_view block) {
  HtmlStyle style;
  style.text = style.background = kNoColour;  // colours depend on what is around: not decided here
  apply_declarations(block, style);
  const Hiding hiding{style.removed, style.undisplayed, style.invisible, style.tiny};
  if (!style.hides_boxes() && !style.tiny) return;
  for (std::size_t at = 0; at < selectors.size() && names_.size() < kMaxNames;) {
    const auto end = std::min(selectors.find(',', at), selectors.size());
    const auto selector = trim_ascii(selectors.substr(at, end - at));
    at = end + 1;
    const auto mark = kNameMark.find_in(selector);
    if (mark == selector.size() || kCombinator.holds_any_of(selector)) continue;
    const auto name = selector.substr(mark);
    if (!kNameMark.holds_any_of(name.substr(1))) names_.emplace(name, hiding);
  }
}

void HiddenNames::read_sheet(std::string_view css) {
  for (std::size_t at = 0; at < css.size();) {
    if (css.substr(at).starts_with("/*")) {
      const auto end = css.find("*/", at + 2);
      at = end == std::string_view::npos ? css.size() : end + 2;
      continue;
    }
    if (is_html_space(css[at])) {
      ++at;
      continue;
    }
    const auto open = kRuleStart.find_in(css, at);
    if (open == css.size()) return;
    if (css[open] == ';') {  // @import, @charset
      at = open + 1;
      continue;
    }
    const auto prelude = css.substr(at, open - at);
    if (prelude.starts_with('@')) {  // over the nested rules
      int depth = 1;
      for (at = open + 1; at < css.size() && depth > 0; ++at) {
        depth += css[at] == '{' ? 1 : css[at] == '}' ? -1 : 0;
      }
      continue;
    }
    const auto close = std::min(css.find('}', open), css.size());
    read_rule(prelude, css.substr(open + 1, close - open - 1));
    at = close + 1;
  }
}

void HiddenNames::apply_name(const std::string& name, HtmlStyle& style) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return;
  style.removed |= found->second.removed;
  style.undisplayed |= found->second.undisplayed;
  style.invisible |= found->second.invisible;
  style.tiny |= found->second.tiny;
}

void HiddenNames::apply(std::string_view class_attribute, std::string_view id,
                        HtmlStyle& style) const {
  if (names_.empty()) return;
  for (std::size_t at = 0; at < class_attribute.size();) {
    const auto end = kHtmlSpace.find_in(class_attribute, at);
    if (end > at) apply_name("." + std::string(class_attribute.substr(at, end - at)), style);
    at = end + 1;
  }
  if (!id.empty()) apply_name("#" + std::string(id), style);
}

}  // namespace winnow
