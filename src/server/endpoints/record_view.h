// Stored records of every domain as people look at them: a mail as safe text, any other record as
// its OCSF event.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "ingest/domain_mapping.h"
#include "ingest/event_log.h"
#include "pipeline/mail_content.h"
#include "search/entity_filters.h"
#include "server/access/role.h"
#include "server/threads/champion.h"

namespace winnow::server {

// Reads what the event log holds, of whichever domain, as the champions do; what no champion reads,
// as the workspace's mappings do. One thread at a time.
class StoredRecordReader {
 public:
  StoredRecordReader(const Champions& champions, std::span<const Mapping> workspace);

  // Where records are decided that the mapping of this name read (empty: mail's); nothing for one
  // that is not known any more.
  std::optional<Domain> domain_of(std::string_view mapping) const;
  // Null for mail's and for one that is not known.
  const Mapping* mapping(std::string_view name) const;
  const RecordMapping& mail() const { return mail_; }
  // What reads the records of that name (empty: mail's): another text wherever they may become
  // other events; empty for what nothing reads.
  std::string reader_of(std::string_view mapping) const;

  // Errors: InvalidArgument (not readable any more, or by a mapping that is not there any more).
  Result<ocsf::Event> read(const StoredEvent& stored, std::string_view raw);

 private:
  RecordMapping mail_;
  std::string mail_reader_;  // the bundle whose mapping that is; empty: none
  std::map<std::string, Mapping, std::less<>> mappings_;
  std::map<Domain, StoredEventReader> readers_;
};

// `reader` outlives it.
search::Reading reading_of(StoredRecordReader& reader);

// Null where there is nothing of it: `mail` and `event` of a record that cannot be read, `removed`
// of one that was not.
struct RecordView {
  Json mail, event, removed;
};

// `raw` are the bytes of a record that was not removed. `mail` reads it where it is mail: the
// mapping of the bundle that decided. Errors: of the mappings, but for a record that none can read.
Result<RecordView> view_of(const StoredEvent& stored, std::string_view raw,
                           const RecordMapping& mail, StoredRecordReader& reader,
                           MailContent content);

// Notes in the log who read what people wrote to each other, and where: {"finding": ID}. In the log
// and not in the audit log, which is for changes and whose every entry waits for the disk: a reader
// could make it grow without end.
void note_reader_of_mail(const std::string& actor, Role role, std::string_view what, const Json& id,
                         const Json& in_case);

}  // namespace winnow::server
