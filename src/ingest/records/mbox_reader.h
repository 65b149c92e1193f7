// Splits an mbox file into its mails (RFC 4155 and the older dialects mboxo, mboxrd, mboxcl).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/records/input_buffer.h"
#include "ingest/records/record_source.h"

namespace winnow {

// "From sender Tue Mar  3 14:05:06 2026": the separator's words, its date checked. A line of prose
// that begins with "From " has no such date.
bool is_mbox_from_line(std::string_view line);

// The text of one mail as it was before it went into an mbox: one '>' less before ">From " lines
// (mboxrd), without the empty line that ends it.
std::string unquoted_mbox_text(std::string_view body);

class MboxReader final : public RecordSource {
 public:
  MboxReader(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
             const ReadLimits& limits);

  Result<bool> next(RawRecord& out) override;
  std::uint64_t bytes_read() const override { return input_.bytes_read(); }
  std::uint64_t bytes_total() const override { return total_; }

 private:
  // A separator starts at `start` of the view: a From line with a date, and a header line after it.
  // Without the second condition a quoted mbox line in prose would cut a mail in two.
  Result<bool> is_separator(std::size_t start);
  // The end of the mail that begins at the view's front, or nothing where it exceeds the limit.
  Result<std::optional<std::size_t>> find_end();
  Result<std::optional<std::size_t>> end_by_content_length(std::size_t header_end);
  Status read_too_large(RawRecord& out);

  InputBuffer input_;
  std::string name_;
  std::uint64_t total_;
  ReadLimits limits_;
  bool at_start_ = true;
  bool trust_content_length_ = true;  // until one is missing or wrong
};

}  // namespace winnow
