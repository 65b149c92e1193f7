// Character references of HTML: "&amp;", "&#8203;", "&nbsp".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

enum class ReferencePlace { Text, Attribute };

// Reads the reference whose ampersand is at `at`, appends what it stands for and returns where it
// ends; returns `at`, and appends nothing, when there is none.
std::size_t append_character_reference(std::string_view text, std::size_t at, ReferencePlace place,
                                       std::string& out);

}  // namespace winnow
