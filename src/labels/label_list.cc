#include "labels/label_list.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "identity/party.h"
#include "ingest/records/csv.h"
#include "ingest/records/label.h"
#include "names/ip_address.h"
#include "names/mail_address.h"
#include "pipeline/attack_techniques.h"

namespace winnow {
namespace {

using ocsf::EntityKind;
using Fields = std::map<std::string, std::string, std::less<>>;  // without empty ones

constexpr std::size_t kLongestText = 400;
constexpr std::size_t kLeastDigits = 8;

const std::vector<std::string> kColumns = {"event",   "id",   "host",   "user",    "ip",
                                           "mailbox", "from", "before", "mapping", "source",
                                           "label",   "step", "by"};
struct EntityColumn {
  std::string_view name;
  EntityKind kind;
};
constexpr std::array kEntityColumns = {
    EntityColumn{"host", EntityKind::Host}, EntityColumn{"user", EntityKind::User},
    EntityColumn{"ip", EntityKind::Ip}, EntityColumn{"mailbox", EntityKind::Mailbox}};

Error bad(std::string message, std::string_view near) {
  Error error(Code::InvalidArgument, std::move(message));
  return near.empty() ? error : std::move(error).with_hint(fmt::format("did you mean '{}'?", near));
}

Status check_column(const std::string& name) {
  if (std::ranges::find(kColumns, name) != kColumns.end()) return {};
  auto near = nearest(name, kColumns);
  if (!near.empty()) return bad(fmt::format("'{}' is no column of a list of labels", name), near);
  return Error(Code::InvalidArgument, fmt::format("'{}' is no column of a list of labels", name))
      .with_hint(fmt::format("one of {}", fmt::join(kColumns, ", ")));
}

Status check_text(std::string_view column, std::string_view text) {
  const bool has_control =
      std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (text.size() <= kLongestText && !has_control && is_valid_utf8(text)) return {};
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is not a line of text of at most {} bytes", column, kLongestText));
}

Status check_label(const std::string& word) {
  if (word.empty()) {
    return Error(Code::InvalidArgument, "it says no label")
        .with_hint("malicious or benign; of mail phish, spam or benign; none takes back");
  }
  if (read_label(word)) return {};
  const auto near =
      nearest(ascii_lower(word), {"malicious", "benign", "phish", "phishing", "spam", "none"});
  auto error = bad(fmt::format("'{}' is no label", word), near);
  return near.empty() ? std::move(error).with_hint("malicious, benign, phish, spam or none")
                      : error;
}

// A technique of ATT&CK by its id, or a step as a data set or a team names it.
Status check_step(const std::string& step) {
  if (step.empty()) return {};
  const bool is_technique =
      step.size() > 1 && step.front() == 'T' && step[1] >= '0' && step[1] <= '9';
  if (is_technique) {
    if (!technique_name(step).empty()) return {};
    return bad(fmt::format("ATT&CK has no technique '{}'", step), nearest_technique(step));
  }
  const bool is_name =
      step.size() <= 64 && std::ranges::all_of(step, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      });
  if (is_name) return {};
  return Error(Code::InvalidArgument, fmt::format("'{}' is no step of an attack", step))
      .with_hint("a technique's id, such as T1110.003, or small letters, digits, '_' and '-'");
}

Status check_digest(const std::string& digits) {
  const bool is_hexadecimal = std::ranges::all_of(
      digits, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (is_hexadecimal && digits.size() >= kLeastDigits && digits.size() <= 64) return {};
  return Error(Code::InvalidArgument, fmt::format("'{}' is not the beginning of a digest", digits))
      .with_hint(fmt::format("its first {} to 64 hexadecimal digits", kLeastDigits));
}

Status take_entity(const Fields& fields, LabelLine& line) {
  for (const auto& [column, kind] : kEntityColumns) {
    const auto field = fields.find(column);
    if (field == fields.end()) continue;
    if (line.entity)
      return Error(Code::InvalidArgument, "it names more than one host, user, ip or mailbox");
    line.entity = labelled_entity(kind, field->second);
    if (line.entity->key.empty())
      return Error(Code::InvalidArgument, fmt::format("'{}' is no {}", field->second, column));
  }
  return {};
}

Result<std::optional<Timestamp>> time_in(const Fields& fields, std::string_view column) {
  const auto field = fields.find(column);
  if (field == fields.end()) return std::optional<Timestamp>();
  WINNOW_TRY(const auto time, Timestamp::parse(field->second));
  return std::optional(time);
}

Status check_selection(const LabelLine& line) {
  const int ways =
      (line.digest.empty() ? 0 : 1) + (line.id.empty() ? 0 : 1) + (line.entity.has_value() ? 1 : 0);
  if (ways != 1) {
    return Error(Code::InvalidArgument,
                 ways == 0 ? "it names no event" : "it names events in more than one way")
        .with_hint(
            "by event (its digest), by id, or by host, user, ip or mailbox with from and "
            "before");
  }
  if (line.entity && (!line.from || !line.before))
    return Error(Code::InvalidArgument, "an entity's events need a time: from and before");
  if (line.from && line.before && *line.before <= *line.from)
    return Error(Code::InvalidArgument, "'before' is not behind 'from'");
  return {};
}

Result<LabelLine> line_of(const Fields& fields, std::uint64_t number) {
  LabelLine line;
  line.line = number;
  for (const auto& [column, text] : fields) WINNOW_TRY(check_text(column, text));
  const auto take = [&](std::string_view column, std::string& into) {
    if (const auto field = fields.find(column); field != fields.end()) into = field->second;
  };
  take("event", line.digest);
  take("id", line.id);
  take("mapping", line.mapping);
  take("source", line.source);
  take("label", line.label);
  take("step", line.step);
  take("by", line.by);
  WINNOW_TRY(take_entity(fields, line));
  WINNOW_TRY(line.from, time_in(fields, "from"));
  WINNOW_TRY(line.before, time_in(fields, "before"));
  line.digest = ascii_lower(line.digest);
  if (!line.digest.empty()) WINNOW_TRY(check_digest(line.digest));
  WINNOW_TRY(check_label(line.label));
  WINNOW_TRY(check_step(line.step));
  WINNOW_TRY(check_selection(line));
  return line;
}

Error at_line(Error error, std::string_view file, std::uint64_t line) {
  Error placed(error.code(), fmt::format("{}:{}: {}", file, line, error.message()));
  return error.hint().empty() ? placed : std::move(placed).with_hint(error.hint());
}

// Its columns, each known and there once.
Result<std::vector<std::string>> read_header(std::string_view line, char delimiter) {
  auto columns = read_csv_fields(line, delimiter);
  std::set<std::string> seen;
  for (auto& column : columns) {
    column = ascii_lower(trim_ascii(column));
    WINNOW_TRY(check_column(column));
    if (!seen.insert(column).second)
      return Error(Code::InvalidArgument, fmt::format("the column '{}' is there twice", column));
  }
  return columns;
}

Result<Fields> fields_of_row(std::string_view row, char delimiter,
                             const std::vector<std::string>& columns) {
  const auto values = read_csv_fields(row, delimiter);
  if (values.size() > columns.size())
    return Error(Code::InvalidArgument,
                 fmt::format("{} fields below {} columns", values.size(), columns.size()));
  Fields fields;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = trim_ascii(values[i]);
    if (!value.empty()) fields.emplace(columns[i], value);
  }
  return fields;
}

Result<Fields> fields_of_object(std::string_view text) {
  WINNOW_TRY(const auto json, parse_json(text));
  if (!json.is_object()) return Error(Code::InvalidArgument, "it is no JSON object");
  Fields fields;
  for (const auto& [name, value] : json.members()) {
    WINNOW_TRY(check_column(name));
    if (value.is_null()) continue;
    if (!value.is_string())
      return Error(Code::InvalidArgument, fmt::format("'{}' is no text", name));
    const auto trimmed = trim_ascii(value.as_string());
    if (!trimmed.empty()) fields.emplace(name, trimmed);
  }
  return fields;
}

class ListReader {
 public:
  ListReader(std::string_view text, std::string_view file) : rest_(text), file_(file) {}

