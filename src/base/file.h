// Files: bounded reading, atomic and durable writing, locks between processes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"

namespace winnow {

using Path = std::filesystem::path;

// The error of a failed system call: `errno` said what, `tried` says what for.
// ENOENT is NotFound, EEXIST AlreadyExists, EACCES and EPERM Denied, ENOSPC and EDQUOT Exhausted,
// else Unavailable.
Error system_error(std::string tried, int error_number);

// Errors: NotFound, Denied, Exhausted (larger than `max_bytes`), Unavailable.
Result<std::string> read_file(const Path& path, std::uint64_t max_bytes);

// Replaces or creates `path` so that a crash at any moment leaves the old file or the new one,
// whole: temporary file, fsync, rename, fsync of the folder. Errors: Denied, Exhausted,
// Unavailable.
Status write_atomically(const Path& path, std::string_view bytes);

Status make_folders(const Path& path);  // all missing ones, durable. Errors: Denied, Unavailable
// Gives a folder another name in the same file system, durably. Errors: AlreadyExists, NotFound,
// Denied, Unavailable.
Status rename_folder(const Path& from, const Path& to);
// Two folders of one file system swap their names, at once: at no moment is either name without a
// folder. Errors: NotFound, Denied, Unavailable.
Status exchange_folders(const Path& one, const Path& other);
Status sync_folder(const Path& path);  // makes renames and new names in it durable
// Makes everything durable that was written to the file system of `path`, by anybody: cheaper than
// one sync a file from some dozens of files on. Errors: Unavailable.
Status sync_filesystem(const Path& path);

// The regular files below `folder`, sorted by path; symbolic links are not followed.
Result<std::vector<Path>> list_files(const Path& folder);

// A file, or standard input, opened for reading front to back, in memory that does not grow with
// it.
class InputFile {
 public:
  static Result<InputFile> open(const Path& path);
  static InputFile standard_input();
  ~InputFile();
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;

  // Appends up to `max_bytes` to `out`; 0 at the end. Errors: Unavailable.
  Result<std::size_t> read_some(std::string& out, std::size_t max_bytes);
  std::uint64_t size_hint() const;  // bytes, 0 where unknown (a pipe)

 private:
  explicit InputFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// A file in the making: written front to back under a temporary name, removed when destroyed before
// rename_to(). For files that are large, many, or not for everybody to read.
class NewFile {
 public:
  // `path` must not exist. Errors: AlreadyExists, Denied, Exhausted, Unavailable.
  static Result<NewFile> create(const Path& path, unsigned mode = 0644);
  ~NewFile();
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;

  Status append(std::string_view bytes);  // Errors: Exhausted (disk full), Unavailable
  // Bytes that read as zeros, and take no room where the file system knows holes.
  Status skip(std::uint64_t bytes);
  Status sync();   // its content, not yet its name
  Status close();  // frees the descriptor; rename_to() may follow
  // Replaces `path`, in the same file system; durable once its folder is synced.
  Status rename_to(const Path& path);

 private:
  NewFile(int descriptor, Path path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_;
  Path path_;  // empty: renamed, or moved from
  std::uint64_t size_ = 0;
};

// A file that only grows: appends go to the end, sync() makes them durable. One writer.
class AppendFile {
 public:
  static Result<AppendFile> open(const Path& path);  // created if absent
  ~AppendFile();
  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&& other) noexcept;

  std::uint64_t size() const { return size_; }
  // A failed append leaves size() as it was; what it wrote in part is overwritten by the next one.
  Status append(std::string_view bytes);  // Errors: Exhausted (disk full), Unavailable
  Status sync();                          // fdatasync. Errors: Unavailable
  Status truncate(std::uint64_t size);
  Result<std::string> read(std::uint64_t at,
                           std::size_t bytes) const;  // Errors: Corrupt (ends early)

 private:
  AppendFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  int descriptor_;
  std::uint64_t size_;
};

// A read-only view of a whole file; valid while it lives. The file must not shrink meanwhile.
class MappedFile {
 public:
  static Result<MappedFile> open(const Path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}
  const char* data_;
  std::size_t size_;
};

// An advisory lock between processes, held until destroyed. The kernel releases it when a process
// dies.
class FileLock {
 public:
  enum class Mode { Shared, Exclusive };
  // Waits up to `patience` for others to let go of it. Errors: Conflict (somebody else holds it;
  // the message names their process where it holds it alone), Denied, Unavailable.
  static Result<FileLock> acquire(const Path& path, Mode mode, Duration patience = {});
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Durability tests fail or stop at each write in turn: called with the name of the step before
// every write, sync and rename of this module; a returned error is what the step then fails with.
// Not thread-safe to change while files are in use; empty by default.
using WriteFault = std::function<Status(std::string_view step, const Path& path)>;
void set_write_fault(WriteFault fault);

}  // namespace winnow
