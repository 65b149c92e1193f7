#include "ingest/records/folder_source.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ingest/records/log_source.h"

namespace winnow {
namespace {

using std::filesystem::file_type;

file_type type_of(const Path& path) {
  std::error_code error;
  return std::filesystem::symlink_status(path, error).type();
}

// Read as it is, whatever it says of itself; damage is told at the end of all files.
Result<std::unique_ptr<RecordSource>> open_log_in_folder(const Path& path,
                                                         const ReadLimits& limits) {
  auto opened = open_log_file(path, limits);
  if (opened || opened.error().code() != Code::Unsupported) return opened;
  return open_unusable_file(path, opened.error().text(), limits);
}

}  // namespace

bool FolderSource::is_maildir(const Path& folder) const {
  return of_ == Of::Mails && type_of(folder / "cur") == file_type::directory &&
         type_of(folder / "new") == file_type::directory;
}

Result<std::unique_ptr<FolderSource>> FolderSource::open(const Path& folder,
                                                         std::optional<InputFormat> format,
                                                         const ReadLimits& limits) {
  std::unique_ptr<FolderSource> source(new FolderSource(Of::Mails, format, limits));
  // Given by name, a Maildir's own `cur` holds mails whatever they are called.
  const auto name = folder.filename();
  const bool holds_mails = (name == "cur" || name == "new") &&
                           source->is_maildir(std::filesystem::absolute(folder).parent_path());
  WINNOW_TRY(source->enter(folder, holds_mails));
  return source;
}

Result<std::unique_ptr<FolderSource>> FolderSource::of_logs(const Path& folder,
                                                            const ReadLimits& limits) {
  std::unique_ptr<FolderSource> source(new FolderSource(Of::Logs, std::nullopt, limits));
  WINNOW_TRY(source->enter(folder, false));
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
    if (of_ == Of::Logs) {
      auto opened = open_log_in_folder(path, limits_);
      if (!opened && keep_damage(opened.error())) continue;
      WINNOW_TRY(file_, std::move(opened));
      return true;
    }
    const auto format = level.holds_mails ? std::optional(InputFormat::Mail) : format_;
    WINNOW_TRY(file_, open_file_in_folder(path, format, limits_));
    return true;
  }
  return false;
}

bool FolderSource::keep_damage(const Error& error) {
  if (of_ != Of::Logs || error.code() != Code::Corrupt) return false;
  if (damaged_++ == 0) damage_ = error;
  return true;
}

// False at its end, also where that is a damaged place.
Result<bool> FolderSource::next_of_file(RawRecord& out) {
  auto found = file_->next(out);
  if (!found && keep_damage(found.error())) return false;
  return found;
}

Result<bool> FolderSource::next(RawRecord& out) {
  for (;;) {
    if (file_) {
      WINNOW_TRY(const bool found, next_of_file(out));
      if (found) return true;
      read_before_ += file_->bytes_read();
      file_.reset();
    }
    WINNOW_TRY(const bool opened, open_next_file());
    if (opened) continue;
    if (!damage_) return false;
    const auto error = *std::exchange(damage_, std::nullopt);
    return damaged_ == 1 ? error
                         : error.with_context(fmt::format("{} damaged files, the first", damaged_));
  }
}

std::uint64_t FolderSource::bytes_read() const {
  return read_before_ + (file_ ? file_->bytes_read() : 0);
}

}  // namespace winnow
