// What an HTML mail shows, hides, links to and loads. Works on tokens: no document tree, linear
// time, memory bounded by the limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

enum class LinkKind : std::uint8_t { Href, Text, Form, Image, Area, Meta, Frame, Script, Style };
std::string_view name_of(LinkKind kind);  // "href", "text", ...

struct HtmlLink {
  LinkKind kind = LinkKind::Href;
  std::string url;      // as written, character references resolved; may be relative
  std::string text;     // anchor text and alternative texts of pictures in it, cut
  bool hidden = false;  // stands where the reader sees nothing
};

struct HtmlCounts {
  std::uint32_t tags = 0;
  std::uint32_t forms = 0, inputs = 0, password_inputs = 0;
  std::uint32_t images = 0, remote_images = 0, embedded_images = 0, data_images = 0,
                tiny_images = 0;
  std::uint32_t scripts = 0, event_handlers = 0, frames = 0, objects = 0;
  std::uint32_t style_blocks = 0, external_styles = 0, meta_refresh = 0, comments = 0;
  std::uint32_t character_references = 0, invisible_characters = 0;
  HtmlCounts& operator+=(const HtmlCounts& other);
};

struct HtmlLimits {
  std::size_t text_bytes = 4UL << 20;  // of the visible and of the hidden text each
  std::size_t links = 2000;            // kept; more are counted
  std::size_t link_text_bytes = 512;
  std::size_t open_elements = 256;  // remembered; what is deeper looks like what is around it
};

struct HtmlContent {
  std::string text;  // visible, valid UTF-8, lines as the reader sees them, quotes marked "> "
  std::string hidden_text;  // there, but not to be seen
  std::vector<HtmlLink> links;
  std::vector<std::pair<std::size_t, std::size_t>> anchors;  // [begin, end) in `text`, ascending
  std::string base_href;                                     // empty when absent
  HtmlCounts counts;
  std::uint64_t link_count = 0;  // those beyond the limit included
};

// Requires valid UTF-8. Never fails: everything is HTML.
HtmlContent read_html(std::string_view html, const HtmlLimits& limits = {});

// The character set an HTML document declares for itself in its first 1024 bytes
// (<meta charset=...> or http-equiv); empty when it does not.
std::string_view declared_charset(std::string_view html);

}  // namespace winnow
