#include "ingest/event_log.h"

#include <algorithm>
#include <memory_resource>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/contract.h"
#include "ingest/detail/blocks_aside.h"
#include "ingest/detail/event_batch.h"
#include "ingest/detail/event_block.h"
#include "ingest/detail/event_entry.h"
#include "ingest/detail/event_index.h"
#include "ingest/detail/event_log_check.h"
#include "ingest/detail/recent_blocks.h"
#include "ingest/detail/unindexed_events.h"

namespace winnow {
namespace {

constexpr std::size_t kPageEvents = 512;
constexpr std::size_t kCatchUpEntries = 4096;
constexpr std::size_t kMinPrefix = 4;

Error removed_error(const Removal& removal) {
  return Error(Code::NotFound, fmt::format("the bytes were {}", removal.text()));
}

// What an event is called, and the last entry of the audit log that says so.
struct Called {
  Label label = Label::None;
  std::string step;
  std::optional<std::uint64_t> entry;
  bool is_first = false;  // it was never called anything

  static Called of(const StoredEvent& event) {
    return {event.label, event.label_step, event.label_entry, event.label_id == 0};
  }
  bool is_overruled_by(const LabelStatement& said) const { return !entry || *entry < said.entry; }
  bool is_what(const LabelStatement& said) const {
    return label == said.label && step == said.step;
  }
};

}  // namespace

std::string Removal::text() const { return fmt::format("removed on {} ({})", at.text(), rule); }

struct EventLog::State {
  Path folder;
  std::optional<FileLock> lock;        // of the one process that writes
  std::optional<SegmentLog> segments;  // for ReadWrite
  EventIndex index;
  bool index_is_behind = false;  // an append reached the log but not the index
  bool indexes_later = false;
  UnindexedEvents unindexed = {};
  // Once it was asked for: this process alone gives labels.
  std::optional<std::uint64_t> last_label = {};
  RecentBlocks recent_blocks = {};

