// The path state of the URL Standard: segments, dot segments, Windows drive letters.
#pragma once

#include <string>
#include <string_view>

namespace winnow::detail {

// Appends to `path` ("" or "/a/b") what `text` says, which has no '?' or '#'; `text` is what
// follows the path's first slash.
void append_path(std::string& path, std::string_view text, std::string_view scheme, bool special);

void shorten_path(std::string& path, std::string_view scheme);  // drops the last segment

bool starts_with_drive_letter(std::string_view text);  // "C:", "c|", then the end or one of / \ ? #
bool is_drive_letter(std::string_view text);           // exactly "C:" or "C|"

}  // namespace winnow::detail
