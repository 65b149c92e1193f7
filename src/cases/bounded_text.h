// Texts that people write: checked once, here, before they are recorded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow::cases {

inline constexpr std::size_t kMaxNoteBytes = 8000, kMaxReasonBytes = 1000, kMaxNameBytes = 64;

// The text without outer blanks. Errors: InvalidArgument (empty, longer than `most` bytes, not
// UTF-8, control characters other than line ends and tabs), naming `what`.
Result<std::string> written_text(std::string_view text, std::size_t most, std::string_view what);

// The name of a person or program: one line. Errors: as above.
Result<std::string> written_name(std::string_view text, std::string_view what);

// Valid UTF-8 of at most `most` bytes, for texts that come from mails and only need to be safe.
std::string bounded(std::string_view text, std::size_t most);

}  // namespace winnow::cases
