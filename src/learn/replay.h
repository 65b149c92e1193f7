// From history to rows: labelled events are read by the very feature engine that serves, in order
// of time, so that a row holds what was known when its event arrived and nothing else.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

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
  Timestamp known_at;  // when it arrived
  std::string source;
  std::optional<Label> label;  // without one it gives no row, but its entities remember it
  float weight = 1;            // how far the label is trusted
};

// The next event, in ascending order of (time, raw digest), or nothing at the end.
using EventStream = std::function<Result<std::optional<HistoricEvent>>()>;

// What somebody found an event to be.
struct HistoricVerdict {
  ocsf::Event event;
  std::string_view verdict;  // as feature sets name it: "phishing", "benign", ...
  Timestamp given;
};

// The next verdict that was given before `time`, on an event from before `time`; nothing when there
// is none (yet). No event's own label, nor one given later than an event, is known to its row.
using VerdictStream = std::function<Result<std::optional<HistoricVerdict>>(Timestamp time)>;

// What a walk through history does at an event, before the event is folded in: `read` gives its
// values, computed when they are asked for.
using ReadValues = std::function<Result<FeatureVector>()>;
using EventVisitor = std::function<Status(const HistoricEvent& event, const ReadValues& read)>;

// One pass: each event is visited, and then folded into `states` (empty ones for a history that
// starts here). Errors: those of the streams, of the visitor, of the states.
Status walk(const EventStream& events, const VerdictStream& verdicts, const FeatureSet& features,
            const Intelligence& intelligence, EntityStates& states, const EventVisitor& visit,
            Progress& progress);

// What the columns of a data set are for this feature set.
DataShape shape_of(const FeatureSet& features);

// A walk that makes a row of each labelled event. Memory: the data set's, and that of the states.
// Errors: those of walk(), of DataSetBuilder (events out of order, none labelled).
Result<DataSet> replay(const EventStream& events, const VerdictStream& verdicts,
                       const FeatureSet& features, const Intelligence& intelligence,
                       EntityStates& states, Progress& progress);

}  // namespace winnow::learn
