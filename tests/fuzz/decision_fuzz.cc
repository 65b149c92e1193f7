// Stored decisions: any bytes are refused, or say one thing, which reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pipeline/decision.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto decision = winnow::Decision::from_bytes(bytes);
  if (!decision) return 0;
  const auto again = winnow::Decision::from_bytes(decision->bytes());
  if (!again || again->bytes() != decision->bytes()) std::abort();
  if (!winnow::differences(*decision, *again).empty()) std::abort();
  if (again->id() != decision->id()) std::abort();
  return 0;
}
