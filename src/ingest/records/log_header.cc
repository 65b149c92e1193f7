#include "ingest/records/log_header.h"

#include <algorithm>
#include <array>

namespace winnow {
namespace {

// Those that name the moment of writing say nothing about a row, and would make the same row
// another record in each file.
bool tells_of_the_file(std::string_view line) {
  return line.starts_with("#open") || line.starts_with("#close");
}

// A word of Zeek's: other lines that begin so are comments, and records like any.
bool is_header_line(std::string_view line) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "#separator", "#set_separator", "#empty_field", "#unset_field", "#path",
      "#open",      "#close",         "#fields",      "#types"};
  return line.starts_with('#') && std::ranges::any_of(kWords, [&](std::string_view word) {
           if (!line.starts_with(word)) return false;
           const char behind = line.size() > word.size() ? line[word.size()] : ' ';
           return behind != '_' && !(behind >= 'a' && behind <= 'z');
         });
}

// Nothing but names, two of which tell a flow's ends. They may stand in any order, between blanks
// or commas.
bool names_flow_fields(std::string_view line) {
  bool has_source = false, has_target = false;
  while (!line.empty()) {
    const auto size = std::min(line.find_first_of(" ,"), line.size());
    const auto name = line.substr(0, size);
    line.remove_prefix(std::min(size + 1, line.size()));
    has_source = has_source || name == "srcaddr";
    has_target = has_target || name == "dstaddr";
    const auto is_of_names = [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '_'; };
    if (!std::ranges::all_of(name, is_of_names)) return false;
  }
  return has_source && has_target;
}

}  // namespace

bool begins_with_header(std::string_view text) {
  if (text.starts_with('#')) return true;
  auto line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return names_flow_fields(line);
}

bool LogHeader::take(std::string_view line) {
  const bool names_all = names_flow_fields(line);
  if (names_all) is_open_ = false;  // a second such header replaces the first
  if (!names_all && !is_header_line(line)) {
    is_open_ = false;
    return false;
  }
  if (tells_of_the_file(line)) return true;
  if (!is_open_) lines_.clear();
  is_open_ = true;
  if (lines_.size() + line.size() < kMostBytes) lines_.append(line).append("\n");
  return true;
}

}  // namespace winnow
