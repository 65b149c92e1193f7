// As much of CSS as it takes to tell what a reader cannot see. Values, not a cascade: inline
// styles, the old presentational attributes, and rules of style sheets for one class or id.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace winnow {

// 0xRRGGBB, or one of the two below.
using Colour = std::int32_t;
inline constexpr Colour kNoColour = -1;  // not known: a picture, a gradient
inline constexpr Colour kTransparent = -2;

// How text looks at one place. Inherited by what is inside, as CSS does.
struct HtmlStyle {
  bool removed = false;  // nothing inside can undo it: opacity, or something around not displayed
  bool undisplayed =
      false;               // display:none here; a later declaration of the same element can undo it
  bool invisible = false;  // visibility:hidden; can be undone inside
  bool tiny = false;       // a font size of at most one pixel; can be undone inside
  Colour text = 0x000000;
  Colour background = 0xFFFFFF;

  bool hides() const;           // text
  bool hides_boxes() const;     // pictures and buttons too
  HtmlStyle inherited() const;  // what an element inside begins with
};

// Applies the declarations of a style attribute or of a rule's block. Linear.
void apply_declarations(std::string_view css, HtmlStyle& style);

// A colour as attributes and CSS write it; kNoColour when it cannot be read.
Colour read_colour(std::string_view text);

// The classes and ids that a style sheet hides, from rules for a lone class or id (`.x`, `td.x`,
// `#x`). Rules inside @media and the like are left out: they hide on some screens only.
class HiddenNames {
 public:
  void read_sheet(std::string_view css);
  // Applies what the sheets say of an element. Inline declarations come after it, and win.
  void apply(std::string_view class_attribute, std::string_view id, HtmlStyle& style) const;

 private:
  struct Hiding {
    bool removed = false, undisplayed = false, invisible = false, tiny = false;
  };
  static constexpr std::size_t kMaxNames = 1000;
  void read_rule(std::string_view selectors, std::string_view block);
  void apply_name(const std::string& name, HtmlStyle& style) const;
  std::unordered_map<std::string, Hiding> names_;  // ".class" and "#id"; never iterated
};

}  // namespace winnow
