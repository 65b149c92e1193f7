#include "ingest/detail/unindexed_events.h"

#include <algorithm>
#include <utility>

namespace winnow {

bool UnindexedEvents::can_hold(const std::vector<IndexedEntry>& entries) {
  return std::ranges::all_of(entries, [](const IndexedEntry& entry) {
    return entry.event && entry.event->label == Label::None;
  });
}

void UnindexedEvents::add(std::vector<IndexedEntry> entries, RecordPosition end) {
  for (auto& entry : entries) {
    entry.event->id = last_id() + 1;
    places_.emplace(entry.event->digest, entries_.size());
    entries_.push_back(std::move(entry));
  }
  end_ = end;
}

std::optional<StoredEvent> UnindexedEvents::find(const Digest& digest) const {
  const auto found = places_.find(digest);
  return found == places_.end() ? std::nullopt : entries_[found->second].event;
}

std::vector<StoredEvent> UnindexedEvents::behind(std::uint64_t id, std::size_t limit) const {
  std::vector<StoredEvent> events;
  for (auto at = static_cast<std::size_t>(id - before_);
       at < entries_.size() && events.size() < limit; ++at)
    events.push_back(*entries_[at].event);
  return events;
}

std::vector<IndexedEntry> UnindexedEvents::take() {
  places_.clear();
  return std::exchange(entries_, {});
}

}  // namespace winnow
