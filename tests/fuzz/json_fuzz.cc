// JSON: what is accepted reads back the same from each of the forms we write.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using winnow::parse_json;
  const auto json = parse_json({reinterpret_cast<const char*>(data), size});
  if (!json) return 0;
  const auto text = to_text(*json);
  if (to_text(parse_json(text).value()) != text) std::abort();
  if (to_text(parse_json(to_pretty_text(*json)).value()) != text) std::abort();
  if (const auto canonical = to_canonical(*json)) {
    if (to_canonical(parse_json(*canonical).value()).value() != *canonical) std::abort();
  }
  return 0;
}
