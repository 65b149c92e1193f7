// Stored states, slices and vectors: any bytes are refused, or are the one form of what they say.
#include <cstdlib>
#include <string_view>

#include "features/entity_states.h"
#include "features/feature_vector.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (auto state = EntityState::from_bytes(bytes)) {
    if (state->bytes() != bytes) std::abort();
    const auto once = *state;
    if (!state->merge(once)) std::abort();
    if (EntityState::from_bytes(state->bytes()).value() != *state) std::abort();
    for (const auto& accumulator : state->accumulators()) {
      if (const auto* counts = std::get_if<BucketCounts>(&accumulator)) {
        counts->within(Timestamp::from_seconds(1), std::chrono::hours(1));
        if (!(counts->decayed(Timestamp::from_seconds(1), std::chrono::hours(1)) >= 0))
          std::abort();
      }
      if (const auto* distinct = std::get_if<DistinctCount>(&accumulator)) {
        if (!(distinct->estimate() >= 0)) std::abort();
      }
    }
  }
  if (const auto slice = StateSlice::from_bytes(bytes)) {
    if (slice->bytes() != bytes) std::abort();
  }
  if (const auto vector = FeatureVector::from_bytes(bytes)) {
    if (vector->bytes() != bytes) std::abort();
  }
  return 0;
}
