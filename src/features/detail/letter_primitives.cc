// The characters of a text: letters(text) counts them once, the others read the counts.
#include "features/detail/letters.h"
#include "features/detail/primitive.h"

namespace winnow::features {
namespace {

using Cells = std::span<const Cell>;
using Count = std::uint32_t Letters::*;

Cell count_all(const Context& context, Cells a) {
  return a[0].is_missing() ? Cell() : Cell::of_object(keep(context, count_letters(a[0].text())));
}

template <Count kCount>
Cell number(const Context&, Cells a) {
  return a[0].is_missing() ? Cell::missing_number()
                           : Cell::of(static_cast<double>(a[0].as<Letters>().*kCount));
}

// Missing where there is nothing to take a share of.
template <Count kPart, Count kWhole>
Cell share(const Context&, Cells a) {
  if (a[0].is_missing() || a[0].as<Letters>().*kWhole == 0) return Cell::missing_number();
  return Cell::of(static_cast<double>(a[0].as<Letters>().*kPart) / (a[0].as<Letters>().*kWhole));
}

constexpr Primitive kTable[] = {
    {"letters", "text -> letters", "counts the characters of a text", count_all},
    {"characters", "letters -> number", "characters, invisible ones left out",
     number<&Letters::characters>},
    {"letter_count", "letters -> number", "letters", number<&Letters::letters>},
    {"upper_share", "letters -> number", "capitals among the letters",
     share<&Letters::upper, &Letters::letters>},
    {"digits_among", "letters -> number", "digits among the characters",
     share<&Letters::digits, &Letters::characters>},
    {"markup_share", "letters -> number", "( ) { } [ ] ; = < > | \\ _ * / + among the characters",
     share<&Letters::markup, &Letters::characters>},
    {"foreign_share", "letters -> number", "characters beyond ASCII that are no letters, among all",
     share<&Letters::foreign, &Letters::characters>},
    {"exclamations", "letters -> number", "exclamation marks", number<&Letters::exclamations>},
    {"questions", "letters -> number", "question marks", number<&Letters::questions>},
    {"symbols", "letters -> number", "emoji and other symbols beyond ASCII",
     number<&Letters::symbols>},
    {"odd_characters", "letters -> number", "ASCII characters that names do not have",
     number<&Letters::odd>},
    {"invisible", "letters -> number", "zero-width and other characters that take no room",
     number<&Letters::invisible>},
    {"shouted", "letters -> number", "runs of three capitals or more", number<&Letters::shouted>},
    {"letter_words", "letters -> number", "runs of letters", number<&Letters::words>},
    {"lines", "letters -> number", "lines that are not blank", number<&Letters::lines>},
    {"line_length", "letters -> number", "mean length of those lines",
     share<&Letters::line_characters, &Letters::lines>},
    {"short_line_share", "letters -> number", "lines of fewer than 40 characters among them",
     share<&Letters::short_lines, &Letters::lines>},
    {"mixes_scripts", "letters -> yes/no", "a word mixes Latin letters with Greek or Cyrillic ones",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(a[0].as<Letters>().mixed_scripts);
     }},
};

}  // namespace

std::span<const Primitive> letter_primitives() { return kTable; }

}  // namespace winnow::features
