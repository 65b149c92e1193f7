// What a file is, by its first bytes and by its name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

// What the content is, as a media type: "application/pdf", "application/x-msdownload", ...; empty
// when it is not known. A zip is "application/zip" here, whatever it holds.
std::string_view type_by_content(std::string_view bytes);

// The extension of a name: lower case, without the dot, at most 16 bytes; empty when there is none.
// Blanks and dots at the end, which Windows drops, do not count.
std::string extension_of(std::string_view name);

// A program, script or shortcut that runs when it is opened.
bool is_executable_extension(std::string_view extension);
bool is_executable_type(std::string_view media_type);

// "invoice.pdf.exe": an extension that people trust before one that runs or is opened by a browser.
bool has_double_extension(std::string_view name);

// U+202A to U+202E and U+2066 to U+2069: they show "annexe\u202Efdp.exe" as "annexeexe.pdf".
bool has_direction_override(std::string_view name);

// The content is known and belongs to no file of that extension. False for unknown extensions.
bool contradicts_extension(std::string_view detected_type, std::string_view extension);

}  // namespace winnow
