#include "store/detail/page_checksums.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/digest.h"

namespace winnow::store {
namespace {

thread_local std::string page_damage;

// What SQLite sees as the open database file; the wrapped file's own memory follows it.
struct CheckedFile {
  sqlite3_file base;
  const char* path;
};
constexpr int kWrappedAt = (sizeof(CheckedFile) + 15) / 16 * 16;

sqlite3_vfs* wrapped_vfs() { return sqlite3_vfs_find(nullptr); }
sqlite3_file* wrapped(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kWrappedAt);
}

bool is_page(int amount, sqlite3_int64 offset) {
  return amount == kPageBytes && offset % kPageBytes == 0;
}

std::uint64_t checksum_of(const char* page, sqlite3_int64 offset) {
  // The page number is part of it, so that a page in another's place is found too.
  return hash64({page, kPageBytes - kReservedBytes},
                static_cast<std::uint64_t>(offset / kPageBytes) + 1);
}

int checked_close(sqlite3_file* file) { return wrapped(file)->pMethods->xClose(wrapped(file)); }

int checked_read(sqlite3_file* file, void* data, int amount, sqlite3_int64 offset) {
  const int result = wrapped(file)->pMethods->xRead(wrapped(file), data, amount, offset);
  if (result != SQLITE_OK || !is_page(amount, offset)) return result;
  const auto* page = static_cast<const char*>(data);
  std::uint64_t stored = 0;
  std::memcpy(&stored, page + kPageBytes - kReservedBytes, sizeof stored);
  if (stored == checksum_of(page, offset)) return SQLITE_OK;
  // A page that was allocated and freed without ever being written is a hole: no content, no check
  // sum.
  if (std::all_of(page, page + kPageBytes, [](char byte) { return byte == 0; })) return SQLITE_OK;
  page_damage =
      fmt::format("page {} of '{}' (at byte {}) does not match its check sum",
                  offset / kPageBytes + 1, reinterpret_cast<CheckedFile*>(file)->path, offset);
  return SQLITE_IOERR_DATA;
}

int checked_write(sqlite3_file* file, const void* data, int amount, sqlite3_int64 offset) {
  if (!is_page(amount, offset))
    return wrapped(file)->pMethods->xWrite(wrapped(file), data, amount, offset);
  thread_local char page[kPageBytes];
  std::memcpy(page, data, kPageBytes);
  const auto checksum = checksum_of(page, offset);
  std::memcpy(page + kPageBytes - kReservedBytes, &checksum, sizeof checksum);
  return wrapped(file)->pMethods->xWrite(wrapped(file), page, amount, offset);
}

int checked_truncate(sqlite3_file* file, sqlite3_int64 size) {
  return wrapped(file)->pMethods->xTruncate(wrapped(file), size);
}
int checked_sync(sqlite3_file* file, int flags) {
  return wrapped(file)->pMethods->xSync(wrapped(file), flags);
}
int checked_file_size(sqlite3_file* file, sqlite3_int64* size) {
  return wrapped(file)->pMethods->xFileSize(wrapped(file), size);
}
int checked_lock(sqlite3_file* file, int lock) {
  return wrapped(file)->pMethods->xLock(wrapped(file), lock);
}
int checked_unlock(sqlite3_file* file, int lock) {
  return wrapped(file)->pMethods->xUnlock(wrapped(file), lock);
}
int checked_reserved(sqlite3_file* file, int* reserved) {
  return wrapped(file)->pMethods->xCheckReservedLock(wrapped(file), reserved);
}
int checked_control(sqlite3_file* file, int operation, void* argument) {
  return wrapped(file)->pMethods->xFileControl(wrapped(file), operation, argument);
}
int checked_sector_size(sqlite3_file* file) {
  return wrapped(file)->pMethods->xSectorSize(wrapped(file));
}
int checked_characteristics(sqlite3_file* file) {
  return wrapped(file)->pMethods->xDeviceCharacteristics(wrapped(file));
}
int checked_shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  return wrapped(file)->pMethods->xShmMap(wrapped(file), region, size, extend, out);
}
int checked_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return wrapped(file)->pMethods->xShmLock(wrapped(file), offset, count, flags);
}
void checked_shm_barrier(sqlite3_file* file) {
  wrapped(file)->pMethods->xShmBarrier(wrapped(file));
}
int checked_shm_unmap(sqlite3_file* file, int remove) {
  return wrapped(file)->pMethods->xShmUnmap(wrapped(file), remove);
}

// Version 2: without memory-mapped pages, which would be read past the check.
const sqlite3_io_methods kMethods = {2,
                                     checked_close,
                                     checked_read,
                                     checked_write,
                                     checked_truncate,
                                     checked_sync,
                                     checked_file_size,
                                     checked_lock,
                                     checked_unlock,
                                     checked_reserved,
                                     checked_control,
                                     checked_sector_size,
                                     checked_characteristics,
                                     checked_shm_map,
                                     checked_shm_lock,
                                     checked_shm_barrier,
                                     checked_shm_unmap,
                                     nullptr,
                                     nullptr};

// Only database files are checked: a WAL has check sums of its own.
int open_checked(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  auto* const vfs = wrapped_vfs();
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return vfs->xOpen(vfs, path, file, flags, flags_out);
  file->pMethods = nullptr;
  const int result = vfs->xOpen(vfs, path, wrapped(file), flags, flags_out);
  if (result != SQLITE_OK) return result;
  file->pMethods = &kMethods;
  reinterpret_cast<CheckedFile*>(file)->path =
      path;  // SQLite keeps it for as long as the file is open
  return SQLITE_OK;
}

}  // namespace

const char* page_checksum_vfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs copy = *wrapped_vfs();  // everything but opening stays as it is
    copy.szOsFile += kWrappedAt;
    copy.zName = "winnow-checked";
    copy.xOpen = open_checked;
    copy.pNext = nullptr;
    return copy;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  ensure(registered == SQLITE_OK, "a VFS can be registered");
  return vfs.zName;
}

std::string take_page_damage() { return std::exchange(page_damage, {}); }

}  // namespace winnow::store
