#include "ingest/record_mapping.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/records/csv.h"
#include "ingest/records/mail_columns.h"
#include "ingest/records/ndjson_reader.h"
#include "ingest/records/syslog.h"

namespace winnow {
namespace {

// The texts of one record by column; those it has no column for are absent.
struct FieldTexts {
  std::array<std::optional<std::string>, kMailColumns> texts;
  Label positive = Label::Phish;

  std::optional<std::string>& operator[](MailColumn column) {
    return texts[static_cast<std::size_t>(column)];
  }
  std::optional<std::string_view> view(MailColumn column) const {
    const auto& text = texts[static_cast<std::size_t>(column)];
    return text ? std::optional<std::string_view>(*text) : std::nullopt;
  }
};

Result<FieldTexts> csv_texts(std::string_view raw) {
  const auto header_size = std::min(raw.find('\n'), raw.size());
  const auto header = raw.substr(0, header_size);
  const char delimiter = find_csv_delimiter(header);
  WINNOW_TRY(const MailColumns columns, MailColumns::read(read_csv_fields(header, delimiter)));
  auto fields = read_csv_fields(raw.substr(std::min(header_size + 1, raw.size())), delimiter);
  FieldTexts texts;
  texts.positive = columns.positive_label();
  for (std::size_t i = 0; i < kMailColumns; ++i) {
    const auto at = columns.position(static_cast<MailColumn>(i));
    if (at && *at < fields.size()) texts.texts[i] = to_valid_utf8(fields[*at]);
  }
  return texts;
}

Result<FieldTexts> json_texts(std::string_view raw) {
  WINNOW_TRY(const Json json, parse_json(raw));
  if (!json.is_object()) return Error(Code::InvalidArgument, "the record is no JSON object");
  FieldTexts texts;
  for (const auto& [name, value] : json.members()) {
    const auto column = mail_column_named(name);
    if (!column || texts[*column]) continue;
    if (*column == MailColumn::Label) texts.positive = positive_label_of(name);
    texts[*column] = field_text_of(value);
  }
  return texts;
}

Result<FieldTexts> texts_of(RecordForm form, std::string_view raw) {
  if (form == RecordForm::Csv) return csv_texts(raw);
  return json_texts(form == RecordForm::SyslogRow ? syslog_json(read_syslog(raw)) : raw);
}

}  // namespace

Result<ocsf::Event> RecordMapping::apply(RecordForm form, std::string_view raw) const {
  if (!is_mail(form)) {
    return Error(Code::InvalidArgument,
                 fmt::format("a record of the form '{}' is no mail", name_of(form)));
  }
  if (form == RecordForm::Mail) return mail_.apply(raw);
  WINNOW_TRY(const FieldTexts texts, texts_of(form, raw));
  return event_from_fields({.raw = raw,
                            .sender = texts.view(MailColumn::Sender),
                            .receiver = texts.view(MailColumn::Receiver),
                            .reply_to = texts.view(MailColumn::ReplyTo),
                            .date = texts.view(MailColumn::Date),
                            .subject = texts.view(MailColumn::Subject),
                            .message_id = texts.view(MailColumn::MessageId),
                            .body = texts.view(MailColumn::Body),
                            .urls = texts.view(MailColumn::Urls)},
                           options_);
}

Result<ocsf::Event> RecordMapping::apply(const StoredEvent& stored, std::string_view raw) const {
  WINNOW_TRY(auto event, apply(stored.form, raw));
  return std::move(event).at(stored.event_time);
}

Result<Label> own_label(RecordForm form, std::string_view raw) {
  if (form == RecordForm::Mail || !is_mail(form)) return Label::None;
  WINNOW_TRY(const FieldTexts texts, texts_of(form, raw));
  RawRecord read;
  set_label(read, texts.view(MailColumn::Label).value_or(""), texts.positive);
  if (read.problem) return Error(Code::InvalidArgument, read.problem->message);
  return read.label;
}

}  // namespace winnow
