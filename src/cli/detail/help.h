// What --help says of a command.
#pragma once

#include <string>

#include "cli/command.h"

namespace winnow::cli {

// Usage, summary, details, options, and the example as its end; at most `width` columns where words
// allow it.
std::string help_page(const Command& command, std::size_t width);

}  // namespace winnow::cli
