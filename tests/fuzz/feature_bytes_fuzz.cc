// Stored states, slices and vectors: any bytes are refused, or are the one form of what they say.
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "features/entity_states.h"
#include "features/feature_vector.h"

namespace {

// Whatever was read answers, and with numbers that make sense.
void ask(const winnow::Accumulator& accumulator) {
  using namespace winnow;
  const auto now = Timestamp::from_seconds(1'770'000'000);
  if (const auto* window = std::get_if<WindowCounts>(&accumulator)) {
    window->within(now, std::chrono::seconds(window->window_s()));
  } else if (const auto* values = std::get_if<WindowDistinct>(&accumulator)) {
    if (!(values->estimate(now, std::chrono::minutes(1)) >= 0)) std::abort();
  } else if (const auto* frequencies = std::get_if<Frequencies>(&accumulator)) {
    const auto entropy = frequencies->entropy();
    if (!(frequencies->rarity("value") >= 0) || !(entropy >= 0 && entropy <= 8.001)) std::abort();
  } else if (const auto* arrivals = std::get_if<Arrivals>(&accumulator)) {
    const auto rhythm = arrivals->rhythm(now);
    const bool is_sound = !rhythm || (rhythm->period_s >= 1 && rhythm->regularity >= 0 &&
                                      rhythm->regularity <= 1 && std::abs(rhythm->skew) <= 1);
    if (!is_sound) std::abort();
  } else if (const auto* counts = std::get_if<BucketCounts>(&accumulator)) {
    const auto usual = counts->usual(now, std::chrono::hours(24));
    if (usual && !(usual->mean >= 0 && usual->deviation >= 0)) std::abort();
  }
}

}  // namespace

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
      ask(accumulator);
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
