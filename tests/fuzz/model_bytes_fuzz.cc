// Winnow's own binary forms. The fuzzer cannot guess a check sum, so the input is also taken as a
// payload and sealed: what is read then must write the same bytes again.
#include <cstdint>
#include <cstdlib>

#include "model/classifier.h"
#include "model/detail/envelope.h"
#include "model/isolation_forest.h"
#include "model/novelty_model.h"

namespace {

using namespace winnow;

template <typename Read>
void expect_same_bytes(std::string_view bytes, const Read& read) {
  const auto value = read(bytes);
  if (value && value->to_bytes() != bytes) std::abort();
}

void read_all(std::string_view bytes) {
  if (const auto forest = forest_from_bytes(bytes); forest && to_bytes(*forest) != bytes)
    std::abort();
  expect_same_bytes(bytes, [](std::string_view b) { return Calibrator::from_bytes(b); });
  expect_same_bytes(bytes, [](std::string_view b) { return LinearModel::from_bytes(b); });
  expect_same_bytes(bytes, [](std::string_view b) { return Classifier::from_bytes(b); });
  expect_same_bytes(bytes, [](std::string_view b) { return IsolationForest::from_bytes(b); });
  expect_same_bytes(bytes, [](std::string_view b) { return NoveltyModel::from_bytes(b); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_all(bytes);
  for (const char* magic : {"WnForest", "WnLinear", "WnCalibr", "WnClassf", "WnIsolat", "WnNovelt"})
    read_all(seal(magic, 1, bytes));
  return 0;
}
