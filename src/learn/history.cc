#include "learn/history.h"

#include <fmt/format.h>

#include "learn/replay.h"
#include "learn/stored_history.h"

namespace winnow::learn {

Result<HistoryCount> walk_history(const EventLog& events, const EventFilter& filter,
                                  const DomainMapping& mapping, const FeatureSet& features,
                                  const IntelSnapshot* intel, const EventVisitor& visit,
                                  Progress& progress) {
  KnownIntelligence intelligence(intel, KnownIntelligence::count_ranked(intel), Timestamp());
  StoredHistory stream(events, filter, mapping, intelligence);
  MemoryEntityStates states;
  WINNOW_TRY(walk([&] { return stream.next(); },
                  [&](Timestamp before) { return stream.next_verdict(before); }, features,
                  intelligence, states, visit, progress));
  return HistoryCount{stream.events(), stream.unreadable()};
}

Result<History> replay_history(const EventLog& events, const EventFilter& filter,
                               const DomainMapping& mapping, const FeatureSet& features,
                               const IntelSnapshot* intel, Progress& progress) {
  KnownIntelligence intelligence(intel, KnownIntelligence::count_ranked(intel), Timestamp());
  StoredHistory stream(events, filter, mapping, intelligence);
  MemoryEntityStates states;
  auto data = replay([&] { return stream.next(); },
                     [&](Timestamp before) { return stream.next_verdict(before); }, features,
                     intelligence, states, progress);
  if (stream.labelled() == 0 && !data) {
    return Error(Code::InvalidArgument,
                 fmt::format("none of {} events has a label", stream.events()))
        .with_hint(mapping.domain() == Domain::Mail
                       ? "winnow ingest mail FILE --label phish (or benign, spam)"
                       : "winnow ingest auto FILE --label malicious (or benign)");
  }
  if (!data) return data.error();
  return History{std::move(*data), stream.events(), stream.unreadable()};
}

}  // namespace winnow::learn
