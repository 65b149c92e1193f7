#include "ingest/detail/blocks_aside.h"

#include <fmt/format.h>

namespace winnow {
namespace {

constexpr std::uint64_t kMostBytes = 64UL << 20;  // of a record of the log

std::string prefix_of(std::uint64_t segment) { return fmt::format("{:010}-", segment); }

}  // namespace

Path BlocksAside::path_of(RecordPosition at) const {
  return folder_ / fmt::format("{}{:010}.block", prefix_of(at.segment), at.offset);
}

Result<std::vector<Path>> BlocksAside::files_of(std::uint64_t segment) const {
  std::vector<Path> files;
  std::error_code error;
  if (!std::filesystem::exists(folder_, error)) return files;
  WINNOW_TRY(files, list_files(folder_));
  std::erase_if(files, [&](const Path& file) {
    return !file.filename().string().starts_with(prefix_of(segment));
  });
  return files;
}

Result<UnpackedBlock> BlocksAside::unpack(RecordPosition at, std::string_view payload) const {
  WINNOW_TRY(auto block, EventBlock::read(payload));
  std::string aside;
  if (block.stands_aside()) {
    auto read = read_file(path_of(at), kMostBytes);
    if (!read && read.error().code() == Code::NotFound) {
      return Error(Code::Corrupt, fmt::format("'{}', the rest of a block of events, is missing",
                                              path_of(at).string()))
          .with_hint("restore the workspace from a backup");
    }
    WINNOW_TRY(aside, std::move(read));
    WINNOW_TRY(block, EventBlock::read(aside));
  }
  WINNOW_TRY(auto bytes, block.unpack());
  return UnpackedBlock{block.items(), std::move(bytes)};
}

Status BlocksAside::put(RecordPosition at, std::string_view payload) const {
  WINNOW_TRY(make_folders(folder_));
  return write_atomically(path_of(at), payload);
}

Status BlocksAside::keep_only(std::uint64_t segment, const std::set<std::uint64_t>& offsets) const {
  std::set<Path> kept;
  for (const auto offset : offsets) kept.insert(path_of({segment, offset}));
  WINNOW_TRY(const auto files, files_of(segment));
  bool changed = false;
  for (const auto& file : files) {
    if (kept.contains(file)) continue;
    std::error_code error;
    std::filesystem::remove(file, error);
    if (error) return system_error(fmt::format("removing '{}'", file.string()), error.value());
    changed = true;
  }
  return changed ? sync_folder(folder_) : Status();
}

Result<std::uint64_t> BlocksAside::bytes_of(std::uint64_t segment) const {
  WINNOW_TRY(const auto files, files_of(segment));
  std::uint64_t bytes = 0;
  for (const auto& file : files) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) return system_error(fmt::format("measuring '{}'", file.string()), error.value());
    bytes += size;
  }
  return bytes;
}

}  // namespace winnow
