#include "server/receivers/tail_names.h"

#include <algorithm>
#include <array>

#include <glob.h>
#include <sys/stat.h>

namespace winnow::server {

bool is_packed(std::string_view path) {
  static constexpr std::array<std::string_view, 5> kEnds = {".gz", ".bz2", ".xz", ".zst", ".zip"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return path.ends_with(end); });
}

std::vector<std::string> files_matching(const std::vector<std::string>& patterns) {
  std::vector<std::string> found;
  for (const auto& pattern : patterns) {
    glob_t names{};
    if (::glob(pattern.c_str(), 0, nullptr, &names) == 0)
      found.insert(found.end(), names.gl_pathv, names.gl_pathv + names.gl_pathc);
    ::globfree(&names);
  }
  std::erase_if(found, is_packed);
  return found;
}

std::optional<FileId> file_id_of(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  return FileId{about.st_dev, about.st_ino};
}

std::optional<std::string> name_of(const FileId& id, const Path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (file_id_of(at->path().string()) == id) return at->path().string();
  }
  return std::nullopt;
}

}  // namespace winnow::server
