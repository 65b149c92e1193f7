#include <fmt/format.h>

#include "registry/detail/audit_files.h"
#include "registry/detail/audit_state.h"

namespace winnow {
namespace {

using registry::damaged_log;
using registry::HashFile;
using registry::kCheckpointRecord;
using registry::kEntryRecord;
using registry::reader_of;

// A turn is one batch: who waits longer than this waits for a process that hangs.
constexpr Duration kPatience = std::chrono::seconds(10);

// Small enough that opening, which reads the last segment, stays below a tenth of a second.
constexpr SegmentLog::Config kSegments{.segment_bytes = 16UL << 20, .max_record_bytes = 1U << 20};

}  // namespace

Error registry::damaged_log(const Path& folder, std::string_view what) {
  return Error(Code::Corrupt,
               fmt::format("the audit log '{}' is damaged: {}", folder.string(), what))
      .with_hint("winnow audit verify says what and since when");
}

merkle::HashReader registry::reader_of(const HashFile& hashes) {
  return [&hashes](std::uint64_t index) { return hashes.read(index); };
}

Result<AuditLog> AuditLog::open(const Path& folder, const KeyRing& keys, Access access) {
  if (access == Access::ReadWrite) WINNOW_TRY(make_folders(folder));
  auto state = std::make_unique<State>(folder, keys, access);
  { WINNOW_TRY(const auto turn, state->take_turn()); }
  return AuditLog(std::move(state));
}

Status AuditLog::refresh() {
  const std::lock_guard lock(state_->mutex);
  WINNOW_TRY(const auto turn, state_->take_turn());
  return {};
}

// A reader has no turns: what it sees of a batch in the making is not covered by a checkpoint yet.
Result<std::optional<FileLock>> AuditLog::State::take_turn() {
  if (access == Access::ReadOnly) {
    WINNOW_TRY(reload());
    return std::optional<FileLock>();
  }
  WINNOW_TRY(auto turn,
             FileLock::acquire(registry::turn_path(folder), FileLock::Mode::Exclusive, kPatience));
  if (log && log->is_current()) return std::optional(std::move(turn));
  if (auto loaded = reload(); !loaded) {
    log.reset();  // the next turn tries again
    return loaded.error();
  }
  return std::optional(std::move(turn));
}

Status AuditLog::State::reload() {
  WINNOW_TRY(hashes, HashFile::open(registry::hashes_path(folder), access));
  if (access == Access::ReadWrite) {
    WINNOW_TRY(log, SegmentLog::open(registry::entries_folder(folder), kSegments));
  }
  frontier = {};
  latest = {};
  note.clear();
  return load();
}

// An empty log has a checkpoint too: it says which log this is, and that it was empty once.
Status AuditLog::State::start_empty() {
  std::error_code ignored;
  if (std::filesystem::exists(registry::checkpoint_path(folder), ignored)) {
    return damaged_log(folder, "there is a checkpoint, but no entry that it covers");
  }
  latest = {fmt::format("winnow/audit/{}", keys.keys().front().id.text().substr(0, 16)), 0,
            merkle::empty_root()};
  WINNOW_TRY(note, sign(latest, keys));
  WINNOW_TRY(log->append(note, kCheckpointRecord));
  WINNOW_TRY(log->commit());
  write_copy();
  return {};
}

// Every segment begins with the checkpoint that stood when it was begun. So opening reads only the
// last one: what lies before it is covered by the checkpoint, and its hashes by the comparison of
// the root.
Status AuditLog::State::load() {
  // Read before the entries: what others append meanwhile only makes the log longer.
  const auto copy = read_file(registry::checkpoint_path(folder), registry::kMaxCheckpointBytes);
  const auto entries = registry::entries_folder(folder);
  WINNOW_TRY(auto segments, segments_in(entries));
  // A segment that a crash left without a record: the one before it is the last.
  if (segments.size() > 1 && !read_record(entries, {segments.back(), kFirstRecordOffset}))
    segments.pop_back();
  const RecordPosition first{segments.empty() ? 0 : segments.back(), kFirstRecordOffset};
  WINNOW_TRY(auto scan, SegmentScan::open(entries, first));
  WINNOW_TRY(bool more, scan.next());
  if (!more) {
    if (access == Access::ReadWrite) return start_empty();
    return Error(Code::NotFound, fmt::format("there is no audit log in '{}'", folder.string()));
  }
  WINNOW_TRY(load_base(first));
  auto covered = scan.end();
  for (;;) {
    WINNOW_TRY(more, scan.next());
    if (!more) break;
    WINNOW_TRY(fold(scan.record()));
    if (scan.record().kind == kCheckpointRecord) covered = scan.end();
  }
  if (!verify_checkpoint(note, keys)) {
    return damaged_log(folder, "its last checkpoint is not signed by a key of this workspace");
  }
  WINNOW_TRY(drop_uncovered(covered, scan.end()));
  return check_copy(copy);
}

// Entries without a checkpoint were never acknowledged: the checkpoint is part of their batch.
Status AuditLog::State::drop_uncovered(RecordPosition covered, RecordPosition end) {
  if (frontier.size() > latest.size) {
    WINNOW_TRY(frontier, merkle::Frontier::load(latest.size, reader_of(hashes)));
  }
  hashes.resize(merkle::stored_count(latest.size));
  const RecordPosition kept =
      end.segment == covered.segment ? covered : RecordPosition{end.segment, kFirstRecordOffset};
  if (log && end > kept) return log->drop_from(kept);
  return {};
}

Status AuditLog::State::load_base(RecordPosition first) {
  WINNOW_TRY(note, read_record(registry::entries_folder(folder), first));
  const auto base = checkpoint_of(note);
  if (!base)
    return damaged_log(folder,
                       fmt::format("segment {} does not begin with a checkpoint", first.segment));
  latest = *base;
  const auto root = merkle::root(latest.size, reader_of(hashes));
  if (!root || *root != latest.root) WINNOW_TRY(rebuild(latest.size));
  WINNOW_TRY(frontier, merkle::Frontier::load(latest.size, reader_of(hashes)));
  return {};
}

// The hash file is missing, short or wrong: it is computed again from the entries.
Status AuditLog::State::rebuild(std::uint64_t size) {
  hashes.resize(0);
  frontier = {};
  WINNOW_TRY(auto scan, SegmentScan::open(registry::entries_folder(folder)));
  std::vector<Digest> stored;
  while (frontier.size() < size) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more)
      return damaged_log(folder, fmt::format("{} entries are missing", size - frontier.size()));
    if (scan.record().kind != kEntryRecord) continue;
    frontier.append(merkle::leaf_hash(scan.record().payload), &stored);
    if (stored.size() < 65536) continue;
    hashes.append(stored);
    stored.clear();
  }
  hashes.append(stored);
  if (frontier.root() == latest.root) return {};
  return damaged_log(folder,
                     fmt::format("its first {} entries are not those that were signed", size));
}

