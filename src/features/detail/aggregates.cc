// Lists folded into one value.
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "features/detail/primitive.h"

namespace winnow::features {
namespace {

using Cells = std::span<const Cell>;

double size_of(Cells values) { return static_cast<double>(values.size()); }

double count_yes(Cells values) {
  return static_cast<double>(
      std::count_if(values.begin(), values.end(), [](const Cell& c) { return c.is_yes(); }));
}

template <bool kLeast>
Cell extreme(Cells values) {
  Cell best = Cell::missing_number();
  for (const auto& value : values) {
    if (value.is_missing_number()) continue;
    const bool better = best.is_missing_number() ||
                        (kLeast ? value.number < best.number : value.number > best.number);
    if (better) best = value;
  }
  return best;
}

Cell sum(Cells values) {
  double total = 0;
  for (const auto& value : values) total += value.is_missing_number() ? 0 : value.number;
  return Cell::of(total);
}

Cell mean(Cells values) {
  const auto present = std::count_if(values.begin(), values.end(),
                                     [](const Cell& c) { return !c.is_missing_number(); });
  return present == 0 ? Cell::missing_number()
                      : Cell::of(sum(values).number / static_cast<double>(present));
}

// Each text with how often it stands there; missing ones left out.
std::unordered_map<std::string_view, std::size_t> frequencies(Cells values) {
  std::unordered_map<std::string_view, std::size_t> counts;
  for (const auto& value : values) {
    if (!value.is_missing()) ++counts[value.text()];
  }
  return counts;
}

Cell top_share(Cells values) {
  std::size_t most = 0, all = 0;
  for (const auto& [text, count] : frequencies(values)) {
    most = std::max(most, count);
    all += count;
  }
  return all == 0 ? Cell::missing_number()
                  : Cell::of(static_cast<double>(most) / static_cast<double>(all));
}

constexpr Aggregate kTable[] = {
    {"count", "list -> number", "how many records",
     [](Cells values) { return Cell::of(size_of(values)); }},
    {"count", "list: yes/no -> number", "for how many records the condition is yes",
     [](Cells values) { return Cell::of(count_yes(values)); }},
    {"any", "list: yes/no -> yes/no", "whether it is yes for some record",
     [](Cells values) { return Cell::of(count_yes(values) > 0); }},
    {"all", "list: yes/no -> yes/no", "whether it is yes for every record; yes for an empty list",
     [](Cells values) { return Cell::of(count_yes(values) == size_of(values)); }},
    {"share", "list: yes/no -> number",
     "the share of records for which it is yes; missing for an empty list",
     [](Cells values) {
       return values.empty() ? Cell::missing_number()
                             : Cell::of(count_yes(values) / size_of(values));
     }},
    {"sum", "list: number -> number", "the sum of the values present", sum},
    {"mean", "list: number -> number", "the mean of the values present; missing without any", mean},
    {"max", "list: number -> number", "the greatest value present; missing without any",
     extreme<false>},
    {"min", "list: number -> number", "the least value present; missing without any",
     extreme<true>},
    {"distinct", "list: text -> number", "how many different texts",
     [](Cells values) { return Cell::of(static_cast<double>(frequencies(values).size())); }},
    {"top_share", "list: text -> number",
     "the share of the most frequent text; missing without any", top_share},
    {"first", "list: text -> text", "the first text present",
     [](Cells values) {
       const auto found = std::find_if(values.begin(), values.end(),
                                       [](const Cell& c) { return !c.is_missing(); });
       return found == values.end() ? Cell::missing_text() : *found;
     }},
};

}  // namespace

std::span<const Aggregate> aggregates() { return kTable; }

}  // namespace winnow::features
