// ONNX models: whatever the bytes, an error or a model that keeps its promises.
#include <cstdint>
#include <cstdlib>

#include "model/onnx_import.h"

namespace {

using namespace winnow;

bool keeps_promises(const Forest& forest) {
  const auto again = forest_from_bytes(to_bytes(forest));
  return check(forest).has_value() && again.has_value() && to_bytes(*again) == to_bytes(forest);
}

bool keeps_promises(const LinkedLinear& model) {
  return check(model.linear, 1UL << 20).has_value();
}

// It may have thresholds at infinity, names that occur twice: what creating refuses.
bool keeps_promises(const IsolationTrees& trees) {
  const auto forest = IsolationForest::create(trees);
  return !forest || IsolationForest::from_bytes(forest->to_bytes()).has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read =
      read_onnx({reinterpret_cast<const char*>(data), size}, {.max_nodes = 1UL << 16});
  if (!read) return 0;
  if (!std::visit([](const auto& model) { return keeps_promises(model); }, read->model))
    std::abort();
  return 0;
}
