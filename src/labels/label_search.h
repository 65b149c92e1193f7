// Which stored events the lines of a list mean.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "ingest/event_log.h"
#include "ingest/mapping/log_mappings.h"
#include "ingest/record_mapping.h"
#include "labels/label_list.h"

namespace winnow {

// An event and what a line says of it.
struct FoundLabel {
  StoredEvent event;
  Label label = Label::None;
  const LabelLine* line = nullptr;  // of those that were looked for
};

struct LabelSearchLimits {
  std::uint64_t events_of_line = 10'000;  // a slip of the pen in a time must not label a day
  std::uint64_t events = 1'000'000;
};

struct FoundLabels {
  std::vector<FoundLabel> found;          // each event once, in the order of the lines
  std::vector<const LabelLine*> without;  // lines that mean no event that is there
  std::uint64_t unreadable = 0;  // events in the times asked for that no mapping reads any more
};

// Events by digest are looked up; for the others one pass goes over the times that the lines name
// (an id without a time: over all that was stored) and reads each event there once. Each of the
// arguments outlives the result. Errors: InvalidArgument (two lines say different things of one
// event, a digest's beginning is that of several, a label that is none of its kind of event: each
// with the lines), Exhausted (a line means more events than it may), Corrupt, Unavailable.
Result<FoundLabels> find_labelled(const EventLog& events, const RecordMapping& mails,
                                  LogMappings& logs, std::span<const LabelLine> lines,
                                  std::string_view file, const LabelSearchLimits& limits,
                                  Progress& progress);

}  // namespace winnow
