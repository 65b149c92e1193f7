// How a file's bytes arrive must not change the records that are read from it.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/records/input_buffer.h"
#include "ingest/records/raw_record.h"

namespace winnow {

// The records of `text`, the same whether its bytes come at once or five at a time; else it aborts.
// `read` is given where they come from: std::vector<RawRecord>(std::unique_ptr<ByteSource>).
template <typename Read>
std::vector<RawRecord> read_in_pieces(std::string_view text, Read read) {
  auto whole = read(std::make_unique<TextBytes>(std::string(text), SIZE_MAX));
  const auto pieces = read(std::make_unique<TextBytes>(std::string(text), 5));
  if (whole.size() != pieces.size()) std::abort();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i].digest != pieces[i].digest || whole[i].raw != pieces[i].raw ||
        whole[i].problem.has_value() != pieces[i].problem.has_value())
      std::abort();
  }
  return whole;
}

// All that a reader has. Errors do not happen: its bytes are in memory.
template <typename Reader>
std::vector<RawRecord> all_of(Reader& reader) {
  std::vector<RawRecord> records;
  for (RawRecord record; reader.next(record).value();) records.push_back(record);
  return records;
}

}  // namespace winnow
