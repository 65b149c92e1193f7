// The front door of ingest: what comes from files, folders, pipes and programs goes into the event
// log, what cannot be used into quarantine. Nothing is dropped, nothing counts twice.
//
//   record_source.h  reading files of any size, record by record
//   record_reader.h  what a record is, and by which mapping it becomes its event
//   record_mapping.h of mails and rows of mail logs (mail.h: of one mail)
//   mapping/         of the records of other logs
//   event_log.h      where they are kept
//   quarantine.h     where the others are kept
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "base/progress.h"
#include "ingest/event_log.h"
#include "ingest/mapping/log_mappings.h"
#include "ingest/quarantine.h"
#include "ingest/record_reader.h"
#include "ingest/records/record_source.h"
#include "ocsf/event.h"

namespace winnow {

struct IngestOptions {
  std::optional<InputFormat> format = {};  // of every file; otherwise recognised by content
  std::string source = {};                 // empty: the input's name without folder and extension
  std::string mapping = {};   // that reads all records of other logs; empty: who recognises each
  Label label = Label::None;  // of every record; a record's own label must agree with it
  ReadLimits limits = {};
  // Called for each record that is stored when the call returns, new or known, in the order read.
  std::function<void(const Digest& digest)> on_usable = {};
  // Called when what is written together was read, before it is written.
  std::function<void()> on_read = {};
};

struct IngestReport {
  std::uint64_t read = 0;  // stored + duplicates + unusable
  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;       // of the event log
  std::uint64_t unusable = 0;         // found in the input
  std::uint64_t quarantined = 0;      // of the unusable: those that were not there before
  std::uint64_t labelled = 0;         // stored before without a label, and labelled now
  std::uint64_t label_conflicts = 0;  // stored before with another label, which stays
  std::uint64_t files_skipped = 0;    // hidden, links, a Maildir's unfinished ones
  std::uint64_t headers = 0;          // lines that name the columns of the rows below: no records
  // Of the usable records, how many each mapping made what of. Those that were stored before are
  // not mapped again.
  struct Made {
    std::string mapping;                      // empty: mail
    std::optional<ocsf::ClassUid> class_uid;  // absent: stored before
    auto operator<=>(const Made&) const = default;
  };
  std::map<Made, std::uint64_t> made;
  std::uint64_t unrecognised = 0;                 // of the unusable: those that no mapping knows
  std::map<ProblemKind, std::uint64_t> problems;  // of the unusable, and notes on the usable
  std::uint64_t bytes = 0;
  double seconds = 0;
  // Why the reading ended before its input did: damage. All that stands before it is counted above.
  std::optional<Error> ended_by = {};
};

// Reads `inputs` ("-" is standard input) in order. Durable batch by batch: after a crash or an
// error the same call again does what is left to do. Memory does not grow with the inputs. Each
// stage of `progress` is an input, in bytes. Damage within an input ends the reading, and the
// report tells it. Errors: of an input that cannot be read at all (NotFound, Denied,
// InvalidArgument); of the log and the quarantine.
Result<IngestReport> ingest_mail(std::span<const Path> inputs, const RecordMapping& mapping,
                                 EventLog& log, Quarantine& quarantine,
                                 const IngestOptions& options, const Clock& clock,
                                 Progress& progress);

// The same for the logs of other sources than mail, whose records `mappings` reads. A file that is
// no log at all is told before anything is stored (Unsupported).
Result<IngestReport> ingest_logs(std::span<const Path> inputs, LogMappings& mappings, EventLog& log,
                                 Quarantine& quarantine, const IngestOptions& options,
                                 const Clock& clock, Progress& progress);

// A record that came from no file: over the network, from a program.
struct ReceivedRecord {
  RawRecord record;                        // of other logs, its form is settled here
  std::string source;                      // who supplied it; one called as a mapping is read by it
  std::optional<Timestamp> received = {};  // when it came; nothing: now
  std::optional<Timestamp> reported_at = {};  // when it happened, as who sent it says: counts where
                                              // the record itself has no date
  std::string mapping = {};  // that reads it; empty: as the source is called, or who recognises it
};

// What became of a received record.
struct ReceivedOutcome {
  Digest digest;
  // That read it (when it was stored, where it is known) or refused it; empty: of a mail.
  std::string mapping = {};
  bool known = false;                   // stored before this call
  std::optional<Problem> problem = {};  // why it went to quarantine
  std::optional<KeyCounts> keys = {};   // of some of the records of other logs
  // Of one that was stored by this call: what is made of it as it is in the log.
  std::optional<ocsf::Event> event = {};
  bool is_header = false;  // it names the columns of rows, is no record, and nothing is kept of it
};

// Takes the records in as ingest_mail() would, in their order, and tells of each, in the same
// order, what became of it; all of that is durable then. Many that come together share a commit.
// `read`: as IngestOptions::on_read.
// Errors: of the log and the quarantine; the same call again does what is left to do.
Result<std::vector<ReceivedOutcome>> ingest_received(std::vector<ReceivedRecord> records,
                                                     RecordReader& reader, EventLog& log,
                                                     Quarantine& quarantine, const Clock& clock,
                                                     std::function<void()> read = {});

// One mail as received, checked as one of a file is: TooLarge beyond `limits`, Empty.
RawRecord received_mail(std::string raw, const ReadLimits& limits);
// One record of a log as received, in one of the forms of other logs: TooLarge beyond `limits`.
RawRecord received_log(RecordForm form, std::string raw, const ReadLimits& limits);

// Tries to use quarantined records again: what Quarantine::retry asks for. A label in `label`
// replaces the one it would have got. The mapping that refused it is asked first, then whoever
// recognises it. Returns how it is stored. Errors: InvalidArgument or Unsupported (still unusable);
// of the log.
struct Released {
  Digest digest;
  std::string mapping;  // empty: it is mail
};
Result<Released> store_quarantined(const QuarantinedRecord& record, std::string_view raw,
                                   RecordReader& reader, EventLog& log, Label label);
// The same for several, stored together: tells of each, in their order. Errors: of the log.
Result<std::vector<Result<Released>>> store_quarantined(std::span<const QuarantinedRecord> records,
                                                        std::span<const std::string> raws,
                                                        RecordReader& reader, EventLog& log,
                                                        Label label);

}  // namespace winnow
