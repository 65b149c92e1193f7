// What the data set reader accepts has one form, and every row of it can be read.
#include <cstdlib>

#include "learn/data_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = winnow::learn::DataSet::read(bytes);
  if (!read) return 0;
  std::vector<float> scratch;
  for (std::size_t row = 0; row < read->size(); ++row) {
    const auto terms = read->terms(row, scratch);
    if (terms.indices.size() != terms.values.size()) std::abort();
    if (read->source(row) >= read->sources().size() || read->group(row) > row) std::abort();
  }
  if (read->bytes() != bytes) std::abort();
  return 0;
}
