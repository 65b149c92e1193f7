#include "store/detail/segment_tail.h"

#include <algorithm>

#include "base/bytes.h"
#include "store/detail/segment_format.h"

namespace winnow::store {

void SegmentTail::advance(std::size_t bytes) {
  front_ += bytes;
  at_.offset += bytes;
}

void SegmentTail::enter_next_segment() {
  at_ = {at_.segment + 1, kFirstRecordOffset};
  file_.reset();
}

Status SegmentTail::open_segment() {
  WINNOW_TRY(file_, InputFile::open(segment_path(folder_, at_.segment)));
  bytes_.clear();
  front_ = 0;
  for (read_ = 0; read_ < at_.offset;) {
    WINNOW_TRY(const auto got,
               file_->read_some(bytes_, std::min<std::uint64_t>(kChunk, at_.offset - read_)));
    if (got == 0) break;  // it ends before: nothing of it is left to read
    read_ += got;
    bytes_.clear();
  }
  return {};
}

Result<bool> SegmentTail::fill_to(std::size_t bytes, RecordPosition end) {
  while (window().size() < bytes) {
    if (front_ > bytes_.size() / 2) {
      bytes_.erase(0, front_);
      front_ = 0;
    }
    const auto most = at_.segment < end.segment ? kChunk : std::min(kChunk, end.offset - read_);
    WINNOW_TRY(const auto got, file_->read_some(bytes_, most));
    if (got == 0) return false;
    read_ += got;
  }
  return true;
}

Result<std::optional<SegmentRecord>> SegmentTail::next(RecordPosition end) {
  while (at_ < end) {
    if (!file_) WINNOW_TRY(open_segment());
    WINNOW_TRY(const bool has_head, fill_to(kRecordHeaderBytes, end));
    if (!has_head && window().empty()) {
      if (at_.segment == end.segment) break;
      enter_next_segment();
      continue;
    }
    std::optional<SegmentRecord> record;
    if (has_head) {
      const auto payload_bytes = ByteReader(window()).get<std::uint32_t>();
      WINNOW_TRY(const bool whole, fill_to(kRecordHeaderBytes + payload_bytes, end));
      if (whole) record = record_in_front(window(), at_);
    }
    if (!record) {
      WINNOW_TRY(skip_damage(end));
      continue;
    }
    advance(kRecordHeaderBytes + record->payload.size());
    if (record->kind <= kMaxRecordKind) return record;
  }
  return std::optional<SegmentRecord>();
}

// To the next record of the segment that is one, or to its end. Check sums cover a record's place:
// nothing that only looks like a record passes for one.
Status SegmentTail::skip_damage(RecordPosition end) {
  const auto begin = at_;
  WINNOW_TRY(fill_to(SIZE_MAX, end));
  const auto rest = window();
  std::size_t skipped = 1;
  while (skipped < rest.size() &&
         !record_in_front(rest.substr(skipped), {at_.segment, at_.offset + skipped}))
    ++skipped;
  advance(std::min(skipped, rest.size()));
  on_damage_(begin, skipped);
  return {};
}

}  // namespace winnow::store
