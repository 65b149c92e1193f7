// How far a tailed file was read, and how it is known again: by device and inode, and by a digest
// of its first bytes, because inodes are used again.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "ingest/records/log_header.h"

namespace winnow::server {

struct FileId {
  std::uint64_t device = 0, inode = 0;
  auto operator<=>(const FileId&) const = default;
};

struct TailPosition {
  static constexpr std::uint64_t kHeadBytes = 1024;
  std::uint64_t offset = 0;  // behind the last line that is on disk
  Digest head;               // of the first min(offset, kHeadBytes) bytes
  std::string path;          // where it was last
  LogHeader header{};        // above the lines that come next
};
struct TailPositions {
  std::map<FileId, TailPosition> files;
  // What was read of events that have not ended (LineJoiner::state()), by their log's path.
  std::map<std::string, std::string> open_events = {};
};

// An absent file holds none. Errors: Corrupt, of reading.
Result<TailPositions> read_positions(const Path& file);
// Durable when it returns. Errors: as write_atomically().
Status write_positions(const Path& file, const TailPositions& positions);

}  // namespace winnow::server
