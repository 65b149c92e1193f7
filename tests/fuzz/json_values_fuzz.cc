// Splitting streams of JSON: an array that is one has the items that the parser reads.
#include <cstdlib>

#include "base/json.h"
#include "ingest/records/json_values.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto values = winnow::split_json_values(text);
  std::size_t bytes = 0;
  if (values) {
    for (const auto value : *values) {
      if (value.empty()) std::abort();
      bytes += value.size();
    }
  }
  if (bytes > size) std::abort();
  const auto parsed = winnow::parse_json(text);
  if (!parsed) return 0;
  if (!values || values->size() != 1) std::abort();
  const auto items = winnow::split_json_array(text);
  if (items.has_value() != parsed->is_array()) std::abort();
  if (!items) return 0;
  if (items->size() != parsed->size()) std::abort();
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto item = winnow::parse_json((*items)[i]);
    if (!item || *item != (*parsed)[i]) std::abort();
  }
  return 0;
}
