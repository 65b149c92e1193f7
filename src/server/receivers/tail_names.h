// Which files are to be followed: what patterns name now, and where what was renamed has gone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "server/receivers/tail_position.h"

namespace winnow::server {

// What patterns of glob(7) name, but for what rotation packed.
std::vector<std::string> files_matching(const std::vector<std::string>& patterns);
// Whether rotation packed it: a name that ends in .gz, .bz2, .xz, .zst or .zip.
bool is_packed(std::string_view path);
// Of the regular file at `path`.
std::optional<FileId> file_id_of(const std::string& path);
// Under which name a file of `folder` is found now.
std::optional<std::string> name_of(const FileId& id, const Path& folder);

}  // namespace winnow::server
