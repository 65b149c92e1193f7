#include "ingest/raw_record.h"

#include <fmt/format.h>

namespace winnow {

std::string_view name_of(RecordForm form) {
  switch (form) {
    case RecordForm::Mail:
      return "mail";
    case RecordForm::Csv:
      return "csv";
    case RecordForm::NdJson:
      return "ndjson";
  }
  return "unknown";
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

std::string InputPosition::text() const {
  return line > 0 ? fmt::format("{}, line {}", input, line)
                  : fmt::format("{}, byte {}", input, offset);
}

}  // namespace winnow
