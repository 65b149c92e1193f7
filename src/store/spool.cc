#include "store/spool.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/log.h"
#include "store/detail/segment_format.h"
#include "store/detail/segment_tail.h"
#include "store/detail/spool_counts.h"

namespace winnow {
namespace {

constexpr std::uint64_t kFrameBytes = 12;  // before each payload
constexpr std::string_view kCursorMagic{"WNSPL\0\1\n", 8};
constexpr std::chrono::hours kMostAge{24 * 3650};  // older is a clock that was wrong

Path cursor_path(const Path& folder) { return folder / "cursor"; }

std::string frame(Timestamp accepted, const Spool::NewRecord& record) {
  return ByteWriter().put(accepted.micros()).put(record.items).put_raw(record.payload).bytes();
}

SpoolRecord unframed(const SegmentRecord& record, RecordPosition behind) {
  ByteReader in(record.payload);
  SpoolRecord out;
  out.accepted = Timestamp::from_micros(in.get<std::int64_t>());
  out.items = in.get<std::uint32_t>();
  out.payload = in.get_raw(in.left());
  out.behind = behind;
  return out;
}

// Nothing where there is none that can be read: then all that is there is taken again.
std::optional<RecordPosition> read_cursor(const Path& folder) {
  const auto bytes = read_file(cursor_path(folder), 1024);
  if (!bytes) return std::nullopt;
  ByteReader in(*bytes);
  const auto magic = in.get_raw(kCursorMagic.size());
  RecordPosition at;
  at.segment = in.get<std::uint64_t>();
  at.offset = in.get<std::uint64_t>();
  const auto checksum = in.get<std::uint64_t>();
  const auto checked = std::string_view(*bytes).substr(
      0, bytes->size() - std::min<std::size_t>(bytes->size(), sizeof checksum));
  if (in.ok() && in.at_end() && magic == kCursorMagic && checksum == hash64(checked)) return at;
  log::warn("the spool's cursor is damaged; what waits is taken from its begin",
            {{"file", cursor_path(folder).string()}});
  return std::nullopt;
}

Error full(const Path& folder, std::uint64_t max_bytes) {
  return Error(Code::Exhausted,
               fmt::format("the spool '{}' holds the {} bytes it may", folder.string(), max_bytes))
      .with_hint("what waits in it is worked off first");
}

}  // namespace

struct Spool::Reader {
  store::SegmentTail tail;
};

Spool::Spool(Path folder, const Config& config, FileLock lock)
    : folder_(std::move(folder)), config_(config), lock_(std::move(lock)) {
  ensure(config.max_bytes / 4 >= config.segment_bytes,
         "a spool that was worked off has room: whole segments go");
  shared_.waiting = std::make_unique<store::SpoolCounts>();
}

Spool::~Spool() {
  if (const auto recorded = write_cursor(); !recorded)
    log::warn("the spool's cursor was not written; some of it is taken again",
              {{"error", recorded.error().text()}});
}

Result<std::unique_ptr<Spool>> Spool::open(const Path& folder, const Config& config,
                                           Timestamp now) {
  WINNOW_TRY(make_folders(folder));
  WINNOW_TRY(auto lock, FileLock::acquire(folder / "lock", FileLock::Mode::Exclusive));
  std::unique_ptr<Spool> spool(new Spool(folder, config, std::move(lock)));
  WINNOW_TRY(spool->open_log());
  WINNOW_TRY(const auto segments, segments_in(folder));
  std::error_code error;
  for (const auto segment : segments)
    spool->shared_.sizes[segment] =
        std::filesystem::file_size(store::segment_path(folder, segment), error);
  const RecordPosition begin{segments.front(), kFirstRecordOffset};
  // A cursor from beside these segments (a copy was put together) points before or behind them.
  const auto cursor = read_cursor(folder);
  const bool fits = cursor && *cursor >= begin && *cursor <= spool->shared_.end;
  WINNOW_TRY(spool->count_waiting(fits ? *cursor : begin, now));
  WINNOW_TRY(spool->remove_segments_before(spool->cursor_.segment));
  return spool;
}

Status Spool::open_log() {
  const SegmentLog::Config config{
      .segment_bytes = config_.segment_bytes,
      .max_record_bytes = config_.max_payload_bytes + static_cast<std::uint32_t>(kFrameBytes),
      .damage = SegmentLog::Config::Damage::LeaveBehind,
      .room_bytes = config_.room_bytes};
  WINNOW_TRY(auto log, SegmentLog::open(folder_, config));
  if (log.cut_bytes() > 0)
    log::warn("the spool ended in the middle of a write; nothing of it had been accepted",
              {{"folder", folder_.string()}, {"bytes", log.cut_bytes()}});
  // Behind a failure: what was written and not acknowledged is not there.
  const auto durable = shared_.end;
  if (durable != RecordPosition{}) {
    const RecordPosition first{log.end().segment, kFirstRecordOffset};
    WINNOW_TRY(log.drop_from(std::max(durable, first)));
  }
  log_ = std::move(log);
  const std::lock_guard guard(mutex_);
  shared_.end = log_->end();
  return {};
}

std::string_view Spool::group_of(std::string_view payload) const {
  return config_.group_of == nullptr ? std::string_view() : config_.group_of(payload);
}

Status Spool::count_waiting(RecordPosition from, Timestamp now) {
  cursor_ = recorded_ = from;
  take_again();
  const auto steady_now = std::chrono::steady_clock::now();
  for (;;) {
    WINNOW_TRY(const auto record, take());
    if (!record) break;
    const auto age = std::clamp<Duration>(now - record->accepted, Duration(0), kMostAge);
    const std::lock_guard guard(mutex_);
    shared_.waiting->add(group_of(record->payload), record->items, record->payload.size(),
                         {record->accepted, steady_now - age});
  }
  take_again();
  return {};
}

void Spool::note_damage(RecordPosition at, std::uint64_t bytes) {
  {
    const std::lock_guard guard(mutex_);
    if (!shared_.damages.emplace(at, bytes).second) return;
  }
  log::error("the spool is damaged; what stands before and behind is taken, the file is kept",
             {{"file", store::segment_path(folder_, at.segment).string()},
              {"byte", at.offset},
              {"bytes", bytes}});
}

Status Spool::append(std::span<const NewRecord> batch, Timestamp now) {
  if (!log_) WINNOW_TRY(open_log());
  std::uint64_t bytes = 0;
  for (const auto& record : batch)
    bytes += record.payload.size() + kFrameBytes + store::kRecordHeaderBytes;
  if (file_bytes() + bytes > config_.max_bytes) return full(folder_, config_.max_bytes);
  for (const auto& record : batch) {
    if (auto added = log_->append(frame(now, record)); !added) {
      log_->discard();
      return std::move(added).error();
    }
  }
  if (auto committed = log_->commit(); !committed) {
    // Nobody knows what the disk holds: opening finds out.
    log_.reset();
    return committed;
  }
  const store::SpoolCounts::Accepted accepted{now, std::chrono::steady_clock::now()};
  const std::lock_guard guard(mutex_);
  shared_.end = log_->end();
  shared_.sizes[shared_.end.segment] = shared_.end.offset;
  for (const auto& record : batch)
    shared_.waiting->add(group_of(record.payload), record.items, record.payload.size(), accepted);
  return {};
}

Result<std::optional<SpoolRecord>> Spool::take() {
  const auto end = [&] {
    const std::lock_guard guard(mutex_);
    return shared_.end;
  }();
  WINNOW_TRY(const auto record, reader_->tail.next(end));
  if (!record) {
    // Nothing is left to take or in work: what is still counted was damaged after it was accepted.
    const std::lock_guard guard(mutex_);
    if (taken_.empty() && shared_.end == end) shared_.waiting->clear();
    return std::optional<SpoolRecord>();
  }
  auto out = unframed(*record, reader_->tail.at());
  taken_.push_back({out.behind, std::string(group_of(out.payload)), out.items, out.payload.size()});
  return std::optional(std::move(out));
}

void Spool::take_again() {
  taken_.clear();
  reader_ = std::make_unique<Reader>(
      Reader{{folder_, cursor_,
              [this](RecordPosition at, std::uint64_t bytes) { note_damage(at, bytes); }}});
}

Status Spool::forget(RecordPosition behind) {
  const auto left = cursor_.segment;
  cursor_ = std::max(cursor_, behind);
  {
    const std::lock_guard guard(mutex_);
    for (; !taken_.empty() && taken_.front().behind <= behind; taken_.pop_front()) {
      const auto& done = taken_.front();
      shared_.waiting->remove(done.group, done.items, done.bytes);
    }
  }
  // First the files: a cursor needs room on the disk, and one that points before them does no harm.
  if (left != cursor_.segment) WINNOW_TRY(remove_segments_before(cursor_.segment));
  return std::chrono::steady_clock::now() >= record_next_ ? write_cursor() : Status();
}

Status Spool::write_cursor() {
  if (cursor_ == recorded_) return {};
  record_next_ = std::chrono::steady_clock::now() + config_.remember;
  ByteWriter out;
  out.put_raw(kCursorMagic).put(cursor_.segment).put(cursor_.offset);
  const auto checksum = hash64(out.bytes());
  WINNOW_TRY(write_atomically(cursor_path(folder_), out.put(checksum).bytes()));
  recorded_ = cursor_;
  return {};
}

// Oldest first: what a crash leaves has no gap. What is damaged is kept under another name.
Status Spool::remove_segments_before(std::uint64_t segment) {
  for (;;) {
    std::uint64_t oldest = 0;
    bool damaged = false;
    {
      const std::lock_guard guard(mutex_);
      if (shared_.sizes.empty() || shared_.sizes.begin()->first >= segment) return {};
      oldest = shared_.sizes.begin()->first;
      const auto damage = shared_.damages.lower_bound({oldest, 0});
      damaged = damage != shared_.damages.end() && damage->first.segment == oldest;
    }
    const auto path = store::segment_path(folder_, oldest);
    std::error_code error;
    if (damaged) {
      std::filesystem::rename(path, Path(path).replace_extension("damaged"), error);
    } else {
      std::filesystem::remove(path, error);
    }
    if (error) return system_error(fmt::format("removing '{}'", path.string()), error.value());
    const std::lock_guard guard(mutex_);
    shared_.sizes.erase(oldest);
  }
}

std::uint64_t Spool::file_bytes() const {
  const std::lock_guard guard(mutex_);
  std::uint64_t all = 0;
  for (const auto& [segment, bytes] : shared_.sizes) all += bytes;
  return all;
}

Spool::Use Spool::use() const {
  const auto bytes = file_bytes();
  const std::lock_guard guard(mutex_);
  return {shared_.waiting->all(), bytes, config_.max_bytes, shared_.damages.size()};
}

std::map<std::string, Spool::Waiting> Spool::waiting_by_group() const {
  const std::lock_guard guard(mutex_);
  return shared_.waiting->by_group();
}

Result<std::uint64_t> verify_spool(const Path& folder) {
  WINNOW_TRY(const auto segments, segments_in(folder));
  if (segments.empty()) return std::uint64_t{0};
  WINNOW_TRY(auto scan, SegmentScan::open(folder));
  const auto cursor = read_cursor(folder);
  std::uint64_t waiting = 0;
  for (;;) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more) return waiting;
    waiting += !cursor || scan.record().at >= *cursor ? 1 : 0;
  }
}

}  // namespace winnow
