// A machine on which things go wrong, loaded into the winnow binary by LD_PRELOAD:
//   WINNOW_TEST_DISK_BYTES=N      the disk is full after N more bytes
//   WINNOW_TEST_FULL_WHILE=FILE   while FILE is there: full, for paths with its text in them
//   WINNOW_TEST_KILL_AT=N         SIGKILL before the N-th write, sync, rename or removal (from 0)
//   WINNOW_TEST_CLOCK_SHIFT_S=N   the clock is N seconds off
// What goes to a terminal, a pipe or stdout and stderr is not counted.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

long long from_environment(const char* name, long long otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::atoll(text) : otherwise;
}

template <typename Function>
Function original(Function, const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

bool is_file(int descriptor) {
  struct stat status {};
  return descriptor > STDERR_FILENO && ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

void step() {
  static const long long kill_at = from_environment("WINNOW_TEST_KILL_AT", -1);
  static std::atomic<long long> steps{0};
  if (steps++ == kill_at) ::raise(SIGKILL);
}

bool is_full_for(int descriptor) {
  static const char* const file = std::getenv("WINNOW_TEST_FULL_WHILE");
  if (file == nullptr) return false;
  const int full = ::open(file, O_RDONLY | O_CLOEXEC);
  if (full < 0) return false;
  char part[256] = {}, path[4096] = {}, link[64];
  const bool is_read = ::read(full, part, sizeof part - 1) >= 0;
  ::close(full);
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  return is_read && ::readlink(link, path, sizeof path - 1) > 0 &&
         std::strstr(path, part) != nullptr;
}

// How many of `bytes` still fit on the disk; they are taken.
std::size_t room_for(int descriptor, std::size_t bytes) {
  if (is_full_for(descriptor)) return 0;
  static const long long limit = from_environment("WINNOW_TEST_DISK_BYTES", -1);
  static std::atomic<long long> left{limit};
  if (limit < 0) return bytes;
  const auto wanted = static_cast<long long>(bytes);
  const long long before = left.fetch_sub(wanted);
  if (before >= wanted) return bytes;
  left = 0;
  return before > 0 ? static_cast<std::size_t>(before) : 0;
}

ssize_t disk_is_full() {
  errno = ENOSPC;
  return -1;
}

ssize_t write_some(int descriptor, const void* bytes, std::size_t size, off_t at) {
  static const auto real = original(&::pwrite, "pwrite");
  step();
  const auto fits = room_for(descriptor, size);
  return size > 0 && fits == 0 ? disk_is_full() : real(descriptor, bytes, fits, at);
}

int grow(int descriptor, off_t size) {
  static const auto real = original(&::ftruncate, "ftruncate");
  struct stat status {};
  step();
  if (::fstat(descriptor, &status) == 0 && size > status.st_size) {
    const auto more = static_cast<std::size_t>(size - status.st_size);
    if (room_for(descriptor, more) < more) return static_cast<int>(disk_is_full());
  }
  return real(descriptor, size);
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static const auto real = original(&::write, "write");
  if (!is_file(descriptor)) return real(descriptor, bytes, size);
  step();
  const auto fits = room_for(descriptor, size);
  return size > 0 && fits == 0 ? disk_is_full() : real(descriptor, bytes, fits);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  return write_some(descriptor, bytes, size, at);
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off_t at) {
  return write_some(descriptor, bytes, size, at);
}

// Whole or not at all: enough for its callers, who count a short write as a failure.
ssize_t pwritev(int descriptor, const struct iovec* parts, int count, off_t at) {
  static const auto real = original(&::pwritev, "pwritev");
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  step();
  return room_for(descriptor, size) < size ? disk_is_full() : real(descriptor, parts, count, at);
}
ssize_t pwritev64(int descriptor, const struct iovec* parts, int count, off_t at) {
  return pwritev(descriptor, parts, count, at);
}
ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  static const auto real = original(&::writev, "writev");
  if (!is_file(descriptor)) return real(descriptor, parts, count);
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  step();
  return room_for(descriptor, size) < size ? disk_is_full() : real(descriptor, parts, count);
}

int ftruncate(int descriptor, off_t size) noexcept { return grow(descriptor, size); }
int ftruncate64(int descriptor, off_t size) noexcept { return grow(descriptor, size); }

int fsync(int descriptor) {
  static const auto real = original(&::fsync, "fsync");
  step();
  return real(descriptor);
}
int fdatasync(int descriptor) {
  static const auto real = original(&::fdatasync, "fdatasync");
  step();
  return real(descriptor);
}
int rename(const char* from, const char* to) noexcept {
  static const auto real = original(&::rename, "rename");
  step();
  return real(from, to);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  static const auto real = original(&::renameat2, "renameat2");
  step();
  return real(from_folder, from, to_folder, to, flags);
}
int unlink(const char* path) noexcept {
  static const auto real = original(&::unlink, "unlink");
  step();
  return real(path);
}

int clock_gettime(clockid_t clock, struct timespec* time) noexcept {
  static const auto real = original(&::clock_gettime, "clock_gettime");
  static const long long shift = from_environment("WINNOW_TEST_CLOCK_SHIFT_S", 0);
  const int result = real(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += static_cast<time_t>(shift);
  return result;
}

}  // extern "C"
