#include "names/detail/url_path.h"

#include <algorithm>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "names/detail/percent.h"

namespace winnow::detail {
namespace {

constexpr ByteSet kSeparator("/");
constexpr ByteSet kSpecialSeparator("/\\");

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Takes one dot, or its escape, from the front.
bool take_dot(std::string_view& text) {
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    return true;
  }
  if (text.size() >= 3 && equal_ignoring_ascii_case(text.substr(0, 3), "%2e")) {
    text.remove_prefix(3);
    return true;
  }
  return false;
}

int dots_in(std::string_view segment) {  // 1 or 2 for a dot segment, else 0
  if (!take_dot(segment)) return 0;
  if (segment.empty()) return 1;
  return take_dot(segment) && segment.empty() ? 2 : 0;
}

}  // namespace

bool is_drive_letter(std::string_view text) {
  return text.size() == 2 && is_letter(text[0]) && (text[1] == ':' || text[1] == '|');
}

bool starts_with_drive_letter(std::string_view text) {
  return text.size() >= 2 && is_drive_letter(text.substr(0, 2)) &&
         (text.size() == 2 || std::string_view("/\\?#").find(text[2]) != std::string_view::npos);
}

void shorten_path(std::string& path, std::string_view scheme) {
  // A drive letter is the root of a file path.
  if (scheme == "file" && path.size() == 3 && is_letter(path[1]) && path[2] == ':') return;
  const auto slash = path.rfind('/');
  path.resize(slash == std::string::npos ? 0 : slash);
}

void append_path(std::string& path, std::string_view text, std::string_view scheme, bool special) {
  path.reserve(path.size() + text.size() + 1);
  const auto& separators = special ? kSpecialSeparator : kSeparator;
  for (bool last = false; !last;) {
    const auto end = separators.find_in(text);
    const auto segment = text.substr(0, end);
    last = end == text.size();
    text.remove_prefix(last ? end : end + 1);
    const int dots = dots_in(segment);
    if (dots == 2) shorten_path(path, scheme);
    if (dots > 0) {
      if (last) path += '/';
      continue;
    }
    const bool drive = scheme == "file" && path.empty() && is_drive_letter(segment);
    path += '/';
    append_percent_encoded(path, segment, kPathSet);
    if (drive) path.back() = ':';
  }
}

}  // namespace winnow::detail
