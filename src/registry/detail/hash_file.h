// The hashes of a log's Merkle tree in their stored order (merkle.h), 32 bytes each. All of it can
// be computed from the entries again, so it is never synced and never trusted: whoever opens it
// compares.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "store/access.h"

namespace winnow::registry {

class HashFile {
 public:
  HashFile() : HashFile(std::nullopt, Access::ReadOnly, 0) {}  // no file, and no hashes
  // For ReadOnly an absent file is an empty one, and what is appended stays in memory.
  static Result<HashFile> open(const Path& path, Access access);

  std::uint64_t size() const;                      // hashes
  Result<Digest> read(std::uint64_t index) const;  // Errors: Corrupt (behind the end)
  // Never fails: what the disk does not take now stays in memory until it does.
  void append(const std::vector<Digest>& hashes);
  void resize(std::uint64_t hashes);  // drops those behind

 private:
  HashFile(std::optional<AppendFile> file, Access access, std::uint64_t in_file)
      : file_(std::move(file)), access_(access), in_file_(in_file) {}
  std::optional<AppendFile> file_;
  Access access_;
  std::uint64_t in_file_;          // hashes that stand in the file
  std::vector<Digest> in_memory_;  // those behind them
};

}  // namespace winnow::registry
