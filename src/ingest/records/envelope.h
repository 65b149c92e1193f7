// What a record of a log came in where it did not come alone: a syslog header (syslog.h), or an
// envelope of Splunk's HTTP Event Collector
// (https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_scan.h"
#include "base/timestamp.h"
#include "ingest/records/raw_record.h"

namespace winnow {

// A record taken out of its envelope; views into the record or the opener, until its next use.
struct OpenedRecord {
  RecordForm form = RecordForm::LogJson;  // of the payload: LogJson or LogRow
  std::string_view payload;
  std::string_view host, app;       // as the envelope says; empty: it does not
  std::string_view kind;            // what the sender calls such records: HEC's sourcetype
  std::optional<Timestamp> time{};  // of HEC: when it happened
};

// The form of one record without envelope: whether header lines stand in front of it.
RecordForm log_form_of(std::string_view payload);

// One thread at a time; keeps its buffers from record to record.
class EnvelopeOpener {
 public:
  EnvelopeOpener();

  // `raw` has one of the forms LogJson, LogRow (their own payload), SyslogLog, SyslogLines, HecLog.
  // Never
  // fails: an envelope that cannot be read is its own payload.
  OpenedRecord open(RecordForm form, std::string_view raw);

 private:
  OpenedRecord open_hec(std::string_view raw);
  OpenedRecord open_lines(std::string_view raw);

  JsonSelection selection_;
  JsonScanner scanner_;
  JsonCells cells_;
  std::string lines_;  // without their headers
};

// HEC's time: seconds since 1970, with or without a fraction, as a number or a text.
std::optional<Timestamp> read_hec_time(std::string_view text);

}  // namespace winnow
