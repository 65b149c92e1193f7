// What the writer of a mail wrote himself, apart from what his program, his list and those before
// him added; by the layout, in any language.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

struct TextLayout {
  std::string own_text;  // without quotes, their introductions, signature and footers
  std::size_t lines = 0;
  std::size_t longest_line = 0;     // bytes
  std::size_t quoted_lines = 0;     // "> ...", and what follows the header of a quoted mail
  std::size_t signature_lines = 0;  // from "-- " on
  std::size_t footer_lines = 0;     // below the last ruled line: mailing lists
};

// Requires valid UTF-8 with '\n' line ends. Linear.
TextLayout read_layout(std::string_view text);

// The beginning and the end of a text that is longer than both together, cut at characters, with a
// line "[...]" between them: what `shortened` then holds. Else the text itself.
std::string_view head_and_tail(std::string_view text, std::size_t head_bytes,
                               std::size_t tail_bytes, std::string& shortened);

}  // namespace winnow
