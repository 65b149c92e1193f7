// Labels that are on record in the audit log and that the event log has not been told of: whoever
// writes the event log takes them over, so that lists can be imported while a service runs.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/event_log.h"
#include "store/sqlite.h"

namespace winnow {

// One thread at a time; several processes may use one file.
class WaitingLabels {
 public:
  // Its table in the workspace's database, made where there is none yet. Errors: Corrupt, Denied,
  // Unavailable.
  static Result<WaitingLabels> open(const Path& database);

  // All of them or, on error, none; durable when it returns. Each names its entry of the audit log;
  // when it was given is said by hand_over(). Errors: Exhausted (disk full), Unavailable.
  Status add(std::span<const LabelStatement> statements);

  // Tells the event log of those that wait, at most `most`, and returns how many these were. After
  // a crash in between some are told again, which changes nothing. Cost: one look-up where nothing
  // waits. Errors: of the log; Exhausted, Unavailable.
  Result<std::size_t> hand_over(EventLog& events, const Clock& clock, std::size_t most);

 private:
  explicit WaitingLabels(Sqlite database) : database_(std::move(database)) {}
  Sqlite database_;
};

}  // namespace winnow
