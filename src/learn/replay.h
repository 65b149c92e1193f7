// From history to rows: labelled events are read by the very feature engine that serves, in order
// of time, so that a row holds what was known when its event arrived and nothing else.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/progress.h"
#include "base/result.h"
#include "features/entity_states.h"
#include "features/feature_set.h"
#include "features/intelligence.h"
#include "learn/data_set.h"
#include "ocsf/event.h"

namespace winnow::learn {

struct HistoricEvent {
  ocsf::Event event;
  Timestamp
      time;  // as the event log keeps it: an event without a usable time counts as of its arrival
  std::string source;
  std::optional<Label> label;  // without one it gives no row, but its entities remember it
  float weight = 1;            // how far the label is trusted
};

// The next event, in ascending order of (time, raw digest), or nothing at the end.
using EventStream = std::function<Result<std::optional<HistoricEvent>>()>;

struct ReplayOptions {
  // Time from an event until its label counts as known to the history of its entities: nobody
  // judges a mail the moment it comes. Without a value labels never enter the history.
  std::optional<Duration> verdict_delay;
};

// What the columns of a data set are for this feature set.
DataShape shape_of(const FeatureSet& features);

// One pass: each event is read, made a row if it is labelled, and then folded into `states` (empty
// ones for a history that starts here). Memory: the data set's, and that of the states.
// Errors: those of `events`, of the states, of DataSetBuilder (events out of order, none labelled).
Result<DataSet> replay(const EventStream& events, const FeatureSet& features,
                       const Intelligence& intelligence, EntityStates& states,
                       const ReplayOptions& options, Progress& progress);

}  // namespace winnow::learn
