#include "ingest/event_eraser.h"

#include <unordered_set>

#include "ingest/detail/event_block.h"
#include "ingest/detail/event_entry.h"
#include "ingest/detail/event_index.h"

namespace winnow {

struct EventEraser::State {
  Path log;
  EventIndex index;
};

EventEraser::EventEraser(std::unique_ptr<State> state) : state_(std::move(state)) {}
EventEraser::EventEraser(EventEraser&&) noexcept = default;
EventEraser& EventEraser::operator=(EventEraser&&) noexcept = default;
EventEraser::~EventEraser() = default;

Result<EventEraser> EventEraser::open(const Path& folder) {
  WINNOW_TRY(auto index, EventIndex::open(folder / "index.db", Access::ReadWrite));
  return EventEraser(std::make_unique<State>(State{folder / "log", std::move(index)}));
}

Result<bool> EventEraser::waits_for_segment() const {
  WINNOW_TRY(const auto segments, segments_in(state_->log));
  if (segments.empty()) return false;
  WINNOW_TRY(const auto waiting, state_->index.segments_to_erase(segments.back() + 1));
  return !waiting.empty() && waiting.back() == segments.back();
}

Result<EventEraser::Step> EventEraser::step() {
  WINNOW_TRY(const auto segments, segments_in(state_->log));
  if (segments.empty()) return Step();
  WINNOW_TRY(const auto waiting, state_->index.segments_to_erase(segments.back()));
  if (waiting.empty()) return Step();
  WINNOW_TRY(const auto removed, state_->index.removed_in(waiting.front()));
  std::unordered_set<Digest> to_go;
  for (const auto& event : removed) to_go.insert(event.digest);
  const auto shorten = [&](const SegmentRecord& record) -> Result<std::optional<ShorterRecord>> {
    if (record.kind == kBlockRecord) {
      WINNOW_TRY(const auto block, EventBlock::read(record.payload));
      WINNOW_TRY(auto rest, block.without(to_go));
      if (rest.empty()) return std::optional<ShorterRecord>();
      return std::optional(ShorterRecord{kBlockRecord, std::move(rest)});
    }
    if (record.kind != kEventRecord) return std::optional<ShorterRecord>();
    WINNOW_TRY(const auto entry, read_event_payload(record.payload));
    if (!to_go.contains(entry.event.digest)) return std::optional<ShorterRecord>();
    return std::optional(ShorterRecord{kRemovedRecord, removed_payload(entry.event)});
  };
  // Before the bytes: what reads the log by an index of before would call it damaged.
  WINNOW_TRY(state_->index.sync());
  WINNOW_TRY(const auto bytes, shorten_segment(state_->log, waiting.front(), shorten));
  // Behind the file: an index that is behind is made good by the same step again.
  WINNOW_TRY(state_->index.note_erased(removed));
  return Step{removed.size(), bytes, waiting.size() > 1};
}

}  // namespace winnow
