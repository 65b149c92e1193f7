// UTF-8: the only text encoding inside Winnow.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

bool is_ascii(std::string_view text);
bool is_valid_utf8(std::string_view text);
// Each maximal ill-formed part becomes one U+FFFD (Unicode 15, section 3.9, "substitution of
// maximal subparts").
std::string to_valid_utf8(std::string_view text);

void append_utf8(std::string& out, char32_t code_point);  // not a Unicode scalar value: U+FFFD

// Reads the code point at `at` and moves past it; an ill-formed part gives U+FFFD and moves past
// its maximal subpart. Requires at < text.size().
char32_t next_code_point(std::string_view text, std::size_t& at);

// How many bytes at the beginning are ASCII.
std::size_t ascii_prefix(std::string_view text);
std::string ascii_lower(std::string_view text);  // A-Z only; other bytes stay
namespace detail {
bool equal_letters(std::string_view a, std::string_view b);  // of one size
}
// Names of different sizes, which most that are compared are, cost no call.
inline bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && detail::equal_letters(a, b);
}
std::string_view trim_ascii(
    std::string_view text);  // without spaces, tabs, CR, LF, FF, VT at both ends

// The longest prefix of at most `max_bytes` bytes that does not cut a code point.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);

}  // namespace winnow
