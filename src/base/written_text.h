// Texts that people write: checked once, where they come in, before they are recorded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow {

// The text without outer blanks. Errors: InvalidArgument (empty, longer than `most` bytes, not
// UTF-8, control characters other than line ends and tabs), naming `what`.
Result<std::string> written_text(std::string_view text, std::size_t most, std::string_view what);

// The same of one line. Errors: as above.
Result<std::string> written_line(std::string_view text, std::size_t most, std::string_view what);

}  // namespace winnow
