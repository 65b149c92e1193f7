#include "ingest/event_eraser.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "ingest/detail/blocks_aside.h"
#include "ingest/detail/event_block.h"
#include "ingest/detail/event_entry.h"
#include "ingest/detail/event_index.h"

namespace winnow {

namespace {

// What is left of a block. `standing_aside`: where those begin whose bytes are in a file of their
// own from now on.
Result<std::optional<ShorterRecord>> shorten_block(const SegmentRecord& record,
                                                   const std::unordered_set<Digest>& to_go,
                                                   const BlocksAside& aside,
                                                   std::set<std::uint64_t>& standing_aside) {
  WINNOW_TRY(const auto block, EventBlock::read(record.payload));
  if (!block.keeps_any_of(to_go)) {
    if (block.stands_aside()) standing_aside.insert(record.at.offset);
    return std::optional<ShorterRecord>();
  }
  WINNOW_TRY(auto unpacked, aside.unpack(record.at, record.payload));
  WINNOW_TRY(auto rest, rest_of(std::move(unpacked), to_go, record.payload.size()));
  if (!rest.aside.empty()) {
    // Before the segment, which says from then on that they stand there.
    WINNOW_TRY(aside.put(record.at, rest.aside));
    standing_aside.insert(record.at.offset);
  }
  return std::optional(ShorterRecord{kBlockRecord, std::move(rest.payload)});
}

}  // namespace

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
  const BlocksAside aside(state_->log);
  std::set<std::uint64_t> standing_aside;
  const auto shorten = [&](const SegmentRecord& record) -> Result<std::optional<ShorterRecord>> {
    if (record.kind == kBlockRecord) return shorten_block(record, to_go, aside, standing_aside);
    if (record.kind != kEventRecord) return std::optional<ShorterRecord>();
    WINNOW_TRY(const auto entry, read_event_payload(record.payload));
    if (!to_go.contains(entry.event.digest)) return std::optional<ShorterRecord>();
    return std::optional(ShorterRecord{kRemovedRecord, removed_payload(entry.event)});
  };
  // Before the bytes: what reads the log by an index of before would call it damaged.
  WINNOW_TRY(state_->index.sync());
  const auto segment = waiting.front();
  WINNOW_TRY(const auto aside_before, aside.bytes_of(segment));
  WINNOW_TRY(const auto given_up, shorten_segment(state_->log, segment, shorten));
  // Behind the segment, which does not ask for the others any more.
  WINNOW_TRY(aside.keep_only(segment, standing_aside));
  WINNOW_TRY(const auto aside_now, aside.bytes_of(segment));
  // Behind the files: an index that is behind is made good by the same step again.
  WINNOW_TRY(state_->index.note_erased(removed));
  // A rest that stands aside may take more room than the whole block did.
  const auto before = given_up + aside_before;
  return Step{removed.size(), before - std::min(before, aside_now), waiting.size() > 1};
}

}  // namespace winnow
