// From a stored record, whatever its form, to its event: the one way from bytes to events, for
// ingest, training and replay alike.
#pragma once

#include <string_view>

#include "ingest/mail.h"
#include "ingest/raw_record.h"

namespace winnow {

// Immutable; thread-safe.
class RecordMapping {
 public:
  explicit RecordMapping(MailOptions options = {}) : options_(options), mail_(options) {}

  // The event of one record as EventLog and Quarantine keep it. Its raw_digest() is the digest of
  // `raw`. A record's own label never becomes part of its event. Errors: InvalidArgument.
  Result<ocsf::Event> apply(RecordForm form, std::string_view raw) const;

 private:
  MailOptions options_;
  MailMapping mail_;
};

// The label that a record of a mail log gives itself; Label::None where it has none (a mail never
// has). Errors: InvalidArgument (a word that is no label, or unreadable).
Result<Label> own_label(RecordForm form, std::string_view raw);

}  // namespace winnow
