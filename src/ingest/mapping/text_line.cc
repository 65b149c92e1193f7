#include "ingest/mapping/detail/text_line.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/records/csv.h"

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

// A text with blanks or quotes in it, of which the kernel writes each byte in two digits. Arguments
// end in a zero each.
void append_decoded(std::string_view digits, std::string& out) {
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const char byte = static_cast<char>(hex_value(digits[i]) << 4 | hex_value(digits[i + 1]));
    out += byte == 0 ? ' ' : byte;
  }
}

bool take_number(std::string_view& text, std::uint32_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc();
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

std::string_view kind_of(std::string_view line, std::string_view kind_key) {
  PairReader pairs(line);
  for (PairReader::Pair pair; pairs.next(pair);) {
    if (pair.key == kind_key) return pair.value;
  }
  return {};
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

std::string_view TextScanner::decoded(std::string_view digits) {
  const auto begin = decoded_.size();
  append_decoded(digits, decoded_);
  const auto text = std::string_view(decoded_).substr(begin);
  if (is_valid_utf8(text)) return text;
  const auto valid = to_valid_utf8(text);
  decoded_.resize(begin);
  // It fits what is reserved: a byte that is no UTF-8 becomes three, and took two digits.
  decoded_ += valid;
  return std::string_view(decoded_).substr(begin);
}

Status TextScanner::put(std::uint32_t column, const PairReader::Pair& pair, const Program& program,
                        JsonCells& cells) {
  const bool is_encoded =
      !pair.is_quoted && program.text->encoded.find(pair.key) != nullptr && is_hex(pair.value);
  const bool is_first = !cells.at(column).has_value();
  if (!is_first) return line_of_[column] == line_ ? Status(twice(pair.key)) : Status();
  line_of_[column] = line_;
  cells.put(column, JsonCell::Kind::Text, is_encoded ? decoded(pair.value) : pair.value);
  return {};
}

// `a7`, or `a7[2]`: a part of one that is too long for a line.
void TextScanner::take_piece(const LineKind& kind, const PairReader::Pair& pair) {
  for (std::size_t i = 0; i < kind.numbered.size(); ++i) {
    const auto& front = kind.numbered[i].first;
    if (!pair.key.starts_with(front)) continue;
    auto rest = pair.key.substr(front.size());
    Piece piece{&kind, i, 0, 0, pair.value, pair.is_quoted};
    if (!take_number(rest, piece.number)) continue;
    if (rest.starts_with('[')) {
      rest.remove_prefix(1);
      if (!take_number(rest, piece.part) || rest != "]") continue;
      rest = {};
    }
    if (rest.empty()) pieces_.push_back(piece);
  }
}

// The values of one text in the order of their numbers, a blank between them.
Status TextScanner::put_numbered(JsonCells& cells) {
  const auto order = [](const Piece& piece) {
    return std::tuple(piece.kind, piece.which, piece.number, piece.part);
  };
  std::ranges::stable_sort(pieces_, {}, order);
  for (auto piece = pieces_.begin(); piece != pieces_.end();) {
    const auto begin = numbered_.size();
    const auto* const kind = piece->kind;
    const auto which = piece->which;
    for (auto last = piece; piece != pieces_.end() && piece->kind == kind && piece->which == which;
         last = piece++) {
      if (last != piece && order(*last) == order(*piece))
        return twice(fmt::format("{}{}", kind->numbered[which].first, piece->number));
      if (last != piece && last->number != piece->number) numbered_ += ' ';
      if (!piece->is_quoted && is_hex(piece->value)) {
        append_decoded(piece->value, numbered_);
      } else {
        numbered_ += piece->value;
      }
    }
    const auto text = std::string_view(numbered_).substr(begin);
    if (!is_valid_utf8(text)) {
      const auto valid = to_valid_utf8(text);
      numbered_.resize(begin);
      numbered_ += valid;  // fits what is reserved, as in decoded()
    }
    cells.put(kind->numbered[which].second, JsonCell::Kind::Text,
              std::string_view(numbered_).substr(begin));
  }
  return {};
}

Status TextScanner::scan_line(std::string_view line, const LineKind* kind, const Program& program,
                              JsonCells& cells) {
  ++line_;
  PairReader pairs(line);
  for (PairReader::Pair pair; pairs.next(pair);) {
    if (const auto* column = program.text->columns.find(pair.key))
      WINNOW_TRY(put(*column, pair, program, cells));
    if (kind == nullptr) continue;
    if (const auto* column = kind->columns.find(pair.key))
      WINNOW_TRY(put(*column, pair, program, cells));
    if (!kind->numbered.empty()) take_piece(*kind, pair);
  }
  return {};
}

Status TextScanner::scan_pairs(const Program& program, JsonCells& cells) {
  const auto& shape = *program.text;
  line_of_.resize(program.selection.single_columns());
  if (shape.kind_key.empty()) {
    if (record_.find('\n') != std::string_view::npos)
      return Error(Code::InvalidArgument, "several lines, where a record is one");
    return scan_line(record_, nullptr, program, cells);
  }
  pieces_.clear();
  numbered_.clear();
  numbered_.reserve(2 * record_.size() * shape.numbered.size());
  for (auto rest = record_; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    WINNOW_TRY(scan_line(line, shape.kinds.find(kind_of(line, shape.kind_key)), program, cells));
  }
  return put_numbered(cells);
}

Status TextScanner::read_words(const TextShape& text, const Put& put) const {
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
    WINNOW_TRY(put(name, word));
  }
  std::string_view name;
  if (header.empty() ? number < text.words.size() : names.next(name))
    return Error(Code::InvalidArgument, "a line of fewer words than names");
  return {};
}

Status TextScanner::read_pattern(const TextShape& text, const Put& put) {
  for (const auto& pattern : text.patterns) {
    if (!pattern.match(record_, texts_)) continue;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const bool took_part = texts_[i].data() != nullptr;
      if (took_part) WINNOW_TRY(put(pattern.fields()[i], texts_[i]));
    }
    return {};
  }
  return Error(Code::InvalidArgument, "a line that is of none of the mapping's patterns");
}

