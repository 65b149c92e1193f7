// What a history remembers of an entity. An entity that was never seen has empty accumulators; an
// event that does not name the entity has none, and every value is missing.
#include "features/detail/primitive.h"
#include "features/entity_state.h"

namespace winnow::features {
namespace {

using Cells = std::span<const Cell>;
constexpr double kDayUs = 86'400e6;

Duration seconds(double value) {
  return Duration(static_cast<std::int64_t>(std::min(value, 1e9) * 1e6));
}

Cell days_since(const Context& context, Cells a, std::int64_t SeenSpan::*moment) {
  if (a[0].is_missing() || a[0].as<SeenSpan>().empty()) return Cell::missing_number();
  const auto age =
      static_cast<double>(context.now.micros()) - static_cast<double>(a[0].as<SeenSpan>().*moment);
  return Cell::of(std::max(0.0, age / kDayUs));  // a late event is older than what is known
}

template <typename Measure>
Cell windowed(Cells a, Measure measure) {
  if (a[0].is_missing() || !(a[1].number > 0)) return Cell::missing_number();
  return Cell::of(static_cast<double>(measure(a[0].as<BucketCounts>(), seconds(a[1].number))));
}

constexpr Primitive kTable[] = {
    {"was_seen", "seen -> yes/no", "there was an observation before",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number() : Cell::of(!a[0].as<SeenSpan>().empty());
     }},
    {"days_since_first", "seen -> number",
     "days since the first observation; missing when never seen",
     [](const Context& context, Cells a) { return days_since(context, a, &SeenSpan::first_us); }},
    {"days_since_last", "seen -> number",
     "days since the last observation; missing when never seen",
     [](const Context& context, Cells a) { return days_since(context, a, &SeenSpan::last_us); }},
    {"total", "counts -> number", "the sum of all times",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(static_cast<double>(a[0].as<BucketCounts>().total()));
     }},
    {"within", "counts, number -> number",
     "the sum of the last so many seconds (write 7d, 24h), in whole buckets",
     [](const Context& context, Cells a) {
       return windowed(a, [&](const BucketCounts& counts, Duration window) {
         return counts.within(context.now, window);
       });
     }},
    {"active", "counts, number -> number",
     "how many buckets of that time have a count: active days, for buckets of a day",
     [](const Context& context, Cells a) {
       return windowed(a, [&](const BucketCounts& counts, Duration window) {
         return counts.active(context.now, window);
       });
     }},
    {"decayed", "counts, number -> number", "the sum, halved for every so many seconds of age",
     [](const Context& context, Cells a) {
       return windowed(a, [&](const BucketCounts& counts, Duration half) {
         return counts.decayed(context.now, half);
       });
     }},
    {"different", "distinct -> number", "about how many different values were observed",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(a[0].as<DistinctCount>().estimate());
     }},
};

}  // namespace

std::span<const Primitive> history_primitives() { return kTable; }

}  // namespace winnow::features
