// The events of the log as a replay wants them: in order of time, each with what was known of the
// others by then.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <queue>
#include <vector>

#include "base/result.h"
#include "ingest/domain_mapping.h"
#include "ingest/event_log.h"
#include "learn/replay.h"
#include "pipeline/known_intelligence.h"

namespace winnow::learn {

// The log orders the events of one moment by arrival, a data set by digest, so that the same events
// give the same bytes however they came in. Of a moment only the entries are held, not the records:
// an export may give one date to a million of them. One thread at a time; the arguments outlive it.
class StoredHistory {
 public:
  static constexpr auto kAll = std::numeric_limits<std::uint64_t>::max();

  // Of the mapping's domain what passes `filter`, `most` entries of it, readable or not.
  // `intelligence` is moved to each event's time.
  StoredHistory(const EventLog& events, const EventFilter& filter, const DomainMapping& mapping,
                KnownIntelligence& intelligence, std::uint64_t most = kAll);

  // As EventStream and VerdictStream (replay.h).
  Result<std::optional<HistoricEvent>> next();
  Result<std::optional<HistoricVerdict>> next_verdict(Timestamp before);

  std::uint64_t events() const { return events_; }
  std::uint64_t labelled() const { return labelled_; }
  std::uint64_t unreadable() const { return unreadable_; }

 private:
  // A date may lie behind the day its event was judged on; nothing is known of what has not
  // happened.
  static Timestamp known_since(const StoredEvent& stored);
  struct KnownLater {
    bool operator()(const StoredEvent& a, const StoredEvent& b) const;
  };
  Status read_moment();
  Status add_labels_of(const StoredEvent& stored);

  const EventLog* log_;
  EventScan scan_;
  StoredEventReader reader_;
  KnownIntelligence* intelligence_;
  std::uint64_t most_;
  std::vector<StoredEvent> moment_;
  std::size_t at_ = 0;  // behind the last one taken
  std::optional<StoredEvent> ahead_;
  // The labels of the events so far that are not known yet; entries, not records.
  std::priority_queue<StoredEvent, std::vector<StoredEvent>, KnownLater> judged_;
  std::uint64_t events_ = 0, labelled_ = 0, unreadable_ = 0;
};

}  // namespace winnow::learn
