// As much of CSS as it takes to tell what a reader cannot see. Values, not a cascade: inline
// styles, the old presentational attributes, and rules of style sheets for one class or id.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace winnow {

// 0xRRGGBB, or one of the two below.
using Colour = std::int32_t;
inline constexpr Colour kNoColour = -1;  // not known: a picture, a gradient
inline constexpr Colour kTransparent = -2;

// How text looks at one place. Inherited by what is inside, as CSS does.
struct HtmlStyle {
  bool removed = false;    // display:none and what amounts to it; nothing inside can undo it
  bool invisible = false;  // visibility:hidden; can be undone inside
  bool tiny = false;       // a font size of at most one pixel; can be undone inside
  Colour text = 0x000000;
  Colour background = 0xFFFFFF;

  bool hides() const;
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
  bool empty() const { return names_.empty(); }
  bool hides(std::string_view class_attribute, std::string_view id) const;

 private:
  static constexpr std::size_t kMaxNames = 1000;
  void read_rule(std::string_view selectors, std::string_view block);
  std::unordered_set<std::string> names_;  // ".class" and "#id"; looked up only, never iterated
};

}  // namespace winnow
