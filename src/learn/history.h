// From what came in to what models learn from: the labelled events of the log, replayed in the
// order of event time through the code that serves.
#pragma once

#include <cstdint>

#include "base/progress.h"
#include "base/result.h"
#include "features/feature_set.h"
#include "ingest/domain_mapping.h"
#include "ingest/event_log.h"
#include "intel/intel_snapshot.h"
#include "learn/data_set.h"
#include "learn/replay.h"

namespace winnow::learn {

struct HistoryCount {
  std::uint64_t events = 0;      // walked, labelled or not
  std::uint64_t unreadable = 0;  // that this mapping cannot read, though an earlier one could
};

// Visits every event of the mapping's domain that passes `filter`, in the order of event time, each
// with the values that were known before it, and folds it into the entity states. `intel` may be
// null. One pass; memory as the states', and one event's. Errors: those of the log and of `visit`.
Result<HistoryCount> walk_history(const EventLog& events, const EventFilter& filter,
                                  const DomainMapping& mapping, const FeatureSet& features,
                                  const IntelSnapshot* intel, const EventVisitor& visit,
                                  Progress& progress);

struct History {
  DataSet data;                  // a row for each labelled event
  std::uint64_t events = 0;      // replayed, labelled or not
  std::uint64_t unreadable = 0;  // that this mapping cannot read, though an earlier one could
};

// Every event of the mapping's domain that passes `filter` folds into the entity states; those with
// a label become rows, each with the values that were known before it. `intel` may be null. One
// pass; memory as DataSetBuilder's and the states', and one event's. Errors: InvalidArgument (no
// labelled events), those of the log.
Result<History> replay_history(const EventLog& events, const EventFilter& filter,
                               const DomainMapping& mapping, const FeatureSet& features,
                               const IntelSnapshot* intel, Progress& progress);

}  // namespace winnow::learn
