// What the reader must know of an element by its name alone.
#pragma once

#include <cstdint>
#include <string_view>

namespace winnow {

enum class Element : std::uint8_t {
  Other,
  A,
  Applet,
  Area,
  Base,
  Blockquote,
  Body,
  Br,
  Button,
  Embed,
  Form,
  Frame,
  Head,
  Hr,
  Html,
  Iframe,
  Img,
  Input,
  Link,
  Meta,
  NoFrames,
  Object,
  P,
  Pre,
  Script,
  Style,
  Svg,
  Table,
  Td,
  Template,
  Textarea,
  Title,
  Tr,
};

struct ElementFacts {
  Element element = Element::Other;
  bool is_void = false;       // has no content and no end tag
  bool is_block = false;      // its text stands on lines of its own
  bool is_cell = false;       // stands beside the next, not below
  bool is_unseen = false;     // its text is never shown
  bool is_barrier = false;    // end tags within do not close what is around it
  bool closes_alike = false;  // a new one closes the open one: li, td, tr, option, ...
};

// By its name, case ignored.
const ElementFacts& facts_of_element(std::string_view name);

}  // namespace winnow
