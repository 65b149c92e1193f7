// The records of a mail log of one JSON object a line (https://github.com/ndjson/ndjson-spec).
#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "ingest/records/input_buffer.h"
#include "ingest/records/record_source.h"

namespace winnow {

// A member's value as the text of a field: strings as they are, numbers and booleans as JSON writes
// them, a list of texts joined by ", "; anything else is empty.
std::string field_text_of(const Json& value);

// Gives a row its label, or the problem that keeps it from being used: it is no JSON object, too
// large, without text.
void check_row(RawRecord& row, const ReadLimits& limits);
// Whether `text`, which came from anywhere, is a row of a mail log: an object with a subject or a
// body by a name of its own, or with some text ("message", "content") and people. Then `row` has
// the label that it gives itself, or a problem.
bool take_as_mail_row(std::string_view text, RawRecord& row);

// Of a record that is larger than the limit the front is kept, with the problem TooLarge; tells
// whether it is.
bool keep_front(RawRecord& row, const ReadLimits& limits);

class NdJsonReader final : public RecordSource {
 public:
  NdJsonReader(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
               const ReadLimits& limits);

  Result<bool> next(RawRecord& out) override;
  std::uint64_t bytes_read() const override { return input_.bytes_read(); }
  std::uint64_t bytes_total() const override { return total_; }

 private:
  InputBuffer input_;
  std::string name_;
  std::uint64_t total_;
  ReadLimits limits_;
  std::uint64_t line_ = 0;  // the last one read
};

}  // namespace winnow
