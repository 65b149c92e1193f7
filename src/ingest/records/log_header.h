// The header lines that stand above the rows of a log, as they were read last: Zeek's
// (https://docs.zeek.org/en/master/log-formats.html#zeek-tsv-format-logs), and the names of the
// fields of AWS VPC flow logs
// (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html).
#pragma once

#include <string>
#include <string_view>

namespace winnow {

// It begins with a header's line, behind which a row may stand.
bool begins_with_header(std::string_view text);

class LogHeader {
 public:
  static constexpr std::size_t kMostBytes = 64UL << 10;  // what stands beyond is left out

  LogHeader() = default;
  explicit LogHeader(std::string lines) : lines_(std::move(lines)) {}  // of lines()

  // Takes a line in, if it is one of a header; of a new one where others than such came between.
  // False: it is a record.
  bool take(std::string_view line);
  // Those that say how rows are to be read, each with its line feed; empty where there were none.
  const std::string& lines() const { return lines_; }
  // `line` is below it: header lines and one row, which can be read alone.
  bool is_of_row(std::string_view line) const { return !lines_.empty() && !line.starts_with('{'); }
  void clear() { *this = LogHeader(); }

 private:
  std::string lines_;
  bool is_open_ = false;  // the last line was one of it
};

}  // namespace winnow
