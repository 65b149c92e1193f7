#include "store/segment_log.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/detail/segment_format.h"
#include "store/segment_record.h"

namespace winnow {
namespace {

constexpr std::uint64_t kFirstSegment = 1;

// Whole or absent, so that a segment file always has its header.
Status create_segment(const Path& folder, const store::SegmentHeader& header) {
  return write_atomically(store::segment_path(folder, header.segment),
                          store::segment_header(header));
}

// Behind the last whole record of a segment. Errors: Corrupt, Unavailable.
Result<RecordPosition> end_of_records(const Path& folder, std::uint64_t segment) {
  WINNOW_TRY(auto scan, SegmentScan::open(folder, RecordPosition{segment, kFirstRecordOffset}));
  for (;;) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more) return scan.end();
  }
}

}  // namespace

Result<std::vector<std::uint64_t>> segments_in(const Path& folder) {
  return store::list_segments(folder);
}

Result<std::string> read_record(const Path& folder, RecordPosition at) {
  WINNOW_TRY(auto record, read_whole_record(folder, at));
  return std::move(record.payload);
}

SegmentLog::SegmentLog(Path folder, Config config, AppendFile file, std::uint64_t segment)
    : folder_(std::move(folder)), config_(config), file_(std::move(file)), segment_(segment) {}

Result<SegmentLog> SegmentLog::open(const Path& folder, const Config& config) {
  WINNOW_TRY(make_folders(folder));
  WINNOW_TRY(auto segments, store::list_segments(folder));
  if (segments.empty()) {
    WINNOW_TRY(create_segment(folder, {.segment = kFirstSegment, .previous_bytes = 0}));
    segments.push_back(kFirstSegment);
  }
  const auto last = segments.back();
  const auto end = end_of_records(folder, last);
  const bool leave_behind =
      !end && end.error().code() == Code::Corrupt && config.damage == Config::Damage::LeaveBehind;
  if (!end && !leave_behind) return end.error();
  WINNOW_TRY(auto file, AppendFile::open(store::segment_path(folder, last)));
  SegmentLog log(folder, config, std::move(file), last);
  if (leave_behind) {
    WINNOW_TRY(log.create_next_segment());
    return log;
  }
  if (log.file_.size() == end->offset) return log;
  WINNOW_TRY(const auto tail, log.file_.read(end->offset, log.file_.size() - end->offset));
  log.cut_bytes_ = tail.find_last_not_of('\0') + 1;
  WINNOW_TRY(log.drop_from(*end));
  return log;
}

Result<RecordPosition> SegmentLog::append(std::string_view payload, RecordKind kind) {
  ensure(kind <= kMaxRecordKind, "the kinds above are the log's own");
  if (!usable_) {
    return Error(Code::Unavailable,
                 fmt::format("'{}' failed to reach the disk earlier", folder_.string()))
        .with_hint("check the disk, then start again");
  }
  if (payload.size() > config_.max_record_bytes) {
    return Error(Code::Exhausted,
                 fmt::format("a record of {} bytes is larger than the {} bytes allowed",
                             payload.size(), config_.max_record_bytes));
  }
  if (batch_.empty() && file_.size() >= config_.segment_bytes) WINNOW_TRY(start_segment());
  const RecordPosition at{segment_, file_.size() + batch_.size()};
  store::append_record(batch_, at, kind, payload);
  return at;
}

void SegmentLog::discard() { batch_.clear(); }

Status SegmentLog::commit() {
  if (batch_.empty()) return {};
  const auto batch = std::exchange(batch_, {});
  make_room(batch.size());
  const auto before = file_.size();
  if (auto written = file_.append(batch); !written) {
    // What was written in part must not be taken for records once a shorter batch stands before it.
    usable_ = cut_to(before).has_value();
    return written;
  }
  if (auto synced = file_.sync(); !synced) {
    usable_ = false;
    return synced;
  }
  // Tells a later open() that the batch had been acknowledged, so that damage to it is not mistaken
  // for an unfinished write. It needs no sync: where it is lost, only that distinction is.
  std::string marker;
  store::append_record(marker, {segment_, file_.size()}, store::kDurableMarker, {});
  (void)file_.append(marker);
  return {};
}

// Where the disk has no room for it the file grows with each batch, as far as it can.
void SegmentLog::make_room(std::uint64_t bytes) {
  const auto end = file_.size() + bytes + store::kRecordHeaderBytes;  // with the marker
  if (end >= config_.segment_bytes || config_.room_bytes == 0) return;
  if (room_ && room_->size() >= end) return;
  if (!room_ || room_->size() < file_.size()) {
    auto file = AppendFile::open(store::segment_path(folder_, segment_));
    if (!file) return;
    room_ = std::move(*file);
  }
  const auto wanted = std::min(end + config_.room_bytes, config_.segment_bytes);
  if (room_->size() >= wanted) return;
  if (!room_->append(std::string(wanted - room_->size(), '\0'))) room_.reset();
}

Status SegmentLog::cut_to(std::uint64_t size) {
  room_.reset();
  return file_.truncate(size);
}

Status SegmentLog::start_segment() {
  if (room_) WINNOW_TRY(cut_to(file_.size()));
  WINNOW_TRY(file_.sync());  // its last marker: from here on every byte of it counts
  return create_next_segment();
}

Status SegmentLog::create_next_segment() {
  WINNOW_TRY(create_segment(folder_, {.segment = segment_ + 1, .previous_bytes = file_.size()}));
  WINNOW_TRY(file_, AppendFile::open(store::segment_path(folder_, segment_ + 1)));
  ++segment_;
  return {};
}

Status SegmentLog::begin_segment() {
  ensure(batch_.empty(), "a segment begins between batches");
  if (file_.size() == kFirstRecordOffset) return {};
  return start_segment();
}

bool SegmentLog::is_current() const {
  std::error_code error;
  const auto size = std::filesystem::file_size(store::segment_path(folder_, segment_), error);
  return !error && size == std::max(file_.size(), room_ ? room_->size() : 0) &&
         !std::filesystem::exists(store::segment_path(folder_, segment_ + 1), error) && !error;
}

RecordPosition SegmentLog::end() const { return {segment_, file_.size()}; }

bool SegmentLog::at_segment_start() const {
  return file_.size() == kFirstRecordOffset ||
         (batch_.empty() && file_.size() >= config_.segment_bytes);
}

Status SegmentLog::drop_from(RecordPosition at) {
  ensure(batch_.empty(), "records are dropped between batches");
  if (at.segment != segment_ || at.offset < kFirstRecordOffset || at.offset > file_.size()) {
    return Error(Code::InvalidArgument,
                 fmt::format("byte {} of segment {} is not in the last segment of '{}'", at.offset,
                             at.segment, folder_.string()));
  }
  WINNOW_TRY(cut_to(at.offset));
  return file_.sync();
}

Status SegmentLog::forget_before(RecordPosition at) {
  WINNOW_TRY(const auto segments, store::list_segments(folder_));
  for (const auto segment : segments) {  // oldest first: what a crash leaves has no gap
    if (segment >= std::min(at.segment, segment_)) break;
    const auto path = store::segment_path(folder_, segment);
    std::error_code error;
    if (!std::filesystem::remove(path, error) && error) {
      return system_error(fmt::format("removing '{}'", path.string()), error.value());
    }
  }
  return sync_folder(folder_);
}

}  // namespace winnow
