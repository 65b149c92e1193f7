// Numbers, conditions, missing values.
#include <algorithm>
#include <cmath>

#include "features/detail/numbers.h"
#include "features/detail/primitive.h"

namespace winnow::features {
namespace {

using Cells = std::span<const Cell>;

// A condition with a missing side is missing, unless the other side decides alone (Kleene's logic).
Cell both(const Context&, Cells a) {
  if (a[0].number == 0 || a[1].number == 0) return Cell::of(false);
  return Cell::of(a[0].number * a[1].number);
}
Cell either(const Context&, Cells a) {
  if (a[0].number == 1 || a[1].number == 1) return Cell::of(true);
  return Cell::of(a[0].number + a[1].number);  // 0, or missing
}

template <typename Compare>
Cell compare_numbers(Cells a, Compare compare) {
  if (a[0].is_missing_number() || a[1].is_missing_number()) return Cell::missing_number();
  return Cell::of(compare(a[0].number, a[1].number));
}

template <typename Compare>
Cell compare_texts(Cells a, Compare compare) {
  if (a[0].is_missing() || a[1].is_missing()) return Cell::missing_number();
  return Cell::of(compare(a[0].text(), a[1].text()));
}

Cell divide(const Context&, Cells a) {
  return a[1].number == 0 ? Cell::missing_number() : Cell::of(a[0].number / a[1].number);
}

Cell mean_of(const Context&, Cells a) {
  double sum = 0;
  int present = 0;
  for (const auto& cell : a) {
    if (cell.is_missing_number()) continue;
    sum += cell.number;
    ++present;
  }
  return present == 0 ? Cell::missing_number() : Cell::of(sum / present);
}

Cell count_yes(const Context&, Cells a) {
  return Cell::of(static_cast<double>(
      std::count_if(a.begin(), a.end(), [](const Cell& c) { return c.is_yes(); })));
}

template <bool kLeast>
Cell extreme(const Context&, Cells a) {
  Cell best = Cell::missing_number();
  for (const auto& cell : a) {
    if (cell.is_missing_number()) continue;
    const bool better = best.is_missing_number() ||
                        (kLeast ? cell.number < best.number : cell.number > best.number);
    if (better) best = cell;
  }
  return best;
}

Cell hour_of_day(const Context&, Cells a) {
  constexpr double kHourMs = 3'600'000;
  if (a[0].is_missing_number()) return a[0];
  const double hours = std::floor(a[0].number / kHourMs);
  return Cell::of(hours - 24 * std::floor(hours / 24));
}

constexpr Primitive kTable[] = {
    {"+", "number, number -> number", "sum",
     [](const Context&, Cells a) { return Cell::of(a[0].number + a[1].number); }},
    {"-", "number, number -> number", "difference",
     [](const Context&, Cells a) { return Cell::of(a[0].number - a[1].number); }},
    {"*", "number, number -> number", "product",
     [](const Context&, Cells a) { return Cell::of(a[0].number * a[1].number); }},
    {"/", "number, number -> number", "quotient; missing when the divisor is 0", divide},
    {"==", "number, number -> yes/no", "equal numbers",
     [](const Context&, Cells a) {
       return compare_numbers(a, [](double x, double y) { return x == y; });
     }},
    {"!=", "number, number -> yes/no", "different numbers",
     [](const Context&, Cells a) {
       return compare_numbers(a, [](double x, double y) { return x != y; });
     }},
    {"<", "number, number -> yes/no", "less",
     [](const Context&, Cells a) {
       return compare_numbers(a, [](double x, double y) { return x < y; });
     }},
    {"<=", "number, number -> yes/no", "less or equal",
     [](const Context&, Cells a) {
       return compare_numbers(a, [](double x, double y) { return x <= y; });
     }},
    {">", "number, number -> yes/no", "greater",
     [](const Context&, Cells a) {
       return compare_numbers(a, [](double x, double y) { return x > y; });
     }},
    {">=", "number, number -> yes/no", "greater or equal",
     [](const Context&, Cells a) {
       return compare_numbers(a, [](double x, double y) { return x >= y; });
     }},
    {"==", "text, text -> yes/no", "equal texts, byte for byte",
     [](const Context&, Cells a) {
       return compare_texts(a, [](auto x, auto y) { return x == y; });
     }},
    {"!=", "text, text -> yes/no", "different texts",
     [](const Context&, Cells a) {
       return compare_texts(a, [](auto x, auto y) { return x != y; });
     }},
    {"and", "yes/no, yes/no -> yes/no",
     "both; no as soon as one side is no, else missing when one is missing", both},
    {"or", "yes/no, yes/no -> yes/no",
     "at least one; yes as soon as one side is yes, else missing when one is missing", either},
    {"not", "yes/no -> yes/no", "the opposite",
     [](const Context&, Cells a) { return Cell::of(1 - a[0].number); }},
    {"given", "yes/no, number -> number", "the value where the condition is yes, else missing",
     [](const Context&, Cells a) { return a[0].is_yes() ? a[1] : Cell::missing_number(); }},
    {"given", "yes/no, text -> text", "the text where the condition is yes, else missing",
     [](const Context&, Cells a) { return a[0].is_yes() ? a[1] : Cell::missing_text(); }},
    {"if", "yes/no, number, number -> number",
     "the second where the first is yes, the third where it is no",
     [](const Context&, Cells a) {
       return a[0].is_missing_number() ? Cell::missing_number() : a[0].is_yes() ? a[1] : a[2];
     }},
    {"if", "yes/no, text, text -> text",
     "the second where the first is yes, the third where it is no",
     [](const Context&, Cells a) {
       return a[0].is_missing_number() ? Cell::missing_text() : a[0].is_yes() ? a[1] : a[2];
     }},
    {"or_else", "number, number -> number", "the first, or the second where the first is missing",
     [](const Context&, Cells a) { return a[0].is_missing_number() ? a[1] : a[0]; }},
    {"or_else", "text, text -> text", "the first, or the second where the first is missing",
     [](const Context&, Cells a) { return a[0].is_missing() ? a[1] : a[0]; }},
    {"is_missing", "number -> yes/no", "there is no value",
     [](const Context&, Cells a) { return Cell::of(a[0].is_missing_number()); }},
    {"is_missing", "text -> yes/no", "there is no text (an empty one is a text)",
     [](const Context&, Cells a) { return Cell::of(a[0].is_missing()); }},
    {"yes", "yes/no -> yes/no", "the condition, no where it is missing",
     [](const Context&, Cells a) { return Cell::of(a[0].is_yes()); }},
    {"log1p", "number -> number", "natural logarithm of 1 + x; negative x count as 0",
     [](const Context&, Cells a) {
       return a[0].is_missing_number() ? a[0] : Cell::of(log1p_of(std::max(0.0, a[0].number)));
     }},
    {"least", "number... -> number", "the least of those present", extreme<true>},
    {"greatest", "number... -> number", "the greatest of those present", extreme<false>},
    {"mean_of", "number... -> number", "the mean of those present", mean_of},
    {"hour_of_day", "number -> number",
     "the hour, 0 to 23 in UTC, of a time in milliseconds since 1970", hour_of_day},
    {"count_yes", "yes/no... -> number", "how many of the conditions are yes", count_yes},
};

}  // namespace

std::span<const Primitive> logic_primitives() { return kTable; }

}  // namespace winnow::features
