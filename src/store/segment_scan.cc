#include <fmt/format.h>

#include "store/detail/segment_format.h"
#include "store/segment_log.h"

namespace winnow {

struct SegmentScan::State {
  Path folder;
  std::vector<std::uint64_t> segments;  // those still to be read; the current one is first
  std::size_t current = 0;
  std::string bytes;  // of the current segment
  std::uint64_t offset = 0;
  bool at_end = false;

  bool is_last() const { return current + 1 == segments.size(); }
  Path path() const { return store::segment_path(folder, segments[current]); }
  RecordPosition position() const { return {segments[current], offset}; }

  // Reads a segment whole: bounded by the rotation size, and unlike a mapped file it cannot be cut
  // short under the reader by a process that recovers the log.
  Status load() {
    WINNOW_TRY(bytes, read_file(path(), store::kMaxSegmentFileBytes));
    WINNOW_TRY(store::read_segment_header(bytes, path()));
    offset = store::kSegmentHeaderBytes;
    if (is_last()) return {};
    const auto next_path = store::segment_path(folder, segments[current + 1]);
    WINNOW_TRY(auto next, InputFile::open(next_path));
    std::string next_bytes;
    WINNOW_TRY(next.read_some(next_bytes, store::kSegmentHeaderBytes));
    WINNOW_TRY(const auto header, store::read_segment_header(next_bytes, next_path));
    if (header.previous_bytes == bytes.size()) return {};
    return Error(Code::Corrupt,
                 fmt::format("'{}' has {} bytes and had {} when the next segment began",
                             path().string(), bytes.size(), header.previous_bytes))
        .with_hint("restore the workspace from a backup");
  }
};

SegmentScan::SegmentScan(std::unique_ptr<State> state) : state_(std::move(state)) {}
SegmentScan::SegmentScan(SegmentScan&&) noexcept = default;
SegmentScan& SegmentScan::operator=(SegmentScan&&) noexcept = default;
SegmentScan::~SegmentScan() = default;

Result<SegmentScan> SegmentScan::open(const Path& folder, std::optional<RecordPosition> from) {
  auto state = std::make_unique<State>();
  state->folder = folder;
  WINNOW_TRY(state->segments, store::list_segments(folder));
  if (from) std::erase_if(state->segments, [&](auto segment) { return segment < from->segment; });
  state->at_end = state->segments.empty();
  if (!state->at_end) WINNOW_TRY(state->load());
  if (from && !state->at_end && state->segments.front() == from->segment)
    state->offset = from->offset;
  return SegmentScan(std::move(state));
}

Result<bool> SegmentScan::next() {
  auto& state = *state_;
  while (!state.at_end) {
    if (state.offset == state.bytes.size()) {
      if (state.is_last()) {
        state.at_end = true;
        break;
      }
      ++state.current;
      WINNOW_TRY(state.load());
      continue;
    }
    const auto at = state.position();
    const auto record = store::record_at(state.bytes, at);
    if (!record) {
      if (!state.is_last() || store::durable_behind(state.bytes, at))
        return store::damaged_record(state.path(), at);
      state.at_end = true;  // the unfinished tail
      break;
    }
    state.offset += store::kRecordHeaderBytes + record->payload.size();
    if (record->kind > kMaxRecordKind) continue;
    record_ = *record;
    return true;
  }
  return false;
}

RecordPosition SegmentScan::end() const {
  return state_->segments.empty() ? RecordPosition{} : state_->position();
}

std::uint64_t SegmentScan::unread_bytes() const {
  return state_->segments.empty() ? 0 : state_->bytes.size() - state_->offset;
}

}  // namespace winnow
