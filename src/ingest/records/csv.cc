#include "ingest/records/csv.h"

#include <algorithm>
#include <array>

namespace winnow {
namespace {

bool is_line_end(std::string_view text) {
  return text.starts_with('\n') || text.starts_with("\r\n") || text == "\r";
}

// Whether a quote at `at` ends its field: what stands behind it is a delimiter, a line end or
// nothing.
bool closes(std::string_view text, std::size_t at, char delimiter) {
  const auto behind = text.substr(at + 1);
  return behind.empty() || behind.front() == delimiter || is_line_end(behind);
}

// The position of the quote that closes the field opened before `at`, or npos.
std::size_t find_closing_quote(std::string_view text, std::size_t at, char delimiter) {
  for (at = text.find('"', at); at != std::string_view::npos; at = text.find('"', at)) {
    const bool doubled = at + 1 < text.size() && text[at + 1] == '"';
    if (doubled) {
      at += 2;
    } else if (closes(text, at, delimiter)) {
      return at;
    } else {
      ++at;
    }
  }
  return at;
}

// Where a field without opening quote ends: at its delimiter or line feed, or text.size().
std::size_t find_plain_end(std::string_view text, std::size_t at, char delimiter) {
  while (at < text.size() && text[at] != delimiter && text[at] != '\n') ++at;
  return at;
}

void append_unquoted(std::string& out, std::string_view inside) {
  for (std::size_t i = 0; i < inside.size(); ++i) {
    out.push_back(inside[i]);
    if (inside[i] == '"' && i + 1 < inside.size() && inside[i + 1] == '"') ++i;
  }
}

}  // namespace

CsvScan scan_csv_record(std::string_view text, char delimiter, bool last) {
  const auto ended = [&](std::size_t end) {
    const auto lines = std::ranges::count(text.substr(0, end), '\n');
    return CsvScan{CsvScan::Outcome::Record, end, static_cast<std::size_t>(lines)};
  };
  for (std::size_t at = 0;;) {
    if (at < text.size() && text[at] == '"') {
      at = find_closing_quote(text, at + 1, delimiter);
      if (at == std::string_view::npos) {
        return {last ? CsvScan::Outcome::Unclosed : CsvScan::Outcome::More};
      }
      ++at;
      // Near the end of the view nobody knows yet whether this quote closes its field.
      if (at + 2 > text.size() && !last) return {};
      if (text.substr(at).starts_with('\r')) ++at;
    } else {
      at = find_plain_end(text, at, delimiter);
    }
    if (at == text.size()) return last ? ended(at) : CsvScan{};
    if (text[at] == '\n') return ended(at + 1);
    ++at;  // the delimiter
  }
}

std::vector<std::string> read_csv_fields(std::string_view record, char delimiter) {
  if (record.ends_with('\n')) record.remove_suffix(1);
  if (record.ends_with('\r')) record.remove_suffix(1);
  std::vector<std::string> fields;
  for (std::size_t at = 0;; ++at) {
    std::string& field = fields.emplace_back();
    if (at < record.size() && record[at] == '"') {
      const auto close = std::min(find_closing_quote(record, at + 1, delimiter), record.size());
      append_unquoted(field, record.substr(at + 1, close - at - 1));
      at = std::min(close + 1, record.size());
    } else {
      const auto end = std::min(record.find(delimiter, at), record.size());
      field = record.substr(at, end - at);
      at = end;
    }
    if (at >= record.size()) return fields;
  }
}

char find_csv_delimiter(std::string_view header_line) {
  constexpr std::array kDelimiters = {',', ';', '\t', '|'};
  return *std::ranges::max_element(kDelimiters, {}, [&](char delimiter) {
    return read_csv_fields(header_line, delimiter).size();
  });
}

void append_csv_field(std::string& out, std::string_view field, char delimiter) {
  const bool quoted = field.find_first_of("\"\r\n") != std::string_view::npos ||
                      field.find(delimiter) != std::string_view::npos;
  if (!quoted) {
    out.append(field);
    return;
  }
  out.push_back('"');
  for (const char c : field) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

}  // namespace winnow
