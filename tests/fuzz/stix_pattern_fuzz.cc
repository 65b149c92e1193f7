// Any text is a pattern or is refused; a pattern says something, if only why it is not compiled.
#include <cstdlib>
#include <string_view>

#include "intel/stix_pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto pattern = winnow::read_stix_pattern({reinterpret_cast<const char*>(data), size});
  if (!pattern) return 0;
  for (const auto& term : pattern->terms) {
    const auto normal = winnow::normal_indicator(term.kind, term.value);
    if (normal && winnow::normal_indicator(term.kind, *normal).value() != *normal) std::abort();
  }
  return 0;
}
