// Universal Binary JSON, draft 12 (ubjson.org), as XGBoost writes it.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace winnow {

struct UbjsonLimits {
  std::size_t max_values = 16UL << 20;  // memory is bounded by about 40 bytes each
  unsigned max_depth = 64;
};

// Reads one document. Errors: InvalidArgument (malformed, or a type that is not used there: high
// precision numbers, containers of null or booleans without payload), Exhausted (a limit).
Result<Json> parse_ubjson(std::string_view bytes, const UbjsonLimits& limits = {});

}  // namespace winnow
