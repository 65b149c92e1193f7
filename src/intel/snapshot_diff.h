// What moved between two snapshots.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "intel/intel_snapshot.h"

namespace winnow {

struct IntelChange {
  enum class What : std::uint8_t { Added, Removed, Changed };
  What what;
  IndicatorKind kind;
  std::string value;
};

struct IntelDiff {
  struct Counts {
    std::uint64_t added = 0, removed = 0, changed = 0;
  };
  std::array<Counts, kIndicatorKinds> by_kind;  // at IndicatorKind
  std::vector<IntelChange> changes;  // the first `max_changes`, in the order of the snapshots
};

// Compares indicator by indicator; one is changed when what any source says of it differs. Linear.
IntelDiff diff(const IntelSnapshot& from, const IntelSnapshot& to, std::size_t max_changes);

}  // namespace winnow
