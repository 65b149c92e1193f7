// Indicators and snapshots, made short for tests.
#pragma once

#include <string>
#include <vector>

#include "intel/intel_snapshot.h"
#include "intel/snapshot_builder.h"

namespace winnow::testing {

inline Indicator indicator(IndicatorKind kind, std::string value, std::string label,
                           std::string source = "list") {
  Indicator one;
  one.kind = kind;
  one.value = std::move(value);
  one.source = std::move(source);
  one.labels = {std::move(label)};
  return one;
}

inline Indicator with_subdomains(Indicator one) {
  one.with_subdomains = true;
  return one;
}

inline std::string compiled(const std::vector<Indicator>& indicators) {
  SnapshotBuilder builder;
  for (const auto& one : indicators) builder.add(one);
  return std::move(builder).build().value();
}

inline IntelSnapshot snapshot_of(const std::vector<Indicator>& indicators) {
  return IntelSnapshot::from_bytes(compiled(indicators)).value();
}

inline constexpr Timestamp kNow = Timestamp::from_seconds(1'750'000'000);

}  // namespace winnow::testing