  Result<std::vector<LabelLine>> read() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    const bool is_json = trim_ascii(rest_).starts_with('{');
    if (!is_json) delimiter_ = find_csv_delimiter(rest_.substr(0, rest_.find('\n')));
    while (!rest_.empty()) {
      const auto number = line_;
      const auto row = take_row(is_json);
      if (!row) return at_line(row.error(), file_, number);
      if (trim_ascii(*row).empty()) continue;
      if (auto status = add(*row, number, is_json); !status)
        return at_line(status.error(), file_, number);
    }
    if (lines_.empty())
      return Error(Code::InvalidArgument,
                   fmt::format("{}: it has no line below its header", file_));
    return std::move(lines_);
  }

 private:
  Result<std::string_view> take_row(bool is_json) {
    auto size = std::min(rest_.find('\n'), rest_.size() - 1) + 1;
    if (!is_json) {
      const auto scan = scan_csv_record(rest_, delimiter_, true);
      if (scan.outcome != CsvScan::Outcome::Record)
        return Error(Code::InvalidArgument, "a quote is opened and never closed");
      size = scan.size;
    }
    const auto row = rest_.substr(0, size);
    rest_.remove_prefix(size);
    line_ += static_cast<std::uint64_t>(std::ranges::count(row, '\n'));
    return row;
  }

  Status add(std::string_view row, std::uint64_t number, bool is_json) {
    while (row.ends_with('\n') || row.ends_with('\r')) row.remove_suffix(1);
    if (!is_json && columns_.empty()) {
      WINNOW_TRY(columns_, read_header(row, delimiter_));
      return {};
    }
    if (lines_.size() == kMostLabelLines) {
      return Error(Code::Exhausted, fmt::format("a list has at most {} lines", kMostLabelLines))
          .with_hint("import it in parts");
    }
    WINNOW_TRY(const auto fields,
               is_json ? fields_of_object(row) : fields_of_row(row, delimiter_, columns_));
    WINNOW_TRY(lines_.emplace_back(), line_of(fields, number));
    return {};
  }

  std::string_view rest_, file_;
  char delimiter_ = ',';
  std::uint64_t line_ = 1;
  std::vector<std::string> columns_;
  std::vector<LabelLine> lines_;
};

std::string key_of(EntityKind kind, std::string_view text) {
  switch (kind) {
    case EntityKind::Host:
      return identity::host_key(text);
    case EntityKind::User:
      return identity::user_key(text);
    case EntityKind::Ip: {
      const auto address = IpAddress::read(text);
      return address ? address->unmapped().text() : std::string();
    }
    case EntityKind::Mailbox: {
      const auto address = read_address(text);
      return address ? address->key() : ascii_lower(text);
    }
    default:
      return ascii_lower(text);
  }
}

}  // namespace

LabelledEntity labelled_entity(EntityKind kind, std::string_view text) {
  if (kind == EntityKind::CloudPrincipal) kind = EntityKind::User;
  return {kind, key_of(kind, text)};
}

Result<std::vector<LabelLine>> read_label_list(std::string_view text, std::string_view file) {
  return ListReader(text, file).read();
}

}  // namespace winnow
