// What an open audit log holds: audit_open.cc brings it up, audit_log.cc works on it.
#pragma once

#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/audit_log.h"
#include "registry/detail/hash_file.h"
#include "store/segment_log.h"

namespace winnow {
namespace registry {

Error damaged_log(const Path& folder, std::string_view what);
// Borrows `hashes`.
merkle::HashReader reader_of(const HashFile& hashes);

}  // namespace registry

struct AuditLog::State {
  State(Path where, const KeyRing& ring, Access mode)
      : folder(std::move(where)), keys(ring), access(mode) {}

  // Waits for the turn to write, which ends with the lock; loads what others wrote meanwhile.
  Result<std::optional<FileLock>> take_turn();
  Status reload();
  Status start_empty();
  Status load();
  Status load_base(RecordPosition first);
  Status drop_uncovered(RecordPosition covered, RecordPosition end);
  Status fold(const SegmentRecord& record);
  Status rebuild(std::uint64_t size);
  void keep_hashes(const std::vector<Digest>& stored);
  Status check_copy(const Result<std::string>& text) const;
  void write_copy() const;
  Result<RecordPosition> segment_with(std::uint64_t index, std::uint64_t& first_entry) const;
  Result<std::uint64_t> append(std::span<const AuditEntry> entries);
  Status stage(std::span<const AuditEntry> entries, merkle::Frontier& grown,
               std::vector<Digest>& stored);

  Path folder;
  const KeyRing& keys;
  Access access;
  registry::HashFile hashes;
  std::optional<SegmentLog> log;  // absent when read only
  merkle::Frontier frontier;      // of the entries under `latest`
  Checkpoint latest;
  std::string note;          // `latest`, signed
  mutable std::mutex mutex;  // guards all of the above
};

}  // namespace winnow
