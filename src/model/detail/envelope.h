// What every binary form of this folder is wrapped in: magic, version, length, payload, check sum.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow {

// `magic` has 8 characters and names the kind of content.
std::string seal(std::string_view magic, std::uint32_t version, std::string_view payload);

// The payload, a view into `bytes`. Errors: InvalidArgument (another kind of content), Unsupported
// (a version other than `version`), Corrupt (the length or the check sum is wrong).
Result<std::string_view> unseal(std::string_view magic, std::uint32_t version,
                                std::string_view bytes);

}  // namespace winnow
