// The records of every file below a folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/records/record_source.h"

namespace winnow {

// Walks folder by folder in the order of their names, so that memory grows with the largest folder
// and not with all of them. Symbolic links are not followed. Of a Maildir
// (https://cr.yp.to/proto/maildir.html: a folder with `cur` and `new`) the files of `tmp`, which
// are unfinished, and those beside the three folders are skipped, and hidden files everywhere.
class FolderSource final : public RecordSource {
 public:
  // Errors: NotFound, Denied, Unavailable.
  static Result<std::unique_ptr<FolderSource>> open(const Path& folder,
                                                    std::optional<InputFormat> format,
                                                    const ReadLimits& limits);

  Result<bool> next(RawRecord& out) override;
  std::uint64_t bytes_read() const override;
  std::uint64_t bytes_total() const override { return 0; }
  std::uint64_t files_skipped() const override { return skipped_; }

 private:
  struct Level {
    Path folder;
    std::vector<std::string> names;  // still to visit, the next one last
    bool holds_mails = false;        // a Maildir's `cur` or `new`
  };

  FolderSource(std::optional<InputFormat> format, const ReadLimits& limits)
      : format_(format), limits_(limits) {}
  Status enter(const Path& folder, bool holds_mails);
  Result<bool> open_next_file();

  std::optional<InputFormat> format_;
  ReadLimits limits_;
  std::vector<Level> levels_;
  std::unique_ptr<RecordSource> file_;
  std::uint64_t read_before_ = 0;
  std::uint64_t skipped_ = 0;
};

// What one open file holds; a file of no known format is one record with the problem UnknownFormat.
Result<std::unique_ptr<RecordSource>> open_file_in_folder(const Path& path,
                                                          std::optional<InputFormat> format,
                                                          const ReadLimits& limits);

}  // namespace winnow
