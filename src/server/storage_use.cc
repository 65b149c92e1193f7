#include "server/storage_use.h"

namespace winnow::server {
namespace {

constexpr std::chrono::seconds kFresh{30};

std::uint64_t bytes_in(const Path& folder) {
  std::error_code error;
  std::uint64_t bytes = 0;
  std::filesystem::recursive_directory_iterator at(folder, error), end;
  for (; !error && at != end; at.increment(error)) {
    std::error_code gone;  // files come and go meanwhile
    if (!at->is_regular_file(gone)) continue;
    const auto size = at->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

}  // namespace

StorageUse::Use StorageUse::use() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return use_;
  std::error_code error;
  const auto space = std::filesystem::space(folder_, error);
  use_ = {bytes_in(folder_), error ? 0 : space.available};
  next_ = now + kFresh;
  return use_;
}

}  // namespace winnow::server
