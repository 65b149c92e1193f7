// A file that holds a secret.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace winnow::cli {

// At most 4 KiB. Warns when everybody on this machine may read it. Errors: of reading, naming
// `key`.
Result<std::string> read_secret_file(const Path& file, std::string_view key);

}  // namespace winnow::cli
