#include "ingest/mapping/detail/row.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::mapping {
namespace {

constexpr std::size_t kMaxColumns = 2000;

std::string_view take_until(std::string_view& text, std::string_view end) {
  const auto size = std::min(text.find(end), text.size());
  const auto piece = text.substr(0, size);
  text.remove_prefix(std::min(size + end.size(), text.size()));
  return piece;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

JsonCell::Kind kind_of(std::string_view type, std::string_view field) {
  if (type == "bool") return field == "T" ? JsonCell::Kind::True : JsonCell::Kind::False;
  const bool is_number = type == "count" || type == "int" || type == "double" || type == "time" ||
                         type == "interval" || type == "port";
  return is_number ? JsonCell::Kind::Number : JsonCell::Kind::Text;
}

}  // namespace

// Zeek writes what is not printable, and its own separators, as \xHH.
std::string_view RowScanner::unescaped(std::string_view field) {
  if (field.find("\\x") == std::string_view::npos) return field;
  const auto begin = unescaped_.size();
  for (std::size_t at = 0; at < field.size();) {
    const bool is_escape = field.substr(at, 2) == "\\x" && at + 4 <= field.size() &&
                           hex_value(field[at + 2]) >= 0 && hex_value(field[at + 3]) >= 0;
    if (is_escape) {
      unescaped_ += static_cast<char>(hex_value(field[at + 2]) << 4 | hex_value(field[at + 3]));
      at += 4;
    } else {
      unescaped_ += field[at++];
    }
  }
  const auto text = std::string_view(unescaped_).substr(begin);
  if (is_valid_utf8(text)) return text;
  const auto valid = to_valid_utf8(text);
  unescaped_.resize(begin);
  // It fits what is reserved: a byte that is no UTF-8 becomes three, its escape takes four.
  unescaped_ += valid;
  return std::string_view(unescaped_).substr(begin);
}

Status RowScanner::read_header(std::string_view header, const Program& program) {
  header_ = header;
  program_ = &program;
  separator_ = '\t';
  set_separator_ = ",";
  unset_ = "-";
  empty_ = "(empty)";
  path_.clear();
  columns_.clear();
  types_.clear();
  std::vector<std::string_view> names;
  while (!header.empty()) {
    auto line = take_until(header, "\n");
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("#separator ")) {
      const auto written = line.substr(11);
      const bool is_escape = written.size() == 4 && written.starts_with("\\x") &&
                             hex_value(written[2]) >= 0 && hex_value(written[3]) >= 0;
      if (!is_escape && written.size() != 1)
        return Error(Code::InvalidArgument, "the header's separator is no single byte");
      separator_ = is_escape ? static_cast<char>(hex_value(written[2]) << 4 | hex_value(written[3]))
                             : written.front();
      continue;
    }
    const std::string_view separator(&separator_, 1);
    const auto key = take_until(line, separator);
    if (key == "#set_separator" && !line.empty()) set_separator_ = line;
    if (key == "#unset_field") unset_ = line;
    if (key == "#empty_field") empty_ = line;
    if (key == "#path") path_ = line;
    if (key == "#types") {
      while (!line.empty()) types_.emplace_back(take_until(line, separator));
    }
    if (key != "#fields") continue;
    names.clear();
    while (!line.empty() && names.size() < kMaxColumns)
      names.push_back(take_until(line, separator));
  }
  if (names.empty()) return Error(Code::InvalidArgument, "the header names no #fields");
  types_.resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto& column = columns_.emplace_back();
    column.is_list = types_[i].starts_with("set[") || types_[i].starts_with("vector[");
    for (std::size_t path = 0; path < program.paths.size(); ++path) {
      const auto& steps = program.paths[path];
      if (steps.front() != names[i]) continue;
      if (steps.size() == 1) column.path = static_cast<std::int32_t>(path);
      if (steps.size() == 2 && steps[1] == "*") column.items = static_cast<std::int32_t>(path);
    }
  }
  const auto path = std::ranges::find(program.paths, JsonSelection::Path{"_path"});
  path_column_ =
      path == program.paths.end() ? -1 : static_cast<std::int32_t>(path - program.paths.begin());
  return {};
}

void RowScanner::put(std::size_t number, std::string_view field, const Program& program,
                     JsonCells& cells) {
  const auto& column = columns_[number];
  if (field == unset_) return;
  const auto text = field == empty_ ? std::string_view() : field;
  if (column.path >= 0) {
    cells.put(program.selection.place(static_cast<std::size_t>(column.path)).column,
              kind_of(types_[number], text), unescaped(text));
  }
  if (column.items < 0) return;
  const auto place = program.selection.place(static_cast<std::size_t>(column.items));
  if (!cells.begin_list(*place.list, program.selection.list_widths()[*place.list])) return;
  for (auto rest = text; !rest.empty();) {
    const auto item = column.is_list ? take_until(rest, set_separator_) : std::exchange(rest, {});
    if (!cells.add_row(*place.list)) continue;
    if (item != unset_)
      cells.put_in_row(*place.list, place.column, JsonCell::Kind::Text, unescaped(item));
  }
}

Status RowScanner::scan(std::string_view record, const Program& program, JsonCells& cells) {
  record_ = record;
  if (!is_valid_utf8(record)) {
    valid_ = to_valid_utf8(record);
    record_ = valid_;
  }
  unescaped_.clear();
  unescaped_.reserve(2 * record_.size());  // a field may be wanted as a whole and as a list
  cells.begin(program.selection.single_columns(), program.selection.list_widths().size());
  std::size_t row_at = 0;
  while (row_at < record_.size() && record_[row_at] == '#') {
    row_at = std::min(record_.find('\n', row_at), record_.size() - 1) + 1;
  }
  const auto header = record_.substr(0, row_at);
  auto row = record_.substr(row_at);
  if (header != header_ || program_ != &program) {
    if (auto read = read_header(header, program); !read) {
      program_ = nullptr;
      return read;
    }
  }
  if (row.ends_with('\n')) row.remove_suffix(1);
  if (row.ends_with('\r')) row.remove_suffix(1);
  std::size_t number = 0;
  for (bool more = true; more; ++number) {
    const auto end = row.find(separator_);
    more = end != std::string_view::npos;
    if (number < columns_.size()) put(number, row.substr(0, end), program, cells);
    if (more) row.remove_prefix(end + 1);
  }
  if (number != columns_.size()) {
    return Error(Code::InvalidArgument,
                 fmt::format("a row of other than the {} fields of its header", columns_.size()));
  }
  if (path_column_ >= 0 && !path_.empty()) {
    cells.put(program.selection.place(static_cast<std::size_t>(path_column_)).column,
              JsonCell::Kind::Text, path_);
  }
  return {};
}

}  // namespace winnow::mapping
