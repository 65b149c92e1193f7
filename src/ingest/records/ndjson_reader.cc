#include "ingest/records/ndjson_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/records/line_records.h"
#include "ingest/records/mail_columns.h"

namespace winnow {
namespace {

constexpr unsigned kMaxDepth = 8;  // a mail log is flat; what lies deeper is not ours

void judge(const Json& object, RawRecord& out) {
  bool has_text = false;
  for (const auto& [name, value] : object.members()) {
    const auto column = mail_column_named(name);
    if (!column) continue;
    if (*column == MailColumn::Label) set_label(out, field_text_of(value), positive_label_of(name));
    if (*column == MailColumn::Body || *column == MailColumn::Subject) {
      has_text = has_text || !trim_ascii(field_text_of(value)).empty();
    }
  }
  if (!has_text) out.problem = Problem{ProblemKind::Empty, "neither a subject nor a body"};
}

void judge_text(std::string_view text, const ReadLimits& limits, RawRecord& row) {
  const auto json =
      parse_json(text, {.max_bytes = limits.max_record_bytes, .max_depth = kMaxDepth});
  if (!json) {
    row.problem = Problem{ProblemKind::BadJson, json.error().text()};
  } else if (!json->is_object()) {
    row.problem = Problem{ProblemKind::BadJson, "a line that is no JSON object"};
  } else {
    judge(*json, row);
  }
}

// Many logs have a "message" and a "title", few of them are mail.
bool is_mail_row(const Json& object) {
  constexpr std::array<std::string_view, 4> kOwnNames = {"subject", "body", "emailtext",
                                                         "textcombined"};
  bool has_text = false, has_people = false;
  for (const auto& [name, value] : object.members()) {
    const auto column = mail_column_named(name);
    if (!column) continue;
    if (std::ranges::find(kOwnNames, ascii_lower(name)) != kOwnNames.end()) return true;
    has_text = has_text || *column == MailColumn::Subject || *column == MailColumn::Body;
    has_people = has_people || *column == MailColumn::Sender || *column == MailColumn::Receiver ||
                 *column == MailColumn::MessageId;
  }
  return has_text && has_people;
}

}  // namespace

bool keep_front(RawRecord& row, const ReadLimits& limits) {
  if (row.size <= limits.max_record_bytes) return false;
  if (row.raw.size() > limits.max_kept_bytes) row.raw.resize(limits.max_kept_bytes);
  row.problem =
      Problem{ProblemKind::TooLarge,
              fmt::format("a row of {} bytes; its first {} are kept", row.size, row.raw.size())};
  return true;
}

std::string field_text_of(const Json& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_number() || value.is_bool()) return to_text(value);
  std::string text;
  for (const Json& item : value.items()) {
    if (!item.is_string()) continue;
    if (!text.empty()) text += ", ";
    text += item.as_string();
  }
  return text;
}

void check_row(RawRecord& row, const ReadLimits& limits) {
  if (!keep_front(row, limits)) judge_text(row.raw, limits, row);
}

bool take_as_mail_row(std::string_view text, RawRecord& row) {
  const auto json = parse_json(text, {.max_bytes = text.size(), .max_depth = kMaxDepth});
  if (!json || !json->is_object() || !is_mail_row(*json)) return false;
  judge(*json, row);
  return true;
}

NdJsonReader::NdJsonReader(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
                           const ReadLimits& limits)
    : input_(std::move(bytes)), name_(std::move(name)), total_(total), limits_(limits) {}

Result<bool> NdJsonReader::next(RawRecord& out) {
  if (line_ == 0) WINNOW_TRY(skip_byte_order_mark(input_));
  for (;;) {
    ++line_;
    const std::uint64_t limit = limits_.max_record_bytes;
    WINNOW_TRY(const std::size_t end, input_.line_end(0, limit));
    if (end == 0) return false;
    out = RawRecord();
    out.form = RecordForm::NdJson;
    out.position = {.input = name_, .offset = input_.offset(), .line = line_};
    const auto line = input_.view().substr(0, end);
    if (end == limit && !line.ends_with('\n')) {
      WINNOW_TRY(read_too_large_line(input_, "", limits_, out));
      return true;
    }
    out.raw = trim_ascii(line);
    input_.consume(end);
    if (out.raw.empty()) continue;
    out.size = out.raw.size();
    out.digest = sha256(out.raw);
    check_row(out, limits_);
    return true;
  }
}

}  // namespace winnow
