#include "base/file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace winnow {
namespace {

// The one global of this module, and only for tests (see set_write_fault).
WriteFault& write_fault() {
  static WriteFault fault;
  return fault;
}

Status check_fault(std::string_view step, const Path& path) {
  return write_fault() ? write_fault()(step, path) : Status();
}

// Retries what a signal interrupted.
template <typename Call>
auto without_interruption(Call call) {
  decltype(call()) result;
  do result = call();
  while (result < 0 && errno == EINTR);
  return result;
}

Result<int> open_descriptor(const Path& path, int flags, unsigned mode = 0644) {
  const int descriptor =
      without_interruption([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
  if (descriptor < 0) return system_error(fmt::format("opening '{}'", path.string()), errno);
  return descriptor;
}

// `path` is asked where something goes wrong only: it costs a look-up in /proc.
template <typename PathOf>
Status write_at(int descriptor, std::string_view bytes, std::uint64_t at, PathOf path) {
  while (!bytes.empty()) {
    const auto written = without_interruption(
        [&] { return ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(at)); });
    if (written < 0) return system_error(fmt::format("writing '{}'", path().string()), errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::uint64_t>(written);
  }
  return {};
}

void close_descriptor(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

std::uint64_t size_of(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && status.st_size > 0
             ? static_cast<std::uint64_t>(status.st_size)
             : 0;
}

Path path_of(int descriptor) {
  std::error_code ignored;
  return std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", descriptor), ignored);
}

// Whatever happens after the temporary file exists, it does not stay behind.
class Temporary {
 public:
  explicit Temporary(Path path) : path_(std::move(path)) {}
  ~Temporary() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  const Path& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  Path path_;
};

}  // namespace

Error system_error(std::string tried, int error_number) {
  Code code = Code::Unavailable;
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      code = Code::NotFound;
      break;
    case EEXIST:
      code = Code::AlreadyExists;
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      code = Code::Denied;
      break;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENOMEM:
      code = Code::Exhausted;
      break;
    default:
      break;
  }
  Error error(code, fmt::format("{} failed: {}", tried, std::strerror(error_number)));
  if (error_number == ENOSPC || error_number == EDQUOT) {
    return std::move(error).with_hint("free disk space, then run the same command again");
  }
  return error;
}

void set_write_fault(WriteFault fault) { write_fault() = std::move(fault); }

Result<std::string> read_file(const Path& path, std::uint64_t max_bytes) {
  WINNOW_TRY(InputFile file, InputFile::open(path));
  std::string bytes;
  const auto size = file.size_hint();
  bytes.reserve(std::min(size, max_bytes) + 1);
  for (;;) {
    // Room for what is left and the end behind it: a large buffer for each small file costs more
    // than reading it.
    const auto left = size > bytes.size() ? size - bytes.size() : 0;
    WINNOW_TRY(const auto got,
               file.read_some(bytes, std::clamp<std::uint64_t>(left + 1, 512, 1UL << 20)));
    if (bytes.size() > max_bytes) {
      return Error(Code::Exhausted, fmt::format("'{}' is larger than the {} bytes allowed",
                                                path.string(), max_bytes));
    }
    if (got == 0) return bytes;
  }
}

Status write_atomically(const Path& path, std::string_view bytes) {
  // The process id keeps two processes apart, the address two threads.
  const char here = 0;
  Temporary temporary(path.parent_path() / fmt::format(".{}.{}-{:x}.tmp", path.filename().string(),
                                                       ::getpid(),
                                                       reinterpret_cast<std::uintptr_t>(&here)));
  WINNOW_TRY(check_fault("create", path));
  WINNOW_TRY(int descriptor, open_descriptor(temporary.path(), O_WRONLY | O_CREAT | O_TRUNC));
  auto written = check_fault("write", path);
  if (written) written = write_at(descriptor, bytes, 0, [&] { return path; });
  if (written) written = check_fault("sync", path);
  if (written && without_interruption([&] { return ::fsync(descriptor); }) != 0) {
    written = system_error(fmt::format("writing '{}' to disk", path.string()), errno);
  }
  close_descriptor(descriptor);
  if (!written) return written;
  WINNOW_TRY(check_fault("rename", path));
  if (::rename(temporary.path().c_str(), path.c_str()) != 0) {
    return system_error(fmt::format("renaming to '{}'", path.string()), errno);
  }
  temporary.keep();
  return sync_folder(path.parent_path());
}

Status sync_folder(const Path& folder) {
  const Path path = folder.empty() ? Path(".") : folder;
  WINNOW_TRY(check_fault("sync folder", path));
  WINNOW_TRY(int descriptor, open_descriptor(path, O_RDONLY | O_DIRECTORY));
  const int synced = without_interruption([&] { return ::fsync(descriptor); });
  const int error = errno;
  close_descriptor(descriptor);
  if (synced != 0)
    return system_error(fmt::format("writing the folder '{}' to disk", path.string()), error);
  return {};
}

Status rename_folder(const Path& from, const Path& to) {
  WINNOW_TRY(check_fault("rename", to));
  // Unlike rename(), never replaces: an empty folder of that name may be somebody's.
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    return system_error(fmt::format("renaming to '{}'", to.string()), errno);
  }
  return sync_folder(to.parent_path());
}

Status exchange_folders(const Path& one, const Path& other) {
  WINNOW_TRY(check_fault("rename", other));
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) != 0) {
    return system_error(fmt::format("exchanging '{}' and '{}'", one.string(), other.string()),
                        errno);
  }
  WINNOW_TRY(sync_folder(one.parent_path()));
  return sync_folder(other.parent_path());
}

