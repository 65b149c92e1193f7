#include "ingest/mapping/detail/text_line.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::mapping {
namespace {

// The Linux audit daemon writes a group separator in front of what it adds to the kernel's record.
constexpr std::string_view kBetweenPairs = " \t'\x1d";
constexpr std::string_view kEndsKey = " \t'\x1d=";

std::size_t end_of(std::string_view text, std::string_view ends) {
  return std::min(text.find_first_of(ends), text.size());
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_hex(std::string_view text) {
  return !text.empty() && text.size() % 2 == 0 &&
         std::ranges::all_of(text, [](char c) { return hex_value(c) >= 0; });
}

Error twice(std::string_view name) {
  return {Code::InvalidArgument, fmt::format("'{}' stands in it twice", name)};
}

}  // namespace

bool PairReader::next(Pair& out) {
  while (!rest_.empty()) {
    const auto begin = std::min(rest_.find_first_not_of(kBetweenPairs), rest_.size());
    rest_.remove_prefix(begin);
    const auto size = end_of(rest_, kEndsKey);  // one search: hostile lines have no '='
    out.key = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (!rest_.starts_with('=')) continue;  // a word
    rest_.remove_prefix(1);
    if (rest_.starts_with('\'')) continue;  // the key of pairs, which come next
    out.is_quoted = rest_.starts_with('"');
    if (out.is_quoted) rest_.remove_prefix(1);
    out.value = rest_.substr(0, end_of(rest_, out.is_quoted ? "\"" : kBetweenPairs));
    rest_.remove_prefix(std::min(out.value.size() + (out.is_quoted ? 1U : 0U), rest_.size()));
    if (!out.key.empty()) return true;
  }
  return false;
}

WordReader::WordReader(std::string_view line)
    : rest_(line),
      has_more_(!line.empty()),
      separator_(line.find(',') == std::string_view::npos ? ' ' : ',') {}

bool WordReader::next(std::string_view& out) {
  if (!has_more_) return false;
  const bool is_quoted = rest_.starts_with('"');
  if (is_quoted) rest_.remove_prefix(1);
  out = rest_.substr(0, rest_.find(is_quoted ? '"' : separator_));
  rest_.remove_prefix(std::min(out.size() + (is_quoted ? 1U : 0U), rest_.size()));
  has_more_ = rest_.starts_with(separator_);
  if (has_more_) rest_.remove_prefix(1);
  return true;
}

// A text with blanks or quotes in it, of which the kernel writes each byte in two digits. Arguments
// end in a zero each.
std::string_view TextScanner::decoded(std::string_view digits) {
  const auto begin = decoded_.size();
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const char byte = static_cast<char>(hex_value(digits[i]) << 4 | hex_value(digits[i + 1]));
    decoded_ += byte == 0 ? ' ' : byte;
  }
  const auto text = std::string_view(decoded_).substr(begin);
  if (is_valid_utf8(text)) return text;
  const auto valid = to_valid_utf8(text);
  decoded_.resize(begin);
  // It fits what is reserved: a byte that is no UTF-8 becomes three, and took two digits.
  decoded_ += valid;
  return std::string_view(decoded_).substr(begin);
}

Status TextScanner::scan_pairs(const Program& program, JsonCells& cells) {
  PairReader pairs(record_);
  for (PairReader::Pair pair; pairs.next(pair);) {
    const auto* column = program.text->columns.find(pair.key);
    if (column == nullptr) continue;
    const bool is_encoded =
        !pair.is_quoted && program.text->encoded.find(pair.key) != nullptr && is_hex(pair.value);
    const auto value = is_encoded ? decoded(pair.value) : pair.value;
    if (!cells.put(*column, JsonCell::Kind::Text, value)) return twice(pair.key);
  }
  return {};
}

Status TextScanner::scan_words(const Program& program, JsonCells& cells) {
  const auto& text = *program.text;
  const auto line_end = record_.find('\n');
  auto row = record_.substr(line_end == std::string_view::npos ? 0 : line_end + 1);
  if (row.ends_with('\r')) row.remove_suffix(1);
  auto header = record_.substr(0, line_end == std::string_view::npos ? 0 : line_end);
  if (header.ends_with('\r')) header.remove_suffix(1);
  WordReader names(header), words(row);
  std::size_t number = 0;
  for (std::string_view word; words.next(word); ++number) {
    std::string_view name;
    const bool is_named = header.empty() ? number < text.words.size() : names.next(name);
    if (!is_named) return Error(Code::InvalidArgument, "a line of more words than names");
    if (header.empty()) name = text.words[number];
    const auto* column = text.columns.find(name);
    if (column == nullptr) continue;
    if (!cells.put(*column, JsonCell::Kind::Text, word)) return twice(name);
  }
  std::string_view name;
  if (header.empty() ? number < text.words.size() : names.next(name))
    return Error(Code::InvalidArgument, "a line of fewer words than names");
  return {};
}

Status TextScanner::scan(std::string_view record, const Program& program, JsonCells& cells) {
  record_ = record;
  if (!is_valid_utf8(record)) {
    valid_ = to_valid_utf8(record);
    record_ = valid_;
  }
  decoded_.clear();
  decoded_.reserve(2 * record_.size());
  cells.begin(program.selection.single_columns(), program.selection.list_widths().size());
  return program.text->words.empty() ? scan_pairs(program, cells) : scan_words(program, cells);
}

}  // namespace winnow::mapping
