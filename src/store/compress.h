// Zstandard (RFC 8878) and gzip (RFC 1952), bounded.
#pragma once

#include <cstdint>
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

}  // namespace winnow
