// Whatever a log's file holds and wherever its reads are cut: every record is told, none is longer
// than the limit, and reading ends.
#include <cstdlib>

#include "ingest/records/log_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  ReadLimits limits;
  limits.max_record_bytes = 200;
  limits.max_kept_bytes = 50;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::size_t counts[2] = {};
  for (const std::size_t chunk : {std::size_t{7}, SIZE_MAX}) {
    LogSource source(std::make_unique<TextBytes>(text, chunk), "fuzz", size, limits);
    for (;;) {
      RawRecord record;
      const auto more = source.next(record);
      if (!more) std::abort();
      if (!*more) break;
      if (++counts[chunk == 7 ? 0 : 1] > size + 1) std::abort();
    }
  }
  if (counts[0] != counts[1]) std::abort();
  return 0;
}
