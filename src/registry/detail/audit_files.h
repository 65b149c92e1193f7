// Where an audit log keeps what: docs/formats/audit-log.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"
#include "registry/checkpoint.h"
#include "store/segment_log.h"

namespace winnow::registry {

inline constexpr RecordKind kEntryRecord = 0;
inline constexpr RecordKind kCheckpointRecord = 1;
inline constexpr std::uint64_t kMaxCheckpointBytes = 1UL << 16;

inline Path entries_folder(const Path& log) { return log / "entries"; }
inline Path hashes_path(const Path& log) { return log / "hashes"; }
inline Path turn_path(const Path& log) { return log / "lock"; }
inline Path checkpoint_path(const Path& log) { return log / "checkpoint"; }

}  // namespace winnow::registry
