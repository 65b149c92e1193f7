// A request's body as it was before the client packed it.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "http/request.h"

namespace winnow::server {

enum class Coding { Identity, Gzip, Zstd };

// What the content-encoding field says; nothing for a coding that is not known, or several.
std::optional<Coding> coding_of(const http::Request& request);

// Unpacks at most `max_bytes`, and no more than a text of that size can honestly unpack to: a bomb
// is refused early. Errors: Exhausted (it would be larger), Corrupt.
Result<std::string> unpack(Coding coding, std::string_view packed, std::size_t max_bytes);

// Takes the first line off `text`: without what is blank at its ends.
std::string_view take_line(std::string_view& text);

// Whether the content-type field names `media_type`, whatever its parameters.
bool has_type(const http::Request& request, std::string_view media_type);

}  // namespace winnow::server
