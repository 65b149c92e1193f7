// Records of the event log: refused, or the one form of what they say.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/detail/event_entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto entry = winnow::read_event_payload(bytes)) {
    if (const auto raw = winnow::raw_of(*entry)) {
      if (winnow::sha256(*raw) != entry->event.digest) std::abort();
    }
  }
  if (const auto label = winnow::read_label_payload(bytes)) {
    if (winnow::label_payload(*label) != bytes) std::abort();
  }
  return 0;
}
