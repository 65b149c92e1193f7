// From any record that came, by whichever way, to its event: what it is, by which mapping it is
// read. Files, receivers, endpoints and the quarantine's retries all ask here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/mapping/log_mappings.h"
#include "ingest/record_mapping.h"
#include "ingest/records/raw_record.h"

namespace winnow {

// One thread at a time.
class RecordReader {
 public:
  // Mails, and rows of mail logs, are read by `mails`, other logs by `logs`; null: such records are
  // for somebody else, and nobody here recognises them. Both outlive it.
  RecordReader(const RecordMapping* mails, LogMappings* logs) : mails_(mails), logs_(logs) {}

  // Settles what the record is. What came in a form of other logs is read by the mapping that
  // LogMappings::choose() names; where there is none, and the record is a row of a mail log, it
  // gets that form and the label that it gives itself. Otherwise it has a problem: UnknownFormat or
  // BadJson. `named`: by whom or what the sender or the configuration calls it; "mail" is never
  // another log. Returns the mapping's name, empty for mail.
  std::string settle(RawRecord& record, std::string_view named);

  // The event of a settled record without a problem; `times` count for a log's record that does not
  // tell all of its own. Errors: InvalidArgument.
  Result<ocsf::Event> read(const RawRecord& record, const std::string& mapping,
                           const RecordTimes& times);
  // LogMappings::count_keys(), for who watches whether a source changes its format.
  std::optional<KeyCounts> count_keys(const RawRecord& record, const std::string& mapping,
                                      Timestamp arrived);
  // LogMappings::is_header(), of a settled record.
  bool is_header(const RawRecord& record, const std::string& mapping);

 private:
  bool settle_as_mail(RawRecord& record);

  const RecordMapping* mails_;
  LogMappings* logs_;
  EnvelopeOpener envelopes_;
};

}  // namespace winnow
