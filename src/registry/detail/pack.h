// Many small objects in one immutable file with an index: docs/formats/objects.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"

namespace winnow::registry {

struct PackItem {
  Digest digest;
  std::string_view bytes;  // borrowed
};
// The bytes of a pack; the items are sorted by it and have different digests.
std::string pack_text(std::vector<PackItem> items);

// A view of a pack file, mapped. Thread-safe.
class Pack {
 public:
  // Errors: Corrupt (not a pack, or its index is damaged), NotFound, Unavailable.
  static Result<Pack> open(const Path& path);

  const Path& path() const { return path_; }
  std::uint64_t size() const { return count_; }
  Digest digest_at(std::uint64_t i) const;           // ascending
  std::string_view bytes_at(std::uint64_t i) const;  // as stored: their digest is not verified
  std::optional<std::string_view> find(const Digest& digest) const;

 private:
  Pack(Path path, MappedFile file, std::uint64_t count, std::uint64_t index_at)
      : path_(std::move(path)), file_(std::move(file)), count_(count), index_at_(index_at) {}
  struct Entry;
  Entry entry_at(std::uint64_t i) const;
  Path path_;
  MappedFile file_;
  std::uint64_t count_;
  std::uint64_t index_at_;
};

}  // namespace winnow::registry