Status sync_filesystem(const Path& path) {
  WINNOW_TRY(check_fault("sync file system", path));
  WINNOW_TRY(int descriptor, open_descriptor(path, O_RDONLY));
  const int synced = without_interruption([&] { return ::syncfs(descriptor); });
  const int error = errno;
  close_descriptor(descriptor);
  if (synced != 0)
    return system_error(fmt::format("writing the file system of '{}' to disk", path.string()),
                        error);
  return {};
}

Status make_folders(const Path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  if (path.has_parent_path()) WINNOW_TRY(make_folders(path.parent_path()));
  WINNOW_TRY(check_fault("make folder", path));
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) {
    return system_error(fmt::format("making the folder '{}'", path.string()), errno);
  }
  return sync_folder(path.parent_path());
}

Result<std::vector<Path>> list_files(const Path& folder) {
  std::error_code error;
  std::vector<Path> files;
  std::filesystem::recursive_directory_iterator it(folder, error), end;
  for (; !error && it != end; it.increment(error)) {
    if (it->symlink_status(error).type() == std::filesystem::file_type::regular)
      files.push_back(it->path());
  }
  if (error) return system_error(fmt::format("listing '{}'", folder.string()), error.value());
  std::sort(files.begin(), files.end());
  return files;
}

Result<InputFile> InputFile::open(const Path& path) {
  WINNOW_TRY(int descriptor, open_descriptor(path, O_RDONLY));
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    close_descriptor(descriptor);
    return Error(Code::InvalidArgument, fmt::format("'{}' is a folder, not a file", path.string()));
  }
  return InputFile(descriptor);
}

InputFile InputFile::standard_input() { return InputFile(::dup(STDIN_FILENO)); }
InputFile::~InputFile() { close_descriptor(descriptor_); }
InputFile::InputFile(InputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}
InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Result<std::size_t> InputFile::read_some(std::string& out, std::size_t max_bytes) {
  const auto before = out.size();
  out.resize(before + max_bytes);
  const auto got =
      without_interruption([&] { return ::read(descriptor_, out.data() + before, max_bytes); });
  const int error = errno;
  out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0)
    return system_error(fmt::format("reading '{}'", path_of(descriptor_).string()), error);
  return static_cast<std::size_t>(got);
}

std::uint64_t InputFile::size_hint() const { return size_of(descriptor_); }

Result<NewFile> NewFile::create(const Path& path, unsigned mode) {
  WINNOW_TRY(check_fault("create", path));
  WINNOW_TRY(const int descriptor, open_descriptor(path, O_WRONLY | O_CREAT | O_EXCL, mode));
  return NewFile(descriptor, path);
}

