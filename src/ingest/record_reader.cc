#include "ingest/record_reader.h"

#include "base/utf8.h"
#include "ingest/records/ndjson_reader.h"

namespace winnow {
namespace {

constexpr std::string_view kMail = "mail";

// A list, or a value that does not end, is meant as JSON; a line of text is not.
ProblemKind kind_of_unread(const RawRecord& record) {
  const bool is_list = trim_ascii(record.raw).starts_with('[');
  return record.form == RecordForm::LogJson && is_list ? ProblemKind::BadJson
                                                       : ProblemKind::UnknownFormat;
}

}  // namespace

std::string RecordReader::settle(RawRecord& record, std::string_view named) {
  if (record.problem || is_mail(record.form)) return {};
  std::string why = "it is no row of a mail log";
  if (logs_ != nullptr && named != kMail) {
    auto chosen = logs_->choose(record.form, record.raw, named);
    if (chosen) return std::move(*chosen);
    why = chosen.error().text();
  }
  if (mails_ == nullptr || !settle_as_mail(record))
    record.problem = Problem{kind_of_unread(record), std::move(why)};
  return {};
}

bool RecordReader::settle_as_mail(RawRecord& record) {
  if (record.form == RecordForm::LogRow || record.form == RecordForm::SyslogLines) return false;
  const auto opened = envelopes_.open(record.form, record.raw);
  if (!take_as_mail_row(opened.payload, record)) return false;
  if (record.form == RecordForm::SyslogLog) {
    record.form = RecordForm::SyslogRow;
  } else {
    if (record.form == RecordForm::HecLog) {
      // The row alone, as it comes by other ways.
      record.raw = std::string(opened.payload);
      record.size = record.raw.size();
      record.digest = sha256(record.raw);
    }
    record.form = RecordForm::NdJson;
  }
  return true;
}

Result<ocsf::Event> RecordReader::read(const RawRecord& record, const std::string& mapping,
                                       const RecordTimes& times) {
  if (!mapping.empty() && logs_ != nullptr)
    return logs_->read(mapping, record.form, record.raw, record.digest, times);
  if (mails_ != nullptr) return mails_->apply(record.form, record.raw);
  return Error(Code::InvalidArgument, "no mapping reads mail here");
}

std::optional<KeyCounts> RecordReader::count_keys(const RawRecord& record,
                                                  const std::string& mapping, Timestamp arrived) {
  if (mapping.empty() || logs_ == nullptr) return std::nullopt;
  return logs_->count_keys(mapping, record.form, record.raw, arrived);
}

bool RecordReader::is_header(const RawRecord& record, const std::string& mapping) {
  const bool is_readable = !record.problem || record.problem->kind == ProblemKind::UnknownFormat;
  return logs_ != nullptr && is_readable && logs_->is_header(mapping, record.form, record.raw);
}

}  // namespace winnow
