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

}  // namespace

bool LogHeader::take(std::string_view line) {
  if (!is_header_line(line)) {
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
