// The records of every file below a folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/records/record_source.h"

namespace winnow {

// Walks folder by folder in the order of their names, so that memory grows with the largest folder
// and not with all of them. Symbolic links are not followed. Of mails: in a Maildir
// (https://cr.yp.to/proto/maildir.html: a folder with `cur` and `new`) the files of `tmp`, which
// are unfinished, and those beside the three folders are skipped, and hidden files everywhere.
class FolderSource final : public RecordSource {
 public:
  // Errors: NotFound, Denied, Unavailable.
  static Result<std::unique_ptr<FolderSource>> open(const Path& folder,
                                                    std::optional<InputFormat> format,
                                                    const ReadLimits& limits);
  // Of logs (open_log). A file of a binary format is one record with the problem UnknownFormat. A
  // file that is damaged keeps no other from being read: next() returns the error of the first one
  // at the end of all, once.
  static Result<std::unique_ptr<FolderSource>> of_logs(const Path& folder,
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

  enum class Of : std::uint8_t { Mails, Logs };

  FolderSource(Of of, std::optional<InputFormat> format, const ReadLimits& limits)
      : of_(of), format_(format), limits_(limits) {}
  bool is_maildir(const Path& folder) const;
  Result<bool> next_of_file(RawRecord& out);
  bool keep_damage(const Error& error);  // whether the other files are read all the same
  Status enter(const Path& folder, bool holds_mails);
  Result<bool> open_next_file();

  Of of_;
  std::optional<InputFormat> format_;
  ReadLimits limits_;
  std::vector<Level> levels_;
  std::unique_ptr<RecordSource> file_;
  std::uint64_t read_before_ = 0;
  std::uint64_t skipped_ = 0;
  std::optional<Error> damage_;  // of the first file that has any
  std::size_t damaged_ = 0;      // files
};

// What one open file holds; a file of no known format is one record with the problem UnknownFormat.
Result<std::unique_ptr<RecordSource>> open_file_in_folder(const Path& path,
                                                          std::optional<InputFormat> format,
                                                          const ReadLimits& limits);
// `path` as one record with the problem UnknownFormat; `why` is for people.
Result<std::unique_ptr<RecordSource>> open_unusable_file(const Path& path, std::string why,
                                                         const ReadLimits& limits);

}  // namespace winnow
