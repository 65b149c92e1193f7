#include "registry/detail/hash_file.h"

#include <algorithm>

namespace winnow::registry {

Result<HashFile> HashFile::open(const Path& path, Access access) {
  std::error_code ignored;
  if (access == Access::ReadOnly && !std::filesystem::exists(path, ignored))
    return HashFile(std::nullopt, access, 0);
  WINNOW_TRY(auto file, AppendFile::open(path));
  const auto hashes = file.size() / Digest::kBytes;
  // A hash written in part is no hash.
  if (access == Access::ReadWrite && file.size() % Digest::kBytes != 0) {
    WINNOW_TRY(file.truncate(hashes * Digest::kBytes));
  }
  return HashFile(std::move(file), access, hashes);
}

std::uint64_t HashFile::size() const { return in_file_ + in_memory_.size(); }

Result<Digest> HashFile::read(std::uint64_t index) const {
  if (index >= in_file_ && index < size()) return in_memory_[index - in_file_];
  if (index >= size()) return Error(Code::Corrupt, "the hash file of the log ends too early");
  WINNOW_TRY(const auto bytes, file_->read(index * Digest::kBytes, Digest::kBytes));
  return Digest(std::span<const std::uint8_t, Digest::kBytes>(
      reinterpret_cast<const std::uint8_t*>(bytes.data()), Digest::kBytes));
}

void HashFile::append(const std::vector<Digest>& hashes) {
  in_memory_.insert(in_memory_.end(), hashes.begin(), hashes.end());
  if (access_ == Access::ReadOnly || in_memory_.empty()) return;
  const auto* const bytes = reinterpret_cast<const char*>(in_memory_.data());
  if (!file_->append({bytes, in_memory_.size() * Digest::kBytes})) return;
  in_file_ += in_memory_.size();
  in_memory_.clear();
}

void HashFile::resize(std::uint64_t hashes) {
  in_memory_.resize(
      hashes > in_file_ ? std::min<std::uint64_t>(hashes - in_file_, in_memory_.size()) : 0);
  if (hashes >= in_file_) return;
  if (access_ == Access::ReadWrite) (void)file_->truncate(hashes * Digest::kBytes);
  in_file_ = hashes;
}

}  // namespace winnow::registry
