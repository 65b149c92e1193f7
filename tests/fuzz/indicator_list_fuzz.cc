// Any bytes are a list of some format; what it gives is in normal form, and compiles.
#include <cstdlib>
#include <string_view>

#include "intel/indicator_list.h"
#include "intel/snapshot_builder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  if (size == 0) return 0;
  // The first byte chooses the format, or none.
  ListOptions options;
  options.source = "fuzz";
  if (data[0] < 6) options.format = static_cast<ListFormat>(data[0]);
  if (data[0] == static_cast<std::uint8_t>(ListFormat::Csv)) {
    options.column = "#1";
    options.rank_column = "#2";
    options.first_seen_column = "#3";
  }
  SnapshotBuilder builder;
  std::uint64_t taken = 0;
  const auto report = read_indicators(
      {reinterpret_cast<const char*>(data) + 1, size - 1}, options, [&](const Indicator& one) {
        // An escaped URL may be longer than what is read.
        const auto normal = normal_indicator(one.kind, one.value);
        if (normal ? *normal != one.value : normal.error().code() != Code::Exhausted) std::abort();
        builder.add(one);
        ++taken;
      });
  if (report && report->indicators != taken) std::abort();
  const auto bytes = std::move(builder).build();
  if (!bytes || !IntelSnapshot::from_bytes(*bytes)) std::abort();
  return 0;
}
