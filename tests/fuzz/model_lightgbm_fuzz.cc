// LightGBM's text models: whatever the bytes, an error or a forest that keeps its promises.
#include <cstdint>
#include <cstdlib>

#include "model/forest_import.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const auto forest = read_lightgbm({reinterpret_cast<const char*>(data), size});
  if (!forest) return 0;
  if (!check(*forest)) std::abort();
  const auto again = forest_from_bytes(to_bytes(*forest));
  if (!again || to_bytes(*again) != to_bytes(*forest)) std::abort();
  return 0;
}
