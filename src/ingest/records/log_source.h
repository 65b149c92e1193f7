// The records of a log that is no mail's: JSON objects, one a line, behind each other over many
// lines, or as the items of an array (by itself, or under "Records" as AWS CloudTrail delivers
// them); rows below the header lines of
// Zeek or of AWS VPC flow logs; or lines of text, of which those of one event (line_joiner.h) are
// one record.
#pragma once

#include <memory>
#include <string>

#include "ingest/records/input_buffer.h"
#include "ingest/records/line_joiner.h"
#include "ingest/records/log_header.h"
#include "ingest/records/record_source.h"

namespace winnow {

class LogSource final : public RecordSource {
 public:
  LogSource(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
            const ReadLimits& limits);

  Result<bool> next(RawRecord& out) override;
  std::uint64_t bytes_read() const override { return input_.bytes_read(); }
  std::uint64_t bytes_total() const override { return total_; }

 private:
  enum class Layout : std::uint8_t { Unknown, Lines, Values };

  Status find_layout();
  bool take_joined(RawRecord& out);
  Result<bool> next_line(RawRecord& out);
  Result<bool> next_value(RawRecord& out);
  Result<std::size_t> whole_value_end();
  void begin_record(RawRecord& out) const;

  InputBuffer input_;
  std::string name_;
  std::uint64_t total_;
  ReadLimits limits_;
  Layout layout_ = Layout::Unknown;
  bool in_array_ = false;
  LogHeader header_;  // of the rows that follow
  LineJoiner joiner_;
  std::uint64_t line_ = 0;  // the last one read
};

// A file of a log, also packed with gzip or zstd, a folder (every file below it, by name: see
// FolderSource::of_logs), or standard input for "-". Errors: NotFound, Denied, Unsupported (a
// binary format), Corrupt (packed, and damaged at its very front), Unavailable. The source's next()
// adds Corrupt: of a damaged file, once all whole records before the damage were told.
Result<std::unique_ptr<RecordSource>> open_log(const Path& input, const ReadLimits& limits);
// One file of these.
Result<std::unique_ptr<RecordSource>> open_log_file(const Path& input, const ReadLimits& limits);

}  // namespace winnow
