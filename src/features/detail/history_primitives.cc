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

// What a window knows of the last so many seconds; missing when it does not look back that far.
template <typename Window, typename Measure>
Cell recent(Cells a, Measure measure) {
  if (a[0].is_missing() || !(a[1].number > 0)) return Cell::missing_number();
  const auto& window = a[0].as<Window>();
  if (a[1].number > window.window_s()) return Cell::missing_number();
  return Cell::of(static_cast<double>(measure(window, seconds(a[1].number))));
}

template <typename Measure>
Cell usual(const Context& context, Cells a, Measure measure) {
  if (a[0].is_missing() || !(a[1].number > 0)) return Cell::missing_number();
  const auto usual = a[0].as<BucketCounts>().usual(context.now, seconds(a[1].number));
  return usual ? Cell::of(measure(*usual)) : Cell::missing_number();
}

Cell rhythm(const Context& context, Cells a, double Arrivals::Rhythm::*measure) {
  if (a[0].is_missing()) return Cell::missing_number();
  const auto rhythm = a[0].as<Arrivals>().rhythm(context.now);
  return rhythm ? Cell::of((*rhythm).*measure) : Cell::missing_number();
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
    {"usual", "counts, number -> number",
     "the mean of the whole buckets of the last so many seconds, from the oldest one kept; missing "
     "without any",
     [](const Context& context, Cells a) {
       return usual(context, a, [](const BucketCounts::Usual& known) { return known.mean; });
     }},
    {"deviation", "counts, number -> number", "the standard deviation of those buckets",
     [](const Context& context, Cells a) {
       return usual(context, a, [](const BucketCounts::Usual& known) { return known.deviation; });
     }},
    {"above_usual", "counts, number -> number",
     "how many standard deviations (each at least 1) the present bucket stands above their mean",
     [](const Context& context, Cells a) {
       return usual(context, a, [](const BucketCounts::Usual& known) {
         return (known.present - known.mean) / std::max(known.deviation, 1.0);
       });
     }},
    {"within", "window, number -> number",
     "the sum of the last so many seconds, in whole twelfths of the window; missing beyond it",
     [](const Context& context, Cells a) {
       return recent<WindowCounts>(a, [&](const WindowCounts& window, Duration back) {
         return window.within(context.now, back);
       });
     }},
    {"rate", "window, number -> number", "the same for a second",
     [](const Context& context, Cells a) {
       return recent<WindowCounts>(a, [&](const WindowCounts& window, Duration back) {
         return static_cast<double>(window.within(context.now, back)) / a[1].number;
       });
     }},
    {"different", "distinct_window, number -> number",
     "about how many different values the last so many seconds had, in whole twelfths of the "
     "window; missing beyond it",
     [](const Context& context, Cells a) {
       return recent<WindowDistinct>(a, [&](const WindowDistinct& window, Duration back) {
         return window.estimate(context.now, back);
       });
     }},
    {"observed", "frequencies -> number", "how many values were observed",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(static_cast<double>(a[0].as<Frequencies>().total()));
     }},
    {"occurrences", "frequencies, text -> number",
     "how often the value was observed: never too low, rarely too high by 1 % of all",
     [](const Context&, Cells a) {
       return a[0].is_missing() || a[1].is_missing()
                  ? Cell::missing_number()
                  : Cell::of(static_cast<double>(a[0].as<Frequencies>().count(a[1].text())));
     }},
    {"rarity", "frequencies, text -> number",
     "bits of surprise at the value: log2 of (all observed + 1) / (its occurrences + 1)",
     [](const Context&, Cells a) {
       return a[0].is_missing() || a[1].is_missing()
                  ? Cell::missing_number()
                  : Cell::of(a[0].as<Frequencies>().rarity(a[1].text()));
     }},
    {"entropy", "frequencies -> number",
     "Shannon entropy of the values observed, in bits, at most 8",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(a[0].as<Frequencies>().entropy());
     }},
    {"size", "arrivals -> number", "how many arrivals are remembered, at most 32",
     [](const Context& context, Cells a) {
       return a[0].is_missing()
                  ? Cell::missing_number()
                  : Cell::of(static_cast<double>(a[0].as<Arrivals>().until(context.now)));
     }},
    {"period", "arrivals -> number",
     "the median of the seconds between them; missing with fewer than 5 arrivals",
     [](const Context& context, Cells a) {
       return rhythm(context, a, &Arrivals::Rhythm::period_s);
     }},
    {"regularity", "arrivals -> number",
     "how steady they are: 1 - median absolute deviation / median; 1 for a clock, about 0.3 by "
     "chance",
     [](const Context& context, Cells a) {
       return rhythm(context, a, &Arrivals::Rhythm::regularity);
     }},
    {"gap_skew", "arrivals -> number",
     "how lopsided the seconds between them are: Bowley's skewness, 0 for a jittered clock, about "
     "0.3 by chance",
     [](const Context& context, Cells a) { return rhythm(context, a, &Arrivals::Rhythm::skew); }},
    {"different", "distinct -> number", "about how many different values were observed",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(a[0].as<DistinctCount>().estimate());
     }},
};

}  // namespace

std::span<const Primitive> history_primitives() { return kTable; }

}  // namespace winnow::features