  Path log_folder() const { return folder / "log"; }
  Status catch_up();
  Status catch_up_from(std::optional<RecordPosition> begin);
  Status drop_known(std::vector<IndexedEntry>& entries) const;
  Result<AppendCounts> stage(std::span<const NewEvent> events, EventBatch& batch);
  Status commit(std::vector<IndexedEntry> entries);
  Status index_now();
  Status add_to_index(std::span<const IndexedEntry> entries, RecordPosition end);
  Result<std::vector<std::optional<StoredEvent>>> find(std::span<const Digest> digests) const;
  Result<std::string> read_raw(const StoredEvent& event);
  Result<std::string> read_stored(const StoredEvent& event);
};

// Brings into the index what the log holds behind its end. Where that was erased from meanwhile (an
// index of a backup is older than its log), no record begins there any more: what stands before it
// in the segment is added once more, which changes nothing.
Status EventLog::State::catch_up() {
  (void)unindexed.take();  // the log has them
  last_label.reset();
  WINNOW_TRY(const RecordPosition end, index.end());
  if (end == RecordPosition{}) return catch_up_from({});
  auto status = catch_up_from(end);
  if (status || status.error().code() != Code::Corrupt) return status;
  return catch_up_from(RecordPosition{end.segment, kFirstRecordOffset});
}

Status EventLog::State::catch_up_from(std::optional<RecordPosition> begin) {
  WINNOW_TRY(auto scan, SegmentScan::open(log_folder(), begin));
  std::vector<IndexedEntry> entries;
  for (bool more = true; more;) {
    WINNOW_TRY(more, scan.next());
    if (more) WINNOW_TRY(read_entries(scan.record(), entries));
    if (entries.size() >= kCatchUpEntries || (!more && !entries.empty())) {
      WINNOW_TRY(drop_known(entries));
      WINNOW_TRY(index.add(entries, scan.end()));
      entries.clear();
    }
  }
  index_is_behind = false;
  return {};
}

// Of events that the index has already, which an index of a backup may, or that come twice.
Status EventLog::State::drop_known(std::vector<IndexedEntry>& entries) const {
  std::vector<Digest> digests;
  for (const auto& entry : entries) {
    if (entry.event) digests.push_back(entry.event->digest);
  }
  WINNOW_TRY(const auto known, index.find(digests));
  std::unordered_set<Digest> seen;
  for (const auto& event : known) {
    if (event) seen.insert(event->digest);
  }
  std::erase_if(entries, [&](const IndexedEntry& entry) {
    return entry.event && !seen.insert(entry.event->digest).second;
  });
  return {};
}

// Adds what is new of `events` to the log's open batch.
Result<AppendCounts> EventLog::State::stage(std::span<const NewEvent> events, EventBatch& batch) {
  AppendCounts counts;
  std::pmr::monotonic_buffer_resource memory;  // for all of them at once
  struct Known {
    Label label;
    bool may_be_given;  // it never had one; what was taken back does not come back so
  };
  std::pmr::unordered_map<Digest, Known> in_batch(&memory);  // what the batch made of an event
  in_batch.reserve(events.size());
  std::vector<Digest> digests;
  digests.reserve(events.size());
  for (const NewEvent& event : events) digests.push_back(event.digest);
  WINNOW_TRY(const auto stored, find(digests));
  for (std::size_t i = 0; i < events.size(); ++i) {
    const NewEvent& event = events[i];
    std::optional<Known> known;
    if (const auto found = in_batch.find(event.digest); found != in_batch.end()) {
      known = found->second;
    } else if (stored[i]) {
      known = Known{stored[i]->label, stored[i]->label_id == 0};
    }
    if (!known) {
      WINNOW_TRY(batch.add(event));
      ++counts.stored;
    } else {
      ++counts.duplicates;
      const bool labels = known->may_be_given && event.label != Label::None;
      if (labels) {
        WINNOW_TRY(batch.add_label(event));
        ++counts.labelled;
      }
      counts.label_conflicts +=
          !known->may_be_given && event.label != Label::None && event.label != known->label;
      if (!labels) continue;
    }
    in_batch[event.digest] = {event.label, event.label == Label::None};
  }
  WINNOW_TRY(batch.finish());
  return counts;
}

// First the log, then its index: an index may lack what the log holds, never the reverse.
Status EventLog::State::commit(std::vector<IndexedEntry> entries) {
  WINNOW_TRY(segments->commit());
  if (indexes_later && UnindexedEvents::can_hold(entries)) {
    index_is_behind = true;  // until they are where they are looked for
    if (unindexed.is_empty()) {
      WINNOW_TRY(const auto last, index.last_id());
      unindexed.begin_behind(last);
    }
    unindexed.add(std::move(entries), segments->end());
    index_is_behind = false;
    return {};
  }
  index_is_behind = true;  // what waits, too, is read from the log if this fails
  const auto before = unindexed.take();
  entries.insert(entries.begin(), before.begin(), before.end());
  return add_to_index(entries, segments->end());
}

Status EventLog::State::index_now() {
  if (index_is_behind) return catch_up();
  if (unindexed.is_empty()) return {};
  const auto end = unindexed.end();
  return add_to_index(unindexed.take(), end);
}

Status EventLog::State::add_to_index(std::span<const IndexedEntry> entries, RecordPosition end) {
  index_is_behind = true;
  last_label.reset();
  WINNOW_TRY(index.add(entries, end));
  index_is_behind = false;
  return {};
}

Result<std::vector<std::optional<StoredEvent>>> EventLog::State::find(
    std::span<const Digest> digests) const {
  WINNOW_TRY(auto found, index.find(digests));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) found[i] = unindexed.find(digests[i]);
  }
  return found;
}

EventLog::EventLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
EventLog::EventLog(EventLog&&) noexcept = default;
EventLog& EventLog::operator=(EventLog&&) noexcept = default;
EventLog::~EventLog() = default;

Result<EventLog> EventLog::open(const Path& folder, Access access) {
  std::optional<FileLock> lock;
  std::optional<SegmentLog> segments;
  if (access == Access::ReadWrite) {
    WINNOW_TRY(make_folders(folder));
    WINNOW_TRY(lock, FileLock::acquire(folder / "lock", FileLock::Mode::Exclusive));
    WINNOW_TRY(segments, SegmentLog::open(folder / "log", {}));
  }
  WINNOW_TRY(auto index, EventIndex::open(folder / "index.db", access));
  if (access == Access::ReadWrite) index.expect_unknown();
  auto state = std::make_unique<State>(State{.folder = folder,
                                             .lock = std::move(lock),
                                             .segments = std::move(segments),
                                             .index = std::move(index)});
  if (access == Access::ReadWrite) WINNOW_TRY(state->catch_up());
  return EventLog(std::move(state));
}

Result<AppendCounts> EventLog::append(std::span<const NewEvent> batch) {
  ensure(state_->segments.has_value(), "only a log opened for writing is appended to");
  if (state_->index_is_behind) WINNOW_TRY(state_->catch_up());
  EventBatch staged(*state_->segments);
  auto counts = state_->stage(batch, staged);
  if (!counts) {
    state_->segments->discard();
    return counts;
  }
  if (staged.entries().empty()) return counts;
  WINNOW_TRY(state_->commit(staged.entries()));
  return counts;
}

