#include "registry/workspace.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "registry/content_state.h"
#include "registry/detail/workspace_files.h"

namespace winnow {
namespace {

using registry::data_folder;

Status check_format(const Path& folder) {
  const auto text = read_file(registry::format_path(folder), 1000);
  if (!text) {
    return Error(Code::NotFound, fmt::format("'{}' is not a workspace", folder.string()))
        .with_hint("winnow init makes one");
  }
  if (*text == registry::kFormat) return {};
  return Error(Code::Unsupported,
               fmt::format("the workspace '{}' has the format '{}', this Winnow knows '{}'",
                           folder.string(), trim_ascii(*text), trim_ascii(registry::kFormat)))
      .with_hint("use the version of Winnow that made it");
}

Result<bool> is_empty_but_for_content(const Path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator it(folder, error), end;
  for (; !error && it != end; it.increment(error)) {
    if (it->path().filename() != "content" && !it->path().filename().string().starts_with(".git"))
      return false;
  }
  if (error) return system_error(fmt::format("listing '{}'", folder.string()), error.value());
  return true;
}

}  // namespace

// The format file comes last: a folder without it is no workspace yet, and init may be run again.
Status Workspace::init(const Path& folder, std::string_view configuration, const Clock& clock) {
  std::error_code ignored;
  if (std::filesystem::exists(registry::format_path(folder), ignored)) {
    return Error(Code::AlreadyExists, fmt::format("'{}' is a workspace already", folder.string()));
  }
  WINNOW_TRY(make_folders(folder));
  WINNOW_TRY(const bool usable, is_empty_but_for_content(folder));
  const bool half_made = std::filesystem::exists(data_folder(folder), ignored);
  if (!usable && !half_made) {
    return Error(Code::AlreadyExists, fmt::format("'{}' is not empty", folder.string()))
        .with_hint("choose a new folder, or one that holds only content/");
  }
  WINNOW_TRY(make_folders(folder / "content"));
  WINNOW_TRY(make_folders(data_folder(folder)));
  WINNOW_TRY(const auto lock,
             FileLock::acquire(registry::lock_path(folder), FileLock::Mode::Exclusive));
  if (!std::filesystem::exists(folder / "winnow.yaml", ignored)) {
    WINNOW_TRY(write_atomically(folder / "winnow.yaml", configuration));
  }
  WINNOW_TRY(Registry::open(data_folder(folder), clock, Access::ReadWrite));
  return write_atomically(registry::format_path(folder), registry::kFormat);
}

Result<std::unique_ptr<Workspace>> Workspace::open(const Path& folder, Access access,
                                                   const Clock& clock, Company company) {
  WINNOW_TRY(check_format(folder));
  WINNOW_TRY(auto lock, FileLock::acquire(registry::lock_path(folder),
                                          company == Company::Others ? FileLock::Mode::Shared
                                                                     : FileLock::Mode::Exclusive));
  WINNOW_TRY(auto registry, Registry::open(data_folder(folder), clock, access));
  return std::make_unique<Workspace>(Private(), folder, std::move(lock), std::move(registry));
}

Result<CodeState> Workspace::code() const { return content_state(content()); }

Result<Path> find_workspace(const Path& from) {
  std::error_code error;
  for (Path at = std::filesystem::absolute(from, error).lexically_normal();;
       at = at.parent_path()) {
    if (std::filesystem::exists(registry::format_path(at), error)) return at;
    if (at == at.parent_path()) break;
  }
  return Error(Code::NotFound,
               fmt::format("neither '{}' nor a folder above it is a workspace", from.string()))
      .with_hint("winnow init makes one");
}

}  // namespace winnow
