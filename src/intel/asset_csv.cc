#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.h"
#include "base/yaml.h"
#include "intel/asset.h"

namespace winnow {
namespace {

// In the order in which assets_csv() writes them; columns and members of the JSON are called alike.
constexpr std::array<std::string_view, 10> kColumns = {
    "kind",    "name", "criticality", "owner", "department",
    "purpose", "tags", "aliases",     "since", "until"};
constexpr std::array<std::string_view, 2> kLists = {"tags", "aliases"};

Error at_line(std::string_view file, std::size_t line, std::string_view what) {
  return {Code::InvalidArgument, fmt::format("{}:{}: {}", file, line, what)};
}

struct Row {
  std::size_t line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
};

// Reads a row at `at` and moves behind it. A quote opens a field only at its beginning.
class Rows {
 public:
  Rows(std::string_view text, std::string_view file) : text_(text), file_(file) {}
  bool at_end() const { return at_ == text_.size(); }

  Result<Row> next() {
    Row row{line_, {}};
    for (bool more = true; more;) {
      WINNOW_TRY(row.fields.emplace_back(), field());
      more = at_ < text_.size() && text_[at_] == ',';
      if (more) ++at_;
    }
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] != '\n')
      return at_line(file_, line_, "behind a quoted field stands neither a comma nor a line end");
    if (at_ < text_.size()) ++at_;
    ++line_;
    return row;
  }

 private:
  Result<std::string> field() {
    if (at_ < text_.size() && text_[at_] == '"') return quoted();
    const auto end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string found(trim_ascii(text_.substr(at_, end - at_)));
    at_ = end;
    return found;
  }
  Result<std::string> quoted() {
    const auto begin = line_;
    std::string found;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        found += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        found += text_[++at_];
      } else {
        ++at_;
        return found;
      }
    }
    return at_line(file_, begin, "a quote is never closed");
  }

  std::string_view text_, file_;
  std::size_t at_ = 0, line_ = 1;
};

Status check_columns(const Row& head, std::string_view file) {
  const auto& columns = head.fields;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (std::ranges::find(kColumns, columns[i]) == kColumns.end()) {
      const auto near =
          nearest(columns[i], std::vector<std::string>(kColumns.begin(), kColumns.end()));
      auto error = at_line(file, head.line,
                           fmt::format("there is no column '{}'", columns[i].substr(0, 80)));
      return near.empty() ? std::move(error).with_hint(
                                fmt::format("columns are {}", fmt::join(kColumns, ", ")))
                          : std::move(error).with_hint(fmt::format("did you mean '{}'?", near));
    }
    if (std::find(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(i), columns[i]) !=
        columns.begin() + static_cast<std::ptrdiff_t>(i))
      return at_line(file, head.line, fmt::format("the column '{}' stands twice", columns[i]));
  }
  for (const auto needed : {"kind", "name"}) {
    if (std::ranges::find(columns, needed) == columns.end())
      return at_line(file, head.line, fmt::format("the column '{}' is missing", needed));
  }
  return {};
}

Json words_of(std::string_view text) {
  Json words = Json::array();
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.push(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Json json_of(const Row& row, const std::vector<std::string>& columns) {
  Json json = Json::object();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool is_list = std::ranges::find(kLists, columns[i]) != kLists.end();
    json.set(columns[i], is_list ? words_of(row.fields[i]) : Json(row.fields[i]));
  }
  return json;
}

std::string field_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && trim_ascii(text) == text)
    return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string time_text(const std::optional<Timestamp>& time) {
  return time ? time->text() : std::string();
}

}  // namespace

Result<std::vector<Asset>> read_assets(std::string_view csv, std::string_view file) {
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  Rows rows(csv, file);
  WINNOW_TRY(const auto head, rows.next());
  WINNOW_TRY(check_columns(head, file));
  std::vector<Asset> assets;
  while (!rows.at_end()) {
    WINNOW_TRY(const auto row, rows.next());
    if (row.fields.size() == 1 && row.fields.front().empty()) continue;  // an empty line
    if (row.fields.size() != head.fields.size())
      return at_line(
          file, row.line,
          fmt::format("{} fields, the first line names {}", row.fields.size(), head.fields.size()));
    auto asset = asset_of(json_of(row, head.fields));
    if (!asset) return asset.error().with_context(fmt::format("{}:{}", file, row.line));
    if (assets.size() == kMostAssets)
      return at_line(file, row.line, fmt::format("more than {} assets", kMostAssets));
    assets.push_back(std::move(*asset));
  }
  return assets;
}

std::string assets_csv(std::span<const Asset> assets) {
  std::string csv = fmt::format("{}\n", fmt::join(kColumns, ","));
  for (const auto& asset : assets) {
    const std::array<std::string, kColumns.size()> fields = {
        std::string(name_of(asset.kind)),
        field_text(asset.name),
        std::string(name_of(asset.criticality)),
        field_text(asset.owner),
        field_text(asset.department),
        field_text(asset.purpose),
        fmt::format("{}", fmt::join(asset.tags, " ")),
        fmt::format("{}", fmt::join(asset.aliases, " ")),
        time_text(asset.since),
        time_text(asset.until)};
    csv += fmt::format("{}\n", fmt::join(fields, ","));
  }
  return csv;
}

}  // namespace winnow
