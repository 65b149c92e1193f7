// One record as it arrived, before any mapping: its bytes, where they stood, what is wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "ingest/records/label.h"

namespace winnow {

// How a record's bytes are to be read. The numbers are stored.
enum class RecordForm : std::uint8_t {
  Mail = 0,    // RFC 5322, MIME
  Csv = 1,     // a header line and one record: a CSV document that can be read alone
  NdJson = 2,  // one JSON object: a row of a mail log
  // Records of other logs, read by the mapping that their entry names.
  LogJson = 3,      // one JSON object, or one line of text, or those of one event
  LogRow = 4,       // header lines and one row of what they name: can be read alone
  SyslogRow = 5,    // a syslog message that brings a row of a mail log, as NdJson is
  SyslogLog = 6,    // a syslog message that brings a record of another log
  HecLog = 7,       // an envelope of Splunk's HEC around a record of another log
  SyslogLines = 8,  // syslog messages that bring the lines of one event, one a line
};
// "mail", "csv", "ndjson", "syslog", "json log", "tsv log", "syslog log", "hec log",
// "syslog lines"
std::string_view name_of(RecordForm form);
// A mail, or a row of a mail log. What is received as one of the other forms may turn out to be a
// row (record_reader.h); what is stored has been settled.
bool is_mail(RecordForm form);

enum class ProblemKind : std::uint8_t {
  // The record cannot be used; it goes to quarantine.
  TooLarge = 0,       // larger than the limit: the front of it is kept
  Empty = 1,          // nothing in it to judge
  BadCsv = 2,         // an unclosed quote, more fields than columns
  BadJson = 3,        // a line that is no JSON object
  BadLabel = 4,       // a word that is no label
  Unmapped = 5,       // the mapping found nothing it could use
  UnknownFormat = 6,  // neither mail nor a mail log
  // The record is used; what it lacks is noted.
  MissingColumns = 32,  // fewer fields than columns
  BadDate = 33,         // no usable date: it counts as of when it was received
};
std::string_view name_of(ProblemKind kind);  // "too large", "empty", ...
bool is_fatal(ProblemKind kind);

struct Problem {
  ProblemKind kind;
  std::string message;  // what was found, for people
};

struct InputPosition {
  std::string input;         // a path as given, or "-"
  std::uint64_t offset = 0;  // of the record's first byte in it
  std::uint64_t line = 0;    // from 1; 0 where lines are not counted
  std::string text() const;  // "log.csv, line 17" or "inbox.mbox, byte 4096"
};

struct RawRecord {
  RecordForm form = RecordForm::Mail;
  std::string raw;         // all bytes, or their front when `problem` is TooLarge
  std::uint64_t size = 0;  // of all bytes
  Digest digest;           // of all bytes: the record's identity
  InputPosition position;
  Label label = Label::None;       // as the record itself says
  std::optional<Problem> problem;  // why it cannot be used
  std::optional<Problem> note;     // what it lacks, though it can be used
};

struct ReadLimits {
  std::uint64_t max_record_bytes = 32UL << 20;  // a larger record is told as TooLarge
  std::uint64_t max_csv_record_bytes = 4UL << 20;
  std::uint64_t max_kept_bytes = 1UL << 20;  // of a record that is too large
};

// Gives a mail of `size` bytes its problem, where it is too large or empty; of one that is too
// large the front is kept.
void check_mail(RawRecord& mail, const ReadLimits& limits);

}  // namespace winnow
