// What the parts of the registry share: the actions they put on record, and how a row is found.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "store/sqlite.h"

namespace winnow::registry {

inline constexpr std::string_view kArtifactAdded = "artifact.added";
inline constexpr std::string_view kBundleAdded = "bundle.added";
inline constexpr std::string_view kRunRecorded = "run.recorded";
inline constexpr std::string_view kKeysRotated = "keys.rotated";

// The one text that `query` yields. Errors: NotFound; Conflict (several), naming `what` and
// `wanted`.
Result<std::string> only_text(SqliteStatement& query, std::string_view what,
                              std::string_view wanted);

}  // namespace winnow::registry
