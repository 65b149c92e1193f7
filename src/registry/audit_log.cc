#include "registry/audit_log.h"

#include <algorithm>

#include <fmt/format.h>

#include "registry/detail/audit_files.h"
#include "registry/detail/audit_state.h"

namespace winnow {

using registry::kCheckpointRecord;
using registry::kEntryRecord;

AuditLog::AuditLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
AuditLog::AuditLog(AuditLog&&) noexcept = default;
AuditLog& AuditLog::operator=(AuditLog&&) noexcept = default;
AuditLog::~AuditLog() = default;

Status AuditLog::State::stage(std::span<const AuditEntry> entries, merkle::Frontier& grown,
                              std::vector<Digest>& stored) {
  if (log->at_segment_start()) WINNOW_TRY(log->append(note, kCheckpointRecord));
  for (const auto& entry : entries) {
    WINNOW_TRY(const auto text, canonical(entry));
    grown.append(merkle::leaf_hash(text), &stored);
    WINNOW_TRY(log->append(text, kEntryRecord));
  }
  return {};
}

Result<std::uint64_t> AuditLog::State::append(std::span<const AuditEntry> entries) {
  if (access == Access::ReadOnly)
    return Error(Code::Denied, "the audit log was opened to be read only");
  WINNOW_TRY(const auto turn, take_turn());
  const auto first = latest.size;
  if (entries.empty()) return first;
  auto grown = frontier;
  std::vector<Digest> stored;
  stored.reserve(entries.size() * 2 + 64);
  auto staged = stage(entries, grown, stored);
  const Checkpoint next{latest.origin, grown.size(), grown.root()};
  auto signed_note = staged ? sign(next, keys) : Result<std::string>(staged.error());
  if (signed_note) {
    if (auto added = log->append(*signed_note, kCheckpointRecord); !added)
      signed_note = added.error();
  }
  if (!signed_note) {
    log->discard();
    return signed_note.error();
  }
  WINNOW_TRY(log->commit());
  hashes.append(stored);
  frontier = std::move(grown);
  latest = next;
  note = *std::move(signed_note);
  write_copy();
  return first;
}

Result<std::uint64_t> AuditLog::append(std::span<const AuditEntry> entries) {
  const std::lock_guard lock(state_->mutex);
  return state_->append(entries);
}

std::uint64_t AuditLog::size() const {
  const std::lock_guard lock(state_->mutex);
  return state_->latest.size;
}

std::string AuditLog::origin() const {
  const std::lock_guard lock(state_->mutex);
  return state_->latest.origin;
}

std::string AuditLog::checkpoint() const {
  const std::lock_guard lock(state_->mutex);
  return state_->note;
}

// The last segment whose first checkpoint covers no more than `index` entries.
Result<RecordPosition> AuditLog::State::segment_with(std::uint64_t index,
                                                     std::uint64_t& first_entry) const {
  const auto entries = registry::entries_folder(folder);
  WINNOW_TRY(const auto segments, segments_in(entries));
  std::size_t low = 0, high = segments.size();
  while (high - low > 1) {
    const auto middle = low + (high - low) / 2;
    WINNOW_TRY(const auto text, read_record(entries, {segments[middle], kFirstRecordOffset}));
    WINNOW_TRY(const auto checkpoint, checkpoint_of(text));
    (checkpoint.size <= index ? low : high) = middle;
  }
  const RecordPosition at{segments[low], kFirstRecordOffset};
  WINNOW_TRY(const auto text, read_record(entries, at));
  WINNOW_TRY(const auto checkpoint, checkpoint_of(text));
  first_entry = checkpoint.size;
  return at;
}

Status AuditLog::scan(
    std::uint64_t from, std::uint64_t to,
    const std::function<Result<bool>(std::uint64_t, std::string_view)>& visit) const {
  to = std::min(to, size());
  if (from >= to) return {};
  std::uint64_t index = 0;
  WINNOW_TRY(const auto at, state_->segment_with(from, index));
  WINNOW_TRY(auto scan, SegmentScan::open(registry::entries_folder(state_->folder), at));
  while (index < to) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more)
      return registry::damaged_log(state_->folder, fmt::format("entry {} is missing", index));
    if (scan.record().kind != kEntryRecord) continue;
    if (index >= from) {
      WINNOW_TRY(const bool go_on, visit(index, scan.record().payload));
      if (!go_on) return {};
    }
    ++index;
  }
  return {};
}

Result<std::string> AuditLog::entry(std::uint64_t index) const {
  if (index >= size())
    return Error(Code::NotFound,
                 fmt::format("the audit log has no entry {}: it has {}", index, size()));
  std::string found;
  WINNOW_TRY(scan(index, index + 1, [&](std::uint64_t, std::string_view entry) -> Result<bool> {
    found = entry;
    return false;
  }));
  return found;
}

Result<merkle::Proof> AuditLog::inclusion_hashes(std::uint64_t index, std::uint64_t size) const {
  const std::lock_guard lock(state_->mutex);
  if (index >= size || size > state_->latest.size) {
    return Error(Code::NotFound, fmt::format("there is no entry {} among the first {} of {}", index,
                                             size, state_->latest.size));
  }
  return merkle::inclusion_proof(index, size, registry::reader_of(state_->hashes));
}

Result<InclusionProof> AuditLog::prove(std::uint64_t index) const {
  InclusionProof proof;
  proof.index = index;
  WINNOW_TRY(proof.entry, entry(index));
  const std::lock_guard lock(state_->mutex);
  const auto& latest = state_->latest;
  WINNOW_TRY(proof.hashes,
             merkle::inclusion_proof(index, latest.size, registry::reader_of(state_->hashes)));
  if (!merkle::verify_inclusion(merkle::leaf_hash(proof.entry), index, latest.size, latest.root,
                                proof.hashes)) {
    return registry::damaged_log(state_->folder,
                                 fmt::format("entry {} is not the one that was signed", index));
  }
  proof.checkpoint = state_->note;
  return proof;
}

Result<ConsistencyProof> AuditLog::prove_growth(std::uint64_t before) const {
  const std::lock_guard lock(state_->mutex);
  const auto after = state_->latest.size;
  if (before > after) {
    return Error(Code::NotFound,
                 fmt::format("the audit log never had {} entries: it has {}", before, after));
  }
  WINNOW_TRY(auto hashes,
             merkle::consistency_proof(before, after, registry::reader_of(state_->hashes)));
  return ConsistencyProof{before, after, std::move(hashes), state_->note};
}

}  // namespace winnow