Result<LabelCounts> EventLog::label(std::span<const LabelStatement> statements) {
  ensure(state_->segments.has_value(), "only a log opened for writing is told of labels");
  WINNOW_TRY(state_->index_now());
  std::vector<Digest> digests;
  for (const auto& statement : statements) digests.push_back(statement.event);
  WINNOW_TRY(const auto stored, state_->index.find(digests));
  EventBatch staged(*state_->segments);
  LabelCounts counts;
  std::unordered_map<Digest, Called> called;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto& statement = statements[i];
    const auto& event = stored[i];
    if (!event || event->removed) {
      ++counts.unknown;
      continue;
    }
    auto& now = called.try_emplace(statement.event, Called::of(*event)).first->second;
    if (!now.is_overruled_by(statement)) {
      ++counts.unchanged;
      continue;
    }
    // Also what says the same, or that it is nothing: what stands in earlier entries and is told
    // later does not overrule it.
    if (auto added = staged.add_statement(statement); !added) {
      state_->segments->discard();
      return added.error();
    }
    const bool changes = !now.is_what(statement);
    ++(!changes ? counts.unchanged : now.is_first ? counts.labelled : counts.corrected);
    now = {statement.label, statement.step, statement.entry, false};
  }
  if (!staged.entries().empty()) WINNOW_TRY(state_->commit(staged.entries()));
  return counts;
}

void EventLog::index_later() { state_->indexes_later = true; }

Status EventLog::index() { return state_->index_now(); }

Result<std::uint64_t> EventLog::remove(std::span<const Digest> events, const Removal& removal) {
  ensure(state_->segments.has_value(), "only a log opened for writing is removed from");
  WINNOW_TRY(state_->index_now());
  EventBatch staged(*state_->segments);
  WINNOW_TRY(const auto stored, state_->index.find(events));
  for (const auto& event : stored) {
    if (!event || event->removed) continue;
    if (auto added = staged.add_removal({event->digest, removal}); !added) {
      state_->segments->discard();
      return added.error();
    }
  }
  if (staged.entries().empty()) return std::uint64_t{0};
  state_->recent_blocks.clear();  // they may hold bytes that go
  WINNOW_TRY(state_->commit(staged.entries()));
  return std::uint64_t{staged.entries().size()};
}

Status EventLog::begin_segment() {
  ensure(state_->segments.has_value(), "only a log opened for writing begins a segment");
  return state_->segments->begin_segment();
}

Result<std::optional<StoredEvent>> EventLog::look_up(const Digest& digest) const {
  WINNOW_TRY(auto found, state_->find({&digest, 1}));
  return std::move(found.front());
}

Result<std::vector<std::optional<StoredEvent>>> EventLog::look_up(
    std::span<const Digest> digests) const {
  return state_->find(digests);
}

Result<std::uint64_t> EventLog::count(const EventFilter& filter) const {
  WINNOW_TRY(state_->index_now());
  return state_->index.count(filter);
}

Result<std::vector<StoredEvent>> EventLog::arrivals(std::uint64_t after, std::size_t limit) const {
  const auto& unindexed = state_->unindexed;
  if (unindexed.holds_all_behind(after)) return unindexed.behind(after, limit);
  WINNOW_TRY(state_->index_now());
  return state_->index.arrivals(after, limit);
}

Result<std::uint64_t> EventLog::last_id() const {
  if (!state_->unindexed.is_empty()) return state_->unindexed.last_id();
  return state_->index.last_id();
}

Result<std::vector<StoredEvent>> EventLog::labellings(std::uint64_t after,
                                                      std::size_t limit) const {
  // Who follows the log asks behind each batch, and labels are rare.
  if (state_->segments) {
    WINNOW_TRY(const auto last, last_label_id());
    if (after >= last) return std::vector<StoredEvent>();
  }
  WINNOW_TRY(state_->index_now());
  return state_->index.labellings(after, limit);
}

Result<std::uint64_t> EventLog::last_label_id() const {
  if (!state_->segments) return state_->index.last_label_id();
  auto& known = state_->last_label;
  if (!known) {
    WINNOW_TRY(known, state_->index.last_label_id());
  }
  return *known;
}

Result<std::vector<GivenLabel>> EventLog::labels_of(const StoredEvent& event) const {
  WINNOW_TRY(state_->index_now());
  return state_->index.labels_of(event.id);
}

