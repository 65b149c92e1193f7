#include "store/segment_record.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "store/detail/segment_format.h"

namespace winnow {

Result<OwnedRecord> read_whole_record(const Path& folder, RecordPosition at) {
  const auto path = store::segment_path(folder, at.segment);
  auto file = MappedFile::open(path);
  if (!file && file.error().code() != Code::NotFound) return file.error();
  if (!file || at.offset < kFirstRecordOffset ||
      at.offset + store::kRecordHeaderBytes > file->bytes().size()) {
    return Error(Code::NotFound,
                 fmt::format("no record begins at byte {} of '{}'", at.offset, path.string()));
  }
  const auto record = store::record_at(file->bytes(), at);
  if (!record) return store::damaged_record(path, at);
  return OwnedRecord{record->kind, std::string(record->payload)};
}

SegmentVersion version_of(const Path& folder, std::uint64_t segment) {
  struct stat file {};
  if (::stat(store::segment_path(folder, segment).c_str(), &file) != 0) return {};
  return {file.st_ino, std::int64_t{file.st_mtim.tv_sec} * 1'000'000'000 + file.st_mtim.tv_nsec};
}

}  // namespace winnow
