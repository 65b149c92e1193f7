#include "store/detail/segment_format.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/digest.h"

namespace winnow::store {
namespace {

constexpr std::string_view kMagic{"WNSEG\0\1\n", 8};
constexpr std::string_view kSuffix = ".seg";
constexpr std::size_t kNameDigits = 10;

// Bound to its place: a record copied or moved elsewhere does not match.
std::uint64_t checksum_of(std::string_view head, std::string_view payload, RecordPosition at) {
  const std::uint64_t place[2] = {at.segment, at.offset};
  const auto seed = hash64({reinterpret_cast<const char*>(place), sizeof place});
  return hash64(payload, hash64(head, seed));
}

std::string record_head(std::uint32_t payload_bytes, RecordKind kind) {
  return ByteWriter().put(payload_bytes).put(kind).put_raw(std::string_view("\0\0\0", 3)).bytes();
}

std::optional<std::uint64_t> segment_of(const Path& path) {
  const auto name = path.filename().string();
  if (name.size() != kNameDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  std::uint64_t segment = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kNameDigits, segment);
  return error == std::errc() && end == name.data() + kNameDigits ? std::optional(segment)
                                                                  : std::nullopt;
}

}  // namespace

Path segment_path(const Path& folder, std::uint64_t segment) {
  return folder / fmt::format("{:0{}}{}", segment, kNameDigits, kSuffix);
}

Result<std::vector<std::uint64_t>> list_segments(const Path& folder) {
  std::vector<std::uint64_t> segments;
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return segments;
  WINNOW_TRY(const auto files, list_files(folder));
  for (const auto& file : files) {
    if (const auto segment = segment_of(file)) segments.push_back(*segment);
  }
  std::sort(segments.begin(), segments.end());
  for (std::size_t i = 1; i < segments.size(); ++i) {
    if (segments[i] == segments[i - 1] + 1) continue;
    return Error(Code::Corrupt,
                 fmt::format("'{}' is missing", segment_path(folder, segments[i - 1] + 1).string()))
        .with_hint("restore the workspace from a backup");
  }
  return segments;
}

std::string segment_header(const SegmentHeader& header) {
  ByteWriter out;
  out.put_raw(kMagic).put(header.segment).put(header.previous_bytes);
  const auto checksum = hash64(out.bytes());
  return out.put(checksum).bytes();
}

Result<SegmentHeader> read_segment_header(std::string_view bytes, const Path& path) {
  ByteReader in(bytes.substr(0, kSegmentHeaderBytes));
  const auto magic = in.get_raw(kMagic.size());
  SegmentHeader header;
  header.segment = in.get<std::uint64_t>();
  header.previous_bytes = in.get<std::uint64_t>();
  const auto checksum = in.get<std::uint64_t>();
  if (!in.ok() || magic != kMagic ||
      checksum != hash64(bytes.substr(0, kSegmentHeaderBytes - sizeof checksum)) ||
      segment_of(path) != header.segment) {
    return Error(Code::Corrupt,
                 fmt::format("'{}' is damaged at byte 0: its header is not that of a segment",
                             path.string()))
        .with_hint("restore the workspace from a backup");
  }
  return header;
}

void append_record(std::string& out, RecordPosition at, RecordKind kind, std::string_view payload) {
  const auto head = record_head(static_cast<std::uint32_t>(payload.size()), kind);
  out.append(ByteWriter().put_raw(head).put(checksum_of(head, payload, at)).bytes());
  out.append(payload);
}

std::string hole_head(RecordPosition at, std::uint32_t bytes) {
  const auto head = record_head(bytes, kHole);
  return ByteWriter().put_raw(head).put(checksum_of(head, {}, at)).bytes();
}

std::optional<SegmentRecord> record_in_front(std::string_view bytes, RecordPosition at) {
  ByteReader in(bytes);
  const auto payload_bytes = in.get<std::uint32_t>();
  const auto kind = in.get<RecordKind>();
  in.get_raw(3);
  const auto checksum = in.get<std::uint64_t>();
  const auto payload = in.get_raw(payload_bytes);
  if (!in.ok()) return std::nullopt;
  const auto head = bytes.substr(0, kRecordHeaderBytes - sizeof checksum);
  const auto covered = kind == kHole ? std::string_view() : payload;
  if (checksum != checksum_of(head, covered, at)) return std::nullopt;
  return SegmentRecord{at, kind, payload};
}

std::optional<SegmentRecord> record_at(std::string_view segment_bytes, RecordPosition at) {
  if (at.offset > segment_bytes.size()) return std::nullopt;
  return record_in_front(segment_bytes.substr(at.offset), at);
}

bool durable_behind(std::string_view segment_bytes, RecordPosition at) {
  const auto head = record_head(0, kDurableMarker);
  for (auto found = segment_bytes.find(head, at.offset + 1); found != std::string_view::npos;
       found = segment_bytes.find(head, found + 1)) {
    if (record_at(segment_bytes, {at.segment, found})) return true;
  }
  return false;
}

Error damaged_record(const Path& path, RecordPosition at) {
  return Error(Code::Corrupt,
               fmt::format(
                   "'{}' is damaged at byte {}: the record there does not match its check sum",
                   path.string(), at.offset))
      .with_hint("restore the workspace from a backup");
}

}  // namespace winnow::store
