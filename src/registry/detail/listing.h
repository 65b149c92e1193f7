// What the parts of the registry share: the actions they put on record, and how a row is found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
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

// All that `query` yields, a record of JSON a row, as `read` reads it. Errors: of both.
template <typename T>
Result<std::vector<T>> all_of(SqliteStatement& query, Result<T> (*read)(const Json&)) {
  std::vector<T> found;
  for (;;) {
    WINNOW_TRY(const bool more, query.next());
    if (!more) return found;
    std::string record;
    WINNOW_TRY(query.read(record));
    WINNOW_TRY(const auto json, parse_json(record));
    WINNOW_TRY(auto one, read(json));
    found.push_back(std::move(one));
  }
}

}  // namespace winnow::registry