Status TextScanner::read_csv(const TextShape& text, const Put& put) {
  csv_fields_ = read_csv_fields(record_, text.separator);
  if (csv_fields_.size() != text.words.size()) {
    return Error(Code::InvalidArgument,
                 fmt::format("a row of {} fields, and the mapping names {} columns",
                             csv_fields_.size(), text.words.size()));
  }
  for (std::size_t i = 0; i < csv_fields_.size(); ++i)
    WINNOW_TRY(put(text.words[i], csv_fields_[i]));
  return {};
}

Status TextScanner::read_event_format(const TextShape& text, const Put& put) {
  const bool is_cef = text.kind == TextShape::Kind::Cef;
  const std::string_view mark = is_cef ? kCefMark : kLeefMark;
  const auto at = find_event_format(record_, mark);
  if (at == std::string_view::npos)
    return Error(Code::InvalidArgument, fmt::format("a line without '{}'", mark));
  const auto line = record_.substr(at);
  return is_cef ? event_format_.read_cef(line, put) : event_format_.read_leef(line, put);
}

// Each field of the line with its name; of pairs, their own way is faster and knows more.
Status TextScanner::read_fields(const TextShape& text, const Put& put) {
  switch (text.kind) {
    case TextShape::Kind::Pairs: {
      PairReader pairs(record_);
      for (PairReader::Pair pair; pairs.next(pair);) WINNOW_TRY(put(pair.key, pair.value));
      return {};
    }
    case TextShape::Kind::Words:
      return read_words(text, put);
    case TextShape::Kind::Patterns:
      return read_pattern(text, put);
    case TextShape::Kind::Csv:
      return read_csv(text, put);
    case TextShape::Kind::Cef:
    case TextShape::Kind::Leef:
      return read_event_format(text, put);
  }
  return {};
}

void TextScanner::take(std::string_view record) {
  record_ = record;
  if (is_valid_utf8(record)) return;
  valid_ = to_valid_utf8(record);
  record_ = valid_;
}

std::vector<std::string> TextScanner::fields(std::string_view record, const Program& program) {
  take(record);
  std::vector<std::string> names;
  const auto note = [&](std::string_view name, std::string_view text) -> Status {
    const auto& absent = program.absent;
    if (std::ranges::find(absent, text) == absent.end()) names.emplace_back(name);
    return {};
  };
  if (!read_fields(*program.text, note)) names.clear();
  return names;
}

Status TextScanner::scan(std::string_view record, const Program& program, JsonCells& cells) {
  take(record);
  const auto& text = *program.text;
  decoded_.clear();
  // A value may be wanted of its line's kind, too.
  decoded_.reserve(4 * record_.size());
  cells.begin(program.selection.single_columns(), program.selection.list_widths().size());
  if (text.kind == TextShape::Kind::Pairs) return scan_pairs(program, cells);
  return read_fields(text, [&](std::string_view name, std::string_view value) -> Status {
    const auto* column = text.columns.find(name);
    if (column == nullptr || cells.put(*column, JsonCell::Kind::Text, value)) return {};
    return twice(name);
  });
}

}  // namespace winnow::mapping
