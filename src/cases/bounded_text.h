// How long texts about cases may be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/written_text.h"

namespace winnow::cases {

inline constexpr std::size_t kMaxNoteBytes = 8000, kMaxReasonBytes = 1000, kMaxNameBytes = 64;

// The name of a person or program: one line. Errors: of written_line().
Result<std::string> written_name(std::string_view text, std::string_view what);

// Valid UTF-8 of at most `most` bytes, for texts that come from mails and only need to be safe.
std::string bounded(std::string_view text, std::size_t most);

}  // namespace winnow::cases
