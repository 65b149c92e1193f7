// Texts and lists of texts.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/utf8.h"
#include "features/detail/numbers.h"
#include "features/detail/primitive.h"
#include "features/detail/text_marks.h"
#include "names/letters.h"
#include "names/text_fold.h"

namespace winnow::features {
namespace {

using Cells = std::span<const Cell>;

// Applies `measure` to the first argument where it is present.
template <typename Measure>
Cell number_of(Cells a, Measure measure) {
  return a[0].is_missing() ? Cell::missing_number()
                           : Cell::of(static_cast<double>(measure(a[0].text())));
}
template <typename Question>
Cell answer(Cells a, Question question) {
  return a[0].is_missing() || a[1].is_missing()
             ? Cell::missing_number()
             : Cell::of(static_cast<bool>(question(a[0].text(), a[1].text())));
}
template <typename Change>
Cell text_of(const Context& context, Cells a, Change change) {
  if (a[0].is_missing()) return Cell::missing_text();
  const auto changed = change(a[0].text());
  return changed.empty() ? Cell::missing_text() : Cell::of(keep_text(context, changed));
}

double characters_in(std::string_view text) {
  return static_cast<double>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// Shannon's entropy in bits a byte, with a logarithm that is the same on every machine.
double entropy_of(std::string_view text) {
  if (text.empty()) return 0;
  std::array<std::uint32_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double sum = 0;
  for (const auto count : counts) {
    if (count > 1) sum += count * natural_log(count);
  }
  const auto size = static_cast<double>(text.size());
  return (natural_log(size) - sum / size) / natural_log(2);
}

double occurrences(std::string_view text, std::string_view part) {
  double count = 0;
  if (part.empty()) return 0;
  for (auto at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

Cell one_of(const Context&, Cells a) {
  if (a[0].is_missing()) return Cell::missing_number();
  return Cell::of(
      std::any_of(a.begin() + 1, a.end(), [&](const Cell& c) { return c.text() == a[0].text(); }));
}

Cell has_text(const Context&, Cells a) {
  if (a[0].is_missing() || a[1].is_missing()) return Cell::missing_number();
  const auto texts = a[0].texts();
  return Cell::of(std::find(texts.begin(), texts.end(), a[1].text()) != texts.end());
}

Cell shared(const Context&, Cells a) {
  if (a[0].is_missing() || a[1].is_missing()) return Cell::missing_number();
  const auto share = shared_part(fold_text(a[0].text()), a[1].text());
  return share < 0 ? Cell::missing_number() : Cell::of(share);
}

Cell first_bytes(const Context&, Cells a) {
  if (a[0].is_missing() || !(a[1].number >= 0)) return Cell::missing_text();
  const auto most = static_cast<std::size_t>(std::min(a[1].number, 1e9));
  return Cell::of(utf8_prefix(a[0].text(), most));
}

Cell text_before(const Context&, Cells a) {
  if (a[0].is_missing() || a[1].is_missing()) return Cell::missing_text();
  return Cell::of(a[0].text().substr(0, a[0].text().find(a[1].text())));
}

constexpr Primitive kTable[] = {
    {"length", "text -> number", "its characters",
     [](const Context&, Cells a) { return number_of(a, characters_in); }},
    {"first", "text, number -> text", "its beginning, at most so many bytes", first_bytes},
    {"before", "text, text -> text",
     "what stands before the first place of the second; all of it where there is none",
     text_before},
    {"as_text", "number -> text", "a whole number in decimal digits; missing for others",
     [](const Context& context, Cells a) {
       constexpr double kExact = 9e15;
       const double number = a[0].number;
       if (!(std::abs(number) <= kExact) || number != std::floor(number))
         return Cell::missing_text();
       return Cell::of(keep_text(context, std::to_string(static_cast<std::int64_t>(number))));
     }},
    {"lower", "text -> text", "in lower case, ASCII letters only",
     [](const Context& context, Cells a) {
       return text_of(context, a, [](auto text) { return ascii_lower(text); });
     }},
    {"without_digits", "text -> text",
     "the text with 0-9 left out, so that names and lines alike but for numbers are one",
     [](const Context& context, Cells a) {
       return text_of(context, a, [](auto text) {
         std::string rest(text);
         std::erase_if(rest, [](char c) { return c >= '0' && c <= '9'; });
         return rest;
       });
     }},
    {"contains", "text, text -> yes/no", "the first holds the second",
     [](const Context&, Cells a) {
       return answer(
           a, [](auto text, auto part) { return text.find(part) != std::string_view::npos; });
     }},
    {"starts_with", "text, text -> yes/no", "the first begins with the second",
     [](const Context&, Cells a) {
       return answer(a, [](auto text, auto part) { return text.starts_with(part); });
     }},
    {"ends_with", "text, text -> yes/no", "the first ends with the second",
     [](const Context&, Cells a) {
       return answer(a, [](auto text, auto part) { return text.ends_with(part); });
     }},
    {"one_of", "text, text... -> yes/no", "the first equals one of the others", one_of},
    {"occurrences", "text, text -> number", "how often the first holds the second",
     [](const Context&, Cells a) {
       return a[0].is_missing() || a[1].is_missing()
                  ? Cell::missing_number()
                  : Cell::of(occurrences(a[0].text(), a[1].text()));
     }},
    {"entropy", "text -> number", "Shannon entropy in bits a byte: high for generated names",
     [](const Context&, Cells a) { return number_of(a, entropy_of); }},
    {"digit_share", "text -> number", "the share of 0-9",
     [](const Context&, Cells a) { return number_of(a, digit_share); }},
    {"size", "texts -> number", "how many texts",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number() : Cell::of(static_cast<double>(a[0].size));
     }},
    {"has", "texts, text -> yes/no", "the text is one of the texts", has_text},
    {"local_part", "text -> text", "of a mailbox, what stands before the last '@'",
     [](const Context& context, Cells a) {
       return text_of(context, a, [](auto text) { return text.substr(0, text.rfind('@')); });
     }},
    {"mail_host", "text -> text", "of a mailbox, what stands behind the last '@'",
     [](const Context& context, Cells a) {
       return text_of(context, a, [](auto text) { return text.substr(text.rfind('@') + 1); });
     }},
    {"without_prefixes", "text -> text",
     "a subject without [tags], Re:, Fwd: and their kin in other languages",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? a[0] : Cell::of(read_subject(a[0].text()).rest);
     }},
    {"is_reply", "text -> yes/no", "a subject with a Re: of some language",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(read_subject(a[0].text()).reply);
     }},
    {"is_forward", "text -> yes/no", "a subject with a Fwd: of some language",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(read_subject(a[0].text()).forward);
     }},
    {"mailbox_in", "text -> text", "the first mail address in it, lower case; missing without one",
     [](const Context& context, Cells a) { return text_of(context, a, mailbox_in); }},
    {"domain_in", "text -> text",
     "the first domain name in it that is no part of an address; missing without one",
     [](const Context& context, Cells a) { return text_of(context, a, domain_in); }},
    {"looks_personal", "text -> yes/no", "two to four capitalised words, as a person's name",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number() : Cell::of(looks_personal(a[0].text()));
     }},
    {"has_reference_number", "text -> yes/no",
     "a case, order or ticket number: #4711, 482913, INV-20391",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number()
                                : Cell::of(has_reference_number(a[0].text()));
     }},
    {"has_phone_number", "text -> yes/no",
     "ten to fifteen digits in the groups of a telephone number",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? Cell::missing_number() : Cell::of(has_phone_number(a[0].text()));
     }},
    {"code_marks", "text -> number",
     "marks of program text, logs and patches: f(), a_b, ::, ->, 0x1f, /usr/",
     [](const Context&, Cells a) { return number_of(a, count_code_marks); }},
    {"shared_part", "text, text -> number",
     "the longest word of a name that the other text shares with it, over the longest word; "
     "missing without words",
     shared},
};

}  // namespace

std::span<const Primitive> text_primitives() { return kTable; }

}  // namespace winnow::features
