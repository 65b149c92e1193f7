#include "ingest/detail/event_log_check.h"

#include <fmt/format.h>

#include "ingest/detail/blocks_aside.h"
#include "ingest/detail/event_block.h"
#include "ingest/detail/event_entry.h"

namespace winnow {
namespace {

constexpr std::size_t kTogether = 512;
constexpr auto kMakeIndexAgain = "remove index.db: it is made again from the log";

std::string place_of(const SegmentRecord& record) {
  return fmt::format("segment {}, byte {} of the event log", record.at.segment, record.at.offset);
}

}  // namespace

Result<std::uint64_t> EventLogCheck::run() {
  WINNOW_TRY(index_->check_integrity());
  index_->expect_unknown();
  WINNOW_TRY(indexed_end_, index_->end());
  WINNOW_TRY(auto scan, SegmentScan::open(log_));
  for (bool more = true; more;) {
    WINNOW_TRY(more, scan.next());
    if (more) WINNOW_TRY(see(scan.record()));
    if (seen_.size() >= kTogether || !more) WINNOW_TRY(compare());
  }
  if (!unexplained_.empty()) {
    return Error(Code::Corrupt, fmt::format("the bytes of event {} are gone, and nothing says why",
                                            unexplained_.begin()->short_hex()));
  }
  WINNOW_TRY(const auto indexed, index_->count({.of = EventFilter::Of::Both}));
  WINNOW_TRY(const auto end_now, index_->end());
  if (end_now == indexed_end_ && indexed != in_index_) {
    return Error(Code::Corrupt,
                 fmt::format("the index has {} events, the log {}", indexed, in_index_))
        .with_hint(kMakeIndexAgain);
  }
  return events_;
}

// A record of an event: its bytes are as they came, or gone.
Status EventLogCheck::see(const SegmentRecord& record) {
  if (record.kind == kRemovalRecord) {
    WINNOW_TRY(const auto removal, read_removal_payload(record.payload));
    seen_.push_back({record.kind, removal.digest, record.at});
  }
  if (record.kind == kBlockRecord) {
    auto status = see_block(record);
    return status ? status : std::move(status).error().with_context(place_of(record));
  }
  if (record.kind != kEventRecord && record.kind != kRemovedRecord) return {};
  WINNOW_TRY(const auto entry, read_event_payload(record.payload));
  seen_.push_back({record.kind, entry.event.digest, record.at});
  if (record.kind == kRemovedRecord) return {};
  ++events_;
  if (auto raw = raw_of(entry); !raw) return std::move(raw).error().with_context(place_of(record));
  return {};
}

Status EventLogCheck::see_block(const SegmentRecord& record) {
  WINNOW_TRY(const auto block, BlocksAside(log_).unpack(record.at, record.payload));
  for (const auto& item : block.items) {
    const auto& event = item.event;
    seen_.push_back({item.is_kept ? kEventRecord : kRemovedRecord, event.digest, record.at});
    if (!item.is_kept) continue;
    ++events_;
    WINNOW_TRY(
        check_raw(std::string_view(block.bytes).substr(item.begin, event.raw_bytes), event.digest));
  }
  return {};
}

Status EventLogCheck::compare() {
  std::vector<Digest> digests;
  for (const auto& seen : seen_) digests.push_back(seen.digest);
  WINNOW_TRY(const auto indexed, index_->find(digests));
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const auto* const event = indexed[i] ? &*indexed[i] : nullptr;
    WINNOW_TRY(compare_event(seen_[i], event));
    WINNOW_TRY(compare_removal(seen_[i], event));
  }
  seen_.clear();
  return {};
}

Status EventLogCheck::compare_event(const Seen& seen, const StoredEvent* indexed) {
  if (seen.kind == kRemovalRecord || seen.at >= indexed_end_) return {};
  const bool is_removed = seen.kind == kRemovedRecord;
  if (indexed != nullptr && (indexed->at == seen.at || is_removed)) {
    ++in_index_;
    return {};
  }
  // What is left of removed events may stand a little before the place of the bytes, so also before
  // the index's end; compare_removal() finds those that it should know.
  if (indexed == nullptr && is_removed) return {};
  return Error(Code::Corrupt,
               fmt::format("event {} is not in the index where it stands", seen.digest.short_hex()))
      .with_hint(kMakeIndexAgain);
}

// What is left of an event is explained by a removal that stands behind it, maybe where the index
// does not reach.
Status EventLogCheck::compare_removal(const Seen& seen, const StoredEvent* indexed) {
  const bool is_known = indexed != nullptr && indexed->removed;
  if (seen.kind == kRemovedRecord && !is_known) unexplained_.insert(seen.digest);
  if (seen.kind != kRemovalRecord) return {};
  unexplained_.erase(seen.digest);
  if (seen.at >= indexed_end_ || is_known) return {};
  return Error(Code::Corrupt, fmt::format("the index does not know that event {} was removed",
                                          seen.digest.short_hex()))
      .with_hint(kMakeIndexAgain);
}

}  // namespace winnow
