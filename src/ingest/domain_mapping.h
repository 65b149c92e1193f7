// How the records of one domain become events: of mail its own reader, of another domain the
// mappings of its logs. What a bundle holds, and training, decisions and replay read with.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/event_log.h"
#include "ingest/mapping/log_mappings.h"
#include "ingest/record_mapping.h"
#include "ocsf/domain.h"

namespace winnow {

// Immutable; thread-safe.
class DomainMapping {
 public:
  explicit DomainMapping(RecordMapping mail) : mail_(std::move(mail)) {}
  // Errors: InvalidArgument (there is none, or one of another domain).
  static Result<DomainMapping> of_logs(Domain domain, std::vector<Mapping> logs);
  // From the canonical bytes of the domain's artifacts. Errors: InvalidArgument, Corrupt.
  static Result<DomainMapping> from_artifacts(Domain domain,
                                              std::span<const std::string> artifacts);

  Domain domain() const { return domain_; }
  const RecordMapping& mail() const { return mail_; }  // of the mail domain
  std::span<const Mapping> logs() const { return logs_; }

  // Whether what the mapping of this name read is one of the domain's; the empty name is mail's.
  bool reads(std::string_view mapping) const;
  bool reads(const StoredEvent& stored) const { return reads(stored.mapping); }
  // The same filter, of the domain's records only.
  EventFilter within(EventFilter filter) const;

 private:
  Domain domain_ = Domain::Mail;
  RecordMapping mail_;
  std::vector<Mapping> logs_;  // by name
};

// Reads what the event log holds of a domain. One thread at a time.
class StoredEventReader {
 public:
  explicit StoredEventReader(const DomainMapping& mapping);

  // The event of a record that the mapping reads(), at the time that the log keeps for it, by which
  // intelligence and history are looked up. `raw` is what EventLog::read_raw() gives. Errors:
  // InvalidArgument (a record of another domain, or not readable any more).
  Result<ocsf::Event> read(const StoredEvent& stored, std::string_view raw);

 private:
  Domain domain_;
  RecordMapping mail_;
  LogMappings logs_;
};

}  // namespace winnow
