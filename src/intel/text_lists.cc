// Lists of lines: plain values, hosts files, CSV.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/utf8.h"
#include "intel/detail/list_output.h"

namespace winnow::detail {
namespace {

// Calls line(text, number) for each line, without its end.
template <typename Line>
void for_each_line(std::string_view bytes, Line&& line) {
  for (std::uint64_t number = 1; !bytes.empty(); ++number) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    line(trim_ascii(bytes.substr(0, end)), number);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
}

bool is_comment(std::string_view line) {
  return line.empty() || line[0] == '#' || line[0] == ';' || line.starts_with("//");
}

// The first word of `line`, which it leaves without it.
std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find_first_of(" \t"), line.size());
  const auto word = line.substr(0, end);
  line = trim_ascii(line.substr(end));
  return word;
}

// One record of RFC 4180 from the front of `bytes`: quoted fields may hold separators, quotes and
// line ends. False when a quote is never closed.
bool take_record(std::string_view& bytes, char separator, std::vector<std::string>& fields,
                 std::uint64_t& lines) {
  fields.assign(1, {});
  bool quoted = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    lines += c == '\n' ? 1 : 0;
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < bytes.size() && bytes[i + 1] == '"') {
        fields.back() += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == separator) {
      fields.emplace_back();
    } else if (c == '\n') {
      bytes.remove_prefix(i + 1);
      return true;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  bytes = {};
  return !quoted;
}

constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

struct Columns {
  std::size_t value = kNoColumn, rank = kNoColumn, first_seen = kNoColumn;
};

// "#3" counts from 1 and needs no header.
std::optional<std::size_t> positional(std::string_view name) {
  std::size_t number = 0;
  if (!name.starts_with('#')) return std::nullopt;
  const auto* const end = name.data() + name.size();
  const auto [stop, status] = std::from_chars(name.data() + 1, end, number);
  if (status != std::errc() || stop != end || number == 0 || number > 10000) return std::nullopt;
  return number - 1;
}

Result<std::size_t> find_column(std::string_view name, const std::vector<std::string>& header) {
  if (name.empty()) return kNoColumn;
  if (const auto number = positional(name)) return *number;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (equal_ignoring_ascii_case(trim_ascii(header[i]), name)) return i;
  }
  return Error(Code::InvalidArgument, fmt::format("the list has no column '{}'", name))
      .with_hint(fmt::format("its first line has {}", fmt::join(header, ", ")));
}

// What the further columns say; a reason when they cannot be read.
std::optional<std::string> read_columns(const std::vector<std::string>& fields,
                                        const Columns& columns, Indicator& indicator) {
  if (columns.rank != kNoColumn && columns.rank < fields.size()) {
    const auto text = trim_ascii(fields[columns.rank]);
    const auto* const end = text.data() + text.size();
    const auto [stop, status] = std::from_chars(text.data(), end, indicator.rank);
    if (status != std::errc() || stop != end)
      return fmt::format("'{}' is not a rank", utf8_prefix(to_valid_utf8(text), 40));
  }
  if (columns.first_seen != kNoColumn && columns.first_seen < fields.size()) {
    // Feeds write dates with slashes too, and leave the zone out: then it is UTC.
    auto text = std::string(trim_ascii(fields[columns.first_seen]));
    std::ranges::replace(text, '/', '-');
    auto time = Timestamp::parse(text);
    if (!time) time = Timestamp::parse(text + "Z");
    if (!time) return time.error().message();
    indicator.first_seen = *time;
  }
  return std::nullopt;
}

}  // namespace

Status read_plain_list(std::string_view bytes, ListOutput& out) {
  for_each_line(bytes, [&](std::string_view line, std::uint64_t number) {
    if (!is_comment(line)) out.take(take_word(line), number);
  });
  return {};
}

Status read_hosts_list(std::string_view bytes, ListOutput& out) {
  for_each_line(bytes, [&](std::string_view line, std::uint64_t number) {
    line = trim_ascii(line.substr(0, line.find('#')));
    if (is_comment(line)) return;
    const auto address = take_word(line);
    if (line.empty())
      return out.refuse(number,
                        fmt::format("'{}' names no host", utf8_prefix(to_valid_utf8(address), 80)));
    while (!line.empty()) {
      const auto name = take_word(line);
      // The machine's own names have no dot: localhost, ip6-loopback, broadcasthost.
      if (name.find('.') == std::string_view::npos || name == "localhost.localdomain" ||
          name == address) {
        out.ignore();
      } else {
        out.take(out.draft(), IndicatorKind::Domain, name, number);
      }
    }
  });
  return {};
}

Status read_csv_list(std::string_view bytes, ListOutput& out) {
  const auto& options = out.options();
  if (options.column.empty())
    return Error(Code::InvalidArgument, "a CSV list needs the name of its column");
  std::vector<std::string> fields;
  std::uint64_t line = 1;
  const bool has_header = !positional(options.column);
  while (has_header && !bytes.empty()) {  // the first line that is no comment
    take_record(bytes, options.separator, fields, line);
    if (!fields[0].starts_with('#') && (fields.size() > 1 || !fields[0].empty())) break;
  }
  Columns columns;
  WINNOW_TRY(columns.value, find_column(options.column, fields));
  WINNOW_TRY(columns.rank, find_column(options.rank_column, fields));
  WINNOW_TRY(columns.first_seen, find_column(options.first_seen_column, fields));
  while (!bytes.empty()) {
    const auto at = line;
    const bool whole = take_record(bytes, options.separator, fields, line);
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (fields[0].starts_with('#')) continue;
    if (!whole) {
      out.refuse(at, "a quote is never closed");
      continue;
    }
    if (columns.value >= fields.size()) {
      out.refuse(at, fmt::format("the record has {} fields", fields.size()));
      continue;
    }
    auto indicator = out.draft();
    if (auto reason = read_columns(fields, columns, indicator)) {
      out.refuse(at, *std::move(reason));
      continue;
    }
    out.take(std::move(indicator), options.kind, fields[columns.value], at);
  }
  return {};
}

}  // namespace winnow::detail
