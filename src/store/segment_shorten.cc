// Giving up content of segments, without moving what stays.
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/contract.h"
#include "store/detail/segment_format.h"
#include "store/segment_log.h"

namespace winnow {
namespace {

// A segment in the making, as long as the one before.
class ShorterSegment {
 public:
  static Result<ShorterSegment> create(const Path& folder, std::uint64_t segment) {
    auto path = store::segment_path(folder, segment);
    const auto temporary = folder / fmt::format(".{}.tmp", path.filename().string());
    std::error_code error;
    std::filesystem::remove(temporary, error);  // that a crash left behind
    WINNOW_TRY(auto file, NewFile::create(temporary));
    return ShorterSegment(std::move(file), std::move(path), segment);
  }

  Status keep(std::string_view bytes) {
    WINNOW_TRY(end_row());
    pending_.append(bytes);
    return pending_.size() < kChunk ? Status() : flush();
  }

  // In place of a record with a payload of `room` bytes. What stands in a row is put together, with
  // one hole behind it: a file system gives back whole blocks only. What stays begins a row.
  Status put(ShorterRecord record, std::size_t room, bool stays) {
    if (stays) WINNOW_TRY(end_row());
    ensure(record.kind <= kMaxRecordKind && record.payload.size() <= room,
           "a shorter record fits where the record stood");
    room_ += store::kRecordHeaderBytes + room;
    row_.push_back(std::move(record));
    return {};
  }
  bool in_row() const { return !row_.empty(); }
  // A hole, or a marker that tells nothing any more, behind what was put.
  void put_nothing(std::size_t whole) { room_ += whole; }

  Status skip(std::uint64_t bytes) {
    WINNOW_TRY(flush());
    size_ += bytes;
    return file_.skip(bytes);
  }

  Status end_row() {
    for (auto& record : row_) {
      room_ -= store::kRecordHeaderBytes + record.payload.size();
      // Too small to be told apart: zeros behind the last record.
      const bool pads = &record == &row_.back() && room_ < store::kRecordHeaderBytes;
      if (pads) record.payload.resize(record.payload.size() + std::exchange(room_, 0));
      store::append_record(pending_, here(), record.kind, record.payload);
    }
    row_.clear();
    while (room_ > 0) {
      auto hole = room_ - store::kRecordHeaderBytes;
      // What is left then has room for another one.
      if (hole > kMostHole) hole = kMostHole - store::kRecordHeaderBytes;
      room_ -= store::kRecordHeaderBytes + hole;
      pending_.append(store::hole_head(here(), static_cast<std::uint32_t>(hole)));
      WINNOW_TRY(skip(hole));
    }
    return {};
  }

  Status finish() {
    WINNOW_TRY(end_row());
    WINNOW_TRY(flush());
    WINNOW_TRY(file_.sync());
    WINNOW_TRY(file_.close());
    WINNOW_TRY(file_.rename_to(path_));
    return sync_folder(path_.parent_path());
  }

 private:
  static constexpr std::size_t kChunk = 1UL << 20;
  static constexpr std::uint64_t kMostHole = 1UL << 30;
  ShorterSegment(NewFile file, Path path, std::uint64_t segment)
      : file_(std::move(file)), path_(std::move(path)), segment_(segment) {}
  RecordPosition here() const { return {segment_, size_ + pending_.size()}; }
  Status flush() {
    WINNOW_TRY(file_.append(pending_));
    size_ += pending_.size();
    pending_.clear();
    return {};
  }

  NewFile file_;
  Path path_;
  std::uint64_t segment_;
  std::uint64_t size_ = 0;          // of the file
  std::string pending_;             // behind it
  std::vector<ShorterRecord> row_;  // behind that, in the place of `room_` bytes
  std::uint64_t room_ = 0;
};

}  // namespace

Result<std::uint64_t> shorten_segment(const Path& folder, std::uint64_t segment,
                                      const Shorten& shorten) {
  const auto path = store::segment_path(folder, segment);
  WINNOW_TRY(const auto segments, store::list_segments(folder));
  if (segments.empty() || segment >= segments.back()) {
    return Error(Code::InvalidArgument, fmt::format("'{}' is still appended to", path.string()));
  }
  WINNOW_TRY(const auto bytes, read_file(path, store::kMaxSegmentFileBytes));
  WINNOW_TRY(store::read_segment_header(bytes, path));
  WINNOW_TRY(auto shorter, ShorterSegment::create(folder, segment));
  WINNOW_TRY(shorter.keep(std::string_view(bytes).substr(0, store::kSegmentHeaderBytes)));
  std::uint64_t given_up = 0;
  bool changed = false;
  for (std::uint64_t offset = store::kSegmentHeaderBytes; offset < bytes.size();) {
    const RecordPosition at{segment, offset};
    const auto record = store::record_at(bytes, at);
    if (!record) return store::damaged_record(path, at);
    const auto whole = store::kRecordHeaderBytes + record->payload.size();
    std::optional<ShorterRecord> instead;
    if (record->kind <= kMaxRecordKind) {
      WINNOW_TRY(instead, shorten(*record));
    }
    const bool says_nothing = record->kind > kMaxRecordKind;
    if (instead) {
      changed = true;
      given_up += record->payload.size() - instead->payload.size();
      const bool stays = instead->kind == record->kind;
      WINNOW_TRY(shorter.put(std::move(*instead), record->payload.size(), stays));
    } else if (says_nothing && shorter.in_row()) {
      shorter.put_nothing(whole);
    } else {
      // Holes of before stay holes.
      const bool is_hole = record->kind == store::kHole;
      WINNOW_TRY(shorter.keep(
          std::string_view(bytes).substr(offset, is_hole ? store::kRecordHeaderBytes : whole)));
      if (is_hole) WINNOW_TRY(shorter.skip(record->payload.size()));
    }
    offset += whole;
  }
  if (changed) WINNOW_TRY(shorter.finish());
  return given_up;
}

}  // namespace winnow
