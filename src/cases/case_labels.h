// What people said on its way to become labels, verdicts and imported lists: it waits here until
// the event log has it. From there the history of senders counts it from when it was given (ADR 4),
// and the next training learns from it as from any other label.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "ingest/event_log.h"
#include "labels/waiting_labels.h"
#include "store/sqlite.h"

namespace winnow::cases {

// What true and false positives say; a benign positive says nothing that anybody should learn from.
// One thread at a time: the one that writes the event log, beside a CaseBook.
class CaseLabels {
 public:
  // Makes the tables of cases where there are none yet. Errors: Corrupt, Denied, Unavailable.
  static Result<CaseLabels> open(const Path& database);

  // Gives those that wait to the log, verdicts first, at most `most` in all, and returns how many
  // there were. A crash in between gives some of them twice, which the log does not mind; a verdict
  // replaces what the record was called before, and one that is not kept any more gets none. Cost:
  // one append. Errors: of the log; Exhausted, Unavailable.
  Result<std::size_t> hand_over(EventLog& events, const Clock& clock, std::size_t most);
  // The same until none waits.
  Status hand_over_all(EventLog& events, const Clock& clock);
  // The events of which something waits. Errors: Corrupt, Unavailable.
  Result<std::unordered_set<Digest>> waiting();

 private:
  CaseLabels(Sqlite database, WaitingLabels imported)
      : database_(std::move(database)), imported_(std::move(imported)) {}
  Result<std::size_t> hand_over_verdicts(EventLog& events, const Clock& clock, std::size_t most);
  Sqlite database_;
  WaitingLabels imported_;
};

}  // namespace winnow::cases
