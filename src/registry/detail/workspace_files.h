// Where a workspace keeps what.
#pragma once

#include <string_view>

#include "base/file.h"

namespace winnow::registry {

inline constexpr std::string_view kFormat = "winnow workspace 1\n";
inline Path data_folder(const Path& workspace) { return workspace / "data"; }
inline Path format_path(const Path& workspace) { return data_folder(workspace) / "format"; }
inline Path lock_path(const Path& workspace) { return data_folder(workspace) / "lock"; }

}  // namespace winnow::registry
