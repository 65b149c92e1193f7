// From a stored record, whatever its form, to its event: the one way from bytes to events, for
// ingest, training and replay alike.
#pragma once

#include <string_view>
#include <utility>

#include "ingest/event_log.h"
#include "ingest/mail/mail.h"
#include "ingest/records/raw_record.h"

namespace winnow {

// Immutable; thread-safe.
class RecordMapping {
 public:
  explicit RecordMapping(MailOptions options = {})
      : options_(std::move(options)), mail_(options_) {}

  // The event of one record as it arrives. Its raw_digest() is the digest of `raw`; its time is
  // what the record says, Timestamp() where it has no usable date. A record's own label never
  // becomes part of its event. Errors: InvalidArgument (also: a record of another log than mail,
  // which a Mapping reads).
  Result<ocsf::Event> apply(RecordForm form, std::string_view raw) const;

  // The event of a record of the event log (`raw` is what read_raw gives), at the time that the log
  // keeps for it. Training, decisions and replay all use this one: they look intelligence and
  // history up by the time that orders the log, also where the record has no date and the log
  // counts it as of its arrival. Errors: InvalidArgument.
  Result<ocsf::Event> apply(const StoredEvent& stored, std::string_view raw) const;

 private:
  MailOptions options_;
  MailMapping mail_;
};

// The label that a record of a mail log gives itself; Label::None where it has none (a mail never
// has). Errors: InvalidArgument (a word that is no label, or unreadable).
Result<Label> own_label(RecordForm form, std::string_view raw);

}  // namespace winnow
