#include "base/written_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

Result<std::string> written_text(std::string_view text, std::size_t most, std::string_view what) {
  text = trim_ascii(text);
  const auto refused = [&](std::string_view why) {
    return Error(Code::InvalidArgument, fmt::format("the {} {}", what, why));
  };
  if (text.empty()) return refused("is empty");
  if (text.size() > most) return refused(fmt::format("is longer than {} bytes", most));
  if (!is_valid_utf8(text)) return refused("is not UTF-8");
  const auto bad = [](char c) { return is_control(c) && c != '\n' && c != '\r' && c != '\t'; };
  if (std::ranges::any_of(text, bad)) return refused("has control characters");
  return std::string(text);
}

Result<std::string> written_line(std::string_view text, std::size_t most, std::string_view what) {
  WINNOW_TRY(auto line, written_text(text, most, what));
  if (std::ranges::any_of(line, is_control))
    return Error(Code::InvalidArgument, fmt::format("the {} is one line", what));
  return line;
}

}  // namespace winnow
