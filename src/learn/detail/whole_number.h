// Counts of a training plan, which may be anything that a user wrote.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/json.h"

namespace winnow::learn {

inline constexpr std::uint32_t kMostCount = 1U << 20;  // trees, rounds: no training needs more

// The member `key`; beyond [0, `most`] the nearest of them, for who checks it to refuse or bear.
// Errors: InvalidArgument (it is no whole number).
inline Result<std::uint32_t> need_count(const Json& json, std::string_view key,
                                        std::uint32_t most) {
  WINNOW_TRY(const auto value, json.need_int(key));
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(value, 0, most));
}

}  // namespace winnow::learn
