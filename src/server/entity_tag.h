// Entity tags (RFC 9110, section 8.8.3): what a client knows already, and what it believes to
// change.
#pragma once

#include <string_view>

namespace winnow::server {

// Whether `field` (If-Match, If-None-Match: a list, or "*") names `tag`, which has its quotes. Weak
// comparison.
inline bool names_tag(std::string_view field, std::string_view tag) {
  return field == "*" || field.find(tag) != std::string_view::npos;
}

}  // namespace winnow::server
