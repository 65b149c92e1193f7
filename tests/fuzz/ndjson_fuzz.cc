// Reading a mail log as NDJSON: how its bytes arrive must not change the records.
#include <cstdlib>

#include "ingest/records/ndjson_reader.h"

namespace {

std::vector<winnow::RawRecord> read(std::string_view text, std::size_t chunk) {
  constexpr winnow::ReadLimits kLimits{.max_record_bytes = 512, .max_kept_bytes = 64};
  winnow::NdJsonReader reader(std::make_unique<winnow::TextBytes>(std::string(text), chunk), "-", 0,
                              kLimits);
  std::vector<winnow::RawRecord> records;
  for (winnow::RawRecord record; reader.next(record).value();) records.push_back(record);
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto whole = read(text, SIZE_MAX);
  const auto pieces = read(text, 5);
  if (whole.size() != pieces.size()) std::abort();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i].digest != pieces[i].digest || whole[i].raw != pieces[i].raw) std::abort();
    if (whole[i].problem.has_value() != pieces[i].problem.has_value()) std::abort();
  }
  return 0;
}
