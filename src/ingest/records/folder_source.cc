#include "ingest/records/folder_source.h"

#include <algorithm>

namespace winnow {
namespace {

using std::filesystem::file_type;

file_type type_of(const Path& path) {
  std::error_code error;
  return std::filesystem::symlink_status(path, error).type();
}

bool is_maildir(const Path& folder) {
  return type_of(folder / "cur") == file_type::directory &&
         type_of(folder / "new") == file_type::directory;
}

}  // namespace

Result<std::unique_ptr<FolderSource>> FolderSource::open(const Path& folder,
                                                         std::optional<InputFormat> format,
                                                         const ReadLimits& limits) {
  std::unique_ptr<FolderSource> source(new FolderSource(format, limits));
  // Given by name, a Maildir's own `cur` holds mails whatever they are called.
  const auto name = folder.filename();
  const bool holds_mails = (name == "cur" || name == "new") &&
                           is_maildir(std::filesystem::absolute(folder).parent_path());
  WINNOW_TRY(source->enter(folder, holds_mails));
  return source;
}

Status FolderSource::enter(const Path& folder, bool holds_mails) {
  Level level{.folder = folder, .names = {}, .holds_mails = holds_mails};
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error), end;
  const bool maildir = is_maildir(folder);
  for (; !error && entry != end; entry.increment(error)) {
    auto name = entry->path().filename().string();
    const auto type = type_of(entry->path());
    const bool folder_below = type == file_type::directory;
    // Maildir++ keeps its subfolders as hidden folders beside cur and new.
    const bool hidden = name.starts_with('.') && !(maildir && folder_below);
    const bool wanted =
        folder_below ? !(maildir && name == "tmp") : type == file_type::regular && !maildir;
    if (hidden || !wanted) {
      skipped_ += folder_below ? 0 : 1;
    } else {
      level.names.push_back(std::move(name));
    }
  }
  if (error) return system_error("listing '" + folder.string() + "'", error.value());
  std::ranges::sort(level.names, std::greater());
  levels_.push_back(std::move(level));
  return {};
}

Result<bool> FolderSource::open_next_file() {
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.names.empty()) {
      levels_.pop_back();
      continue;
    }
    const auto name = std::move(level.names.back());
    level.names.pop_back();
    const Path path = level.folder / name;
    if (type_of(path) == file_type::directory) {
      const bool mails = (name == "cur" || name == "new") && is_maildir(level.folder);
      WINNOW_TRY(enter(path, mails));
      continue;
    }
    const auto format = level.holds_mails ? std::optional(InputFormat::Mail) : format_;
    WINNOW_TRY(file_, open_file_in_folder(path, format, limits_));
    return true;
  }
  return false;
}

Result<bool> FolderSource::next(RawRecord& out) {
  for (;;) {
    if (file_) {
      WINNOW_TRY(const bool found, file_->next(out));
      if (found) return true;
      read_before_ += file_->bytes_read();
      file_.reset();
    }
    WINNOW_TRY(const bool opened, open_next_file());
    if (!opened) return false;
  }
}

std::uint64_t FolderSource::bytes_read() const {
  return read_before_ + (file_ ? file_->bytes_read() : 0);
}

}  // namespace winnow