Result<StoredEvent> EventLog::find(std::string_view digest_prefix) const {
  const bool hexadecimal = std::ranges::all_of(
      digest_prefix, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!hexadecimal || digest_prefix.size() < kMinPrefix || digest_prefix.size() > 64) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is not the beginning of a digest", digest_prefix.substr(0, 64)))
        .with_hint("give its first hexadecimal digits, at least 4");
  }
  WINNOW_TRY(state_->index_now());
  WINNOW_TRY(auto found, state_->index.find_by_prefix(digest_prefix, 2));
  if (found.empty()) {
    return Error(Code::NotFound, fmt::format("no event begins with '{}'", digest_prefix));
  }
  if (found.size() > 1) {
    return Error(Code::InvalidArgument,
                 fmt::format("several events begin with '{}'", digest_prefix))
        .with_hint("give more digits");
  }
  return std::move(found.front());
}

Result<std::string> EventLog::State::read_raw(const StoredEvent& event) {
  auto raw = read_stored(event);
  if (raw || raw.error().code() != Code::Corrupt) return raw;
  return std::move(raw).error().with_context(fmt::format("reading '{}', segment {}, byte {}",
                                                         log_folder().string(), event.at.segment,
                                                         event.at.offset));
}

Result<std::string> EventLog::State::read_stored(const StoredEvent& event) {
  const Error another(Code::Corrupt, "another event stands where the index looks");
  const auto version = version_of(log_folder(), event.at.segment);
  const auto* block = recent_blocks.find(event.at, version);
  if (block == nullptr) {
    WINNOW_TRY(const auto record, read_whole_record(log_folder(), event.at));
    if (record.kind != kBlockRecord) {
      WINNOW_TRY(const auto entry, read_event_payload(record.payload));
      WINNOW_TRY(auto raw, raw_of(entry));
      if (entry.event.digest != event.digest) return another;
      return raw;
    }
    WINNOW_TRY(auto unpacked, BlocksAside(log_folder()).unpack(event.at, record.payload));
    block = &recent_blocks.keep(event.at, version, std::move(unpacked));
  }
  const auto item = std::ranges::find_if(block->items, [&](const EventBlock::Item& one) {
    return one.is_kept && one.event.digest == event.digest;
  });
  if (item == block->items.end()) return another;
  auto raw = block->bytes.substr(item->begin, item->event.raw_bytes);
  WINNOW_TRY(check_raw(raw, event.digest));
  return raw;
}

Result<std::string> EventLog::read_raw(const StoredEvent& event) const {
  if (event.removed) return removed_error(*event.removed);
  auto raw = state_->read_raw(event);
  if (raw) return raw;
  // Its bytes may have gone since it was looked up.
  WINNOW_TRY(const auto now, state_->index.find(event.digest));
  if (now && now->removed) return removed_error(*now->removed);
  return raw;
}

Result<std::vector<StoredEvent>> EventLog::backwards(const std::optional<Timestamp>& from,
                                                     const std::optional<Timestamp>& before,
                                                     const std::optional<EventPlace>& behind,
                                                     std::size_t limit) const {
  WINNOW_TRY(state_->index_now());
  return state_->index.backwards(from, before, behind, limit);
}

Result<std::vector<EventPlace>> EventLog::places_backwards(const std::optional<Timestamp>& from,
                                                           const std::optional<Timestamp>& before,
                                                           const std::optional<EventPlace>& behind,
                                                           std::size_t limit) const {
  WINNOW_TRY(state_->index_now());
  return state_->index.places_backwards(from, before, behind, limit);
}

Result<std::vector<StoredEvent>> EventLog::with_ids(std::span<const std::uint64_t> ids) const {
  WINNOW_TRY(state_->index_now());
  return state_->index.with_ids(ids);
}

EventScan EventLog::scan(const EventFilter& filter) const { return EventScan(*this, filter); }

Result<std::uint64_t> EventLog::verify() const {
  WINNOW_TRY(state_->index_now());
  return EventLogCheck(state_->log_folder(), state_->index).run();
}

Status EventScan::read_page() {
  std::optional<EventPlace> after;
  if (!page_.empty()) after = EventPlace{page_.back().event_time, page_.back().id};
  WINNOW_TRY(log_->state_->index_now());
  WINNOW_TRY(page_, log_->state_->index.page(filter_, after, kPageEvents));
  at_ = 0;
  is_last_page_ = page_.size() < kPageEvents;
  return {};
}

Result<bool> EventScan::next() {
  if (at_ == page_.size() && !is_last_page_) WINNOW_TRY(read_page());
  if (at_ == page_.size()) return false;
  ++at_;
  return true;
}

}  // namespace winnow
