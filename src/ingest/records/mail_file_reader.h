// A file that is one mail; and a file of no known format, told as one record that cannot be used.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ingest/records/input_buffer.h"
#include "ingest/records/record_source.h"

namespace winnow {

class MailFileReader final : public RecordSource {
 public:
  // With a `problem` the file's bytes are kept (their front) and told with it.
  MailFileReader(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
                 const ReadLimits& limits, std::optional<Problem> problem = {});

  Result<bool> next(RawRecord& out) override;
  std::uint64_t bytes_read() const override { return input_.bytes_read(); }
  std::uint64_t bytes_total() const override { return total_; }

 private:
  Status read_front(RawRecord& out);

  InputBuffer input_;
  std::string name_;
  std::uint64_t total_;
  ReadLimits limits_;
  std::optional<Problem> problem_;
  bool done_ = false;
};

}  // namespace winnow
