// The last section of a snapshot: brands and lists, which are few and read once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intel/intel_snapshot.h"

namespace winnow::detail {

struct SnapshotTail {
  std::vector<Brand> brands;
  std::vector<IntelList> lists;
};

// Sorted and each once. Errors: InvalidArgument (two different ones of one name).
Result<std::string> write_tail(std::vector<Brand> brands, std::vector<IntelList> lists);
Result<SnapshotTail> read_tail(std::string_view bytes);  // Errors: Corrupt

}  // namespace winnow::detail