// Puts the hashes of a leaf behind those of the leaf before it, unless they stand there already.
void AuditLog::State::keep_hashes(const std::vector<Digest>& stored) {
  auto at = merkle::stored_count(frontier.size()) - stored.size();
  for (const auto& hash : stored) {
    const auto found = hashes.read(at);
    if (!found || *found != hash) {
      hashes.resize(at);
      hashes.append({hash});
    }
    ++at;
  }
}

Status AuditLog::State::fold(const SegmentRecord& record) {
  if (record.kind == kEntryRecord) {
    std::vector<Digest> stored;
    frontier.append(merkle::leaf_hash(record.payload), &stored);
    keep_hashes(stored);
    return {};
  }
  const auto checkpoint = checkpoint_of(record.payload);
  if (!checkpoint || checkpoint->size != frontier.size() || checkpoint->root != frontier.root()) {
    return damaged_log(
        folder, fmt::format("the entries after {} are not those that were signed", latest.size));
  }
  latest = *checkpoint;
  note = record.payload;
  return {};
}

// The copy is written after the batch is on disk, so it can lag behind the log, but never be ahead
// of it.
Status AuditLog::State::check_copy(const Result<std::string>& text) const {
  if (!text) {
    write_copy();
    return {};
  }
  const auto copy = verify_checkpoint(*text, keys);
  if (!copy)
    return damaged_log(folder, fmt::format("'{}': {}", registry::checkpoint_path(folder).string(),
                                           copy.error().message()));
  if (copy->size > latest.size) {
    return damaged_log(folder,
                       fmt::format("its newest {} entries are missing", copy->size - latest.size));
  }
  WINNOW_TRY(const auto root, merkle::root(copy->size, reader_of(hashes)));
  if (copy->origin != latest.origin || root != copy->root)
    return damaged_log(folder, "it did not grow from the checkpoint beside it");
  if (copy->size < latest.size) write_copy();
  return {};
}

// For other tools, and a witness against a log that was cut. A failure is no harm: the log holds
// the checkpoint too.
void AuditLog::State::write_copy() const {
  if (access == Access::ReadOnly) return;
  const auto path = registry::checkpoint_path(folder);
  std::error_code ignored;
  std::filesystem::remove(path.string() + ".new", ignored);
  auto file = NewFile::create(path.string() + ".new");
  if (file && file->append(note)) (void)file->rename_to(path);
}

}  // namespace winnow