NewFile::~NewFile() {
  close_descriptor(descriptor_);
  if (!path_.empty()) ::unlink(path_.c_str());
}
NewFile::NewFile(NewFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      size_(other.size_) {
  other.path_.clear();
}

Status NewFile::append(std::string_view bytes) {
  WINNOW_TRY(check_fault("write", path_));
  WINNOW_TRY(write_at(descriptor_, bytes, size_, [&] { return path_; }));
  size_ += bytes.size();
  return {};
}

Status NewFile::skip(std::uint64_t bytes) {
  WINNOW_TRY(check_fault("write", path_));
  const auto size = static_cast<off_t>(size_ + bytes);
  if (without_interruption([&] { return ::ftruncate(descriptor_, size); }) != 0) {
    return system_error(fmt::format("writing '{}'", path_.string()), errno);
  }
  size_ += bytes;
  return {};
}

Status NewFile::sync() {
  WINNOW_TRY(check_fault("sync", path_));
  if (without_interruption([&] { return ::fsync(descriptor_); }) != 0) {
    return system_error(fmt::format("writing '{}' to disk", path_.string()), errno);
  }
  return {};
}

Status NewFile::close() {
  // A network file system reports a full disk here at the latest.
  if (descriptor_ >= 0 && ::close(std::exchange(descriptor_, -1)) != 0) {
    return system_error(fmt::format("writing '{}'", path_.string()), errno);
  }
  return {};
}

Status NewFile::rename_to(const Path& path) {
  WINNOW_TRY(check_fault("rename", path));
  if (::rename(path_.c_str(), path.c_str()) != 0) {
    return system_error(fmt::format("renaming to '{}'", path.string()), errno);
  }
  path_.clear();
  return {};
}

Result<AppendFile> AppendFile::open(const Path& path) {
  WINNOW_TRY(const int descriptor, open_descriptor(path, O_RDWR | O_CREAT));
  return AppendFile(descriptor, size_of(descriptor));
}

AppendFile::~AppendFile() { close_descriptor(descriptor_); }
AppendFile::AppendFile(AppendFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}
AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

Status AppendFile::append(std::string_view bytes) {
  const auto path = [&] { return path_of(descriptor_); };
  if (write_fault()) {
    WINNOW_TRY(check_fault("append", path()));
  }
  WINNOW_TRY(write_at(descriptor_, bytes, size_, path));
  size_ += bytes.size();
  return {};
}

Status AppendFile::sync() {
  if (write_fault()) {
    WINNOW_TRY(check_fault("sync", path_of(descriptor_)));
  }
  if (without_interruption([&] { return ::fdatasync(descriptor_); }) != 0) {
    return system_error(fmt::format("writing '{}' to disk", path_of(descriptor_).string()), errno);
  }
  return {};
}

Status AppendFile::truncate(std::uint64_t size) {
  WINNOW_TRY(check_fault("truncate", path_of(descriptor_)));
  if (without_interruption([&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); }) !=
      0) {
    return system_error(fmt::format("truncating '{}'", path_of(descriptor_).string()), errno);
  }
  size_ = size;
  return {};
}

Result<std::string> AppendFile::read(std::uint64_t at, std::size_t bytes) const {
  std::string out;
  if (at > size_ || bytes > size_ - at) {
    return Error(Code::Corrupt, fmt::format("'{}' ends at byte {}, wanted were {} bytes at {}",
                                            path_of(descriptor_).string(), size_, bytes, at));
  }
  out.resize(bytes);
  for (std::size_t done = 0; done < bytes;) {
    const auto got = without_interruption([&] {
      return ::pread(descriptor_, out.data() + done, bytes - done, static_cast<off_t>(at + done));
    });
    if (got < 0)
      return system_error(fmt::format("reading '{}'", path_of(descriptor_).string()), errno);
    if (got == 0)
      return Error(Code::Corrupt, fmt::format("'{}' ends early", path_of(descriptor_).string()));
    done += static_cast<std::size_t>(got);
  }
  return out;
}

Result<MappedFile> MappedFile::open(const Path& path) {
  WINNOW_TRY(int descriptor, open_descriptor(path, O_RDONLY));
  const auto size = size_of(descriptor);
  if (size == 0) {
    close_descriptor(descriptor);
    return MappedFile(nullptr, 0);
  }
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int error = errno;
  close_descriptor(descriptor);
  if (data == MAP_FAILED) return system_error(fmt::format("mapping '{}'", path.string()), error);
  return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);  // NOLINT: munmap asks for it
}
MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

// Between two looks at a lock that is held: its holders write one batch each.
constexpr std::chrono::milliseconds kLockPause(1);

Result<FileLock> FileLock::acquire(const Path& path, Mode mode, Duration patience) {
  WINNOW_TRY(int descriptor, open_descriptor(path, O_RDWR | O_CREAT));
  const int operation = (mode == Mode::Shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (without_interruption([&] { return ::flock(descriptor, operation); }) != 0) {
    const int error = errno;
    if (error == EWOULDBLOCK && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(kLockPause);
      continue;
    }
    char holder[32] = {};
    const auto read = ::pread(descriptor, holder, sizeof holder - 1, 0);
    close_descriptor(descriptor);
    if (error != EWOULDBLOCK)
      return system_error(fmt::format("locking '{}'", path.string()), error);
    return Error(Code::Conflict, fmt::format("'{}' is locked by another process{}", path.string(),
                                             read > 0 ? fmt::format(" ({})", holder) : ""))
        .with_hint("wait until it has finished, or stop it");
  }
  if (mode == Mode::Exclusive) {  // for the message of whoever comes second; a lock needs no room
    const auto text = fmt::format("process {}", ::getpid());
    if (::ftruncate(descriptor, 0) == 0) (void)write_at(descriptor, text, 0, [&] { return path; });
  }
  return FileLock(descriptor);
}

FileLock::~FileLock() { close_descriptor(descriptor_); }
FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

}  // namespace winnow
