#include "ingest/records/raw_record.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow {

std::string_view name_of(RecordForm form) {
  switch (form) {
    case RecordForm::Mail:
      return "mail";
    case RecordForm::Csv:
      return "csv";
    case RecordForm::NdJson:
      return "ndjson";
    case RecordForm::SyslogRow:
      return "syslog";
    case RecordForm::LogJson:
      return "json log";
    case RecordForm::LogRow:
      return "tsv log";
    case RecordForm::SyslogLog:
      return "syslog log";
    case RecordForm::HecLog:
      return "hec log";
    case RecordForm::SyslogLines:
      return "syslog lines";
  }
  return "unknown";
}

bool is_mail(RecordForm form) {
  return form <= RecordForm::NdJson || form == RecordForm::SyslogRow;
}

std::string_view name_of(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::TooLarge:
      return "too large";
    case ProblemKind::Empty:
      return "empty";
    case ProblemKind::BadCsv:
      return "bad csv";
    case ProblemKind::BadJson:
      return "bad json";
    case ProblemKind::BadLabel:
      return "bad label";
    case ProblemKind::Unmapped:
      return "unmapped";
    case ProblemKind::UnknownFormat:
      return "unknown format";
    case ProblemKind::MissingColumns:
      return "missing columns";
    case ProblemKind::BadDate:
      return "bad date";
  }
  return "unknown";
}

bool is_fatal(ProblemKind kind) { return kind < ProblemKind::MissingColumns; }

void check_mail(RawRecord& mail, const ReadLimits& limits) {
  if (mail.size > limits.max_record_bytes) {
    if (mail.raw.size() > limits.max_kept_bytes) mail.raw.resize(limits.max_kept_bytes);
    mail.problem =
        Problem{ProblemKind::TooLarge,
                fmt::format("a mail of {} bytes, at most {} are read; the first {} are kept",
                            mail.size, limits.max_record_bytes, mail.raw.size())};
  } else if (trim_ascii(mail.raw).empty()) {
    mail.problem = Problem{ProblemKind::Empty, "an empty mail"};
  }
}

std::string InputPosition::text() const {
  return line > 0 ? fmt::format("{}, line {}", input, line)
                  : fmt::format("{}, byte {}", input, offset);
}

}  // namespace winnow
