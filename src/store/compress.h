// Zstandard (RFC 8878) and gzip (RFC 1952), bounded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow {

// One frame with its content size and check sum; the same bytes for the same input, level and
// library.
std::string compress(std::string_view bytes, int level = 3);

// The content of the frames in `bytes`, at most `max_bytes` of it, whatever the frames claim.
// Errors: Exhausted (it would be larger), Corrupt.
Result<std::string> decompress(std::string_view bytes, std::uint64_t max_bytes);

// What a client sent as one or more gzip members, at most `max_bytes` of it. Errors: as
// decompress().
Result<std::string> gunzip(std::string_view bytes, std::uint64_t max_bytes);

enum class Packing : std::uint8_t { Gzip, Zstd };
std::string_view name_of(Packing packing);                  // "gzip", "zstd"
std::optional<Packing> packing_of(std::string_view bytes);  // as their first bytes say

// Unpacks gzip members or zstd frames that arrive in pieces, in memory that does not grow with
// them. Not thread-safe.
class Unpacker {
 public:
  static std::unique_ptr<Unpacker> of(Packing packing);
  virtual ~Unpacker() = default;

  // Appends to `out` what the front of `packed` holds, at most `max_bytes` of it, and tells how
  // many bytes of `packed` that took. With an empty `packed`: what is still held back, if anything.
  // Errors: Corrupt (what comes before the damage is in `out` all the same).
  virtual Result<std::size_t> unpack(std::string_view packed, std::string& out,
                                     std::size_t max_bytes) = 0;
  // Whether all that was taken ends where a member or frame ends: nothing is missing then.
  virtual bool is_whole() const = 0;
};

}  // namespace winnow
