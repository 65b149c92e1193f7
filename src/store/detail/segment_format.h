// The bytes of a segment file: docs/formats/segments.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "store/segment_log.h"

namespace winnow::store {

inline constexpr std::uint64_t kSegmentHeaderBytes = kFirstRecordOffset;
inline constexpr std::uint64_t kRecordHeaderBytes = 16;
inline constexpr std::uint64_t kMaxSegmentFileBytes = 8UL << 30;
// Follows a batch once the batch is known to be on disk.
inline constexpr RecordKind kDurableMarker = 255;
// Room of what was given up: its payload says nothing, and its check sum does not cover it.
inline constexpr RecordKind kHole = 254;

Path segment_path(const Path& folder, std::uint64_t segment);
// The segments in a folder, ascending. Errors: Corrupt (one between them is missing), Unavailable.
Result<std::vector<std::uint64_t>> list_segments(const Path& folder);

struct SegmentHeader {
  std::uint64_t segment = 0;
  std::uint64_t previous_bytes = 0;  // size of the whole segment before it; 0 for the first
};
std::string segment_header(const SegmentHeader& header);
Result<SegmentHeader> read_segment_header(std::string_view bytes,
                                          const Path& path);  // Errors: Corrupt

std::string hole_head(RecordPosition at, std::uint32_t bytes);  // of a hole; its bytes follow
void append_record(std::string& out, RecordPosition at, RecordKind kind, std::string_view payload);
// The record that `bytes` begin with, which stand at `at`; nothing when none does.
std::optional<SegmentRecord> record_in_front(std::string_view bytes, RecordPosition at);
// The record that begins at `at` in the bytes of its segment; nothing when none does.
std::optional<SegmentRecord> record_at(std::string_view segment_bytes, RecordPosition at);
// Whether a marker behind `at` says that what stands at `at` had reached the disk.
bool durable_behind(std::string_view segment_bytes, RecordPosition at);

Error damaged_record(const Path& path, RecordPosition at);

}  // namespace winnow::store
