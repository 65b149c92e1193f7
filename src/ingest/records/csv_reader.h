// The records of a delimited mail log.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ingest/records/input_buffer.h"
#include "ingest/records/mail_columns.h"
#include "ingest/records/record_source.h"

namespace winnow {

class CsvReader final : public RecordSource {
 public:
  // Reads the header. Errors: InvalidArgument (no known columns), Unavailable.
  static Result<std::unique_ptr<CsvReader>> open(std::unique_ptr<ByteSource> bytes,
                                                 std::string name, std::uint64_t total,
                                                 const ReadLimits& limits);

  Result<bool> next(RawRecord& out) override;
  std::uint64_t bytes_read() const override { return input_.bytes_read(); }
  std::uint64_t bytes_total() const override { return total_; }

 private:
  CsvReader(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
            const ReadLimits& limits);
  Status read_header();
  Status skip_empty_lines();
  // Takes the record at the view's front; `unclosed` says that a quote in it is never closed, and
  // then only its first line is taken. Nothing when it is too large.
  struct Taken {
    std::string_view bytes;
    std::size_t lines = 0;
    bool unclosed = false;
  };
  Result<std::optional<Taken>> take();
  Result<std::optional<Taken>> take_line(bool unclosed);
  void judge(const std::vector<std::string>& fields, RawRecord& out) const;

  InputBuffer input_;
  std::string name_;
  std::uint64_t total_;
  ReadLimits limits_;
  std::string header_;  // as it stood, with one line feed: the front of each record's raw bytes
  char delimiter_ = ',';
  MailColumns columns_;
  std::uint64_t line_ = 1;  // of the view's front
  int unclosed_left_;       // after so many stray quotes, quoted fields end with their line
};

}  // namespace winnow
