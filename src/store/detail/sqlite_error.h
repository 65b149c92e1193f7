// SQLite's result codes as errors of ours.
#pragma once

#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace winnow::store {

// The error of the last call on `database`, which gave `result`.
Error sqlite_error(sqlite3* database, int result, std::string_view tried);

}  // namespace winnow::store
