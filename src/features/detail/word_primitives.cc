// Words, lexicons and brands: words(text, people) reads the text once, the others read what it
// found.
#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/utf8.h"
#include "features/detail/primitive.h"
#include "features/detail/words.h"

namespace winnow::features {
namespace {

using Cells = std::span<const Cell>;
constexpr std::size_t kVarietyWords = 200;
constexpr double kLeastWords = 20;  // one word of a three-word mail is no density

template <typename T>
std::span<const T> keep_all(const Context& context, const std::vector<T>& items) {
  auto* place = static_cast<T*>(context.arena.allocate(items.size() * sizeof(T) + 1, alignof(T)));
  std::uninitialized_copy(items.begin(), items.end(), place);
  return {place, items.size()};
}

// One word counts once for an id, however many of its patterns begin there.
std::vector<Words::Mention> find_mentions(const Phrases& phrases, std::string_view text,
                                          std::span<const Word> words) {
  std::vector<Phrases::Id> found;
  found.reserve(words.size());
  for (const auto& word : words) {
    const auto of_word = static_cast<std::ptrdiff_t>(found.size());
    phrases.match(text.data() + word.begin, [&](Phrases::Id id) {
      if (std::find(found.begin() + of_word, found.end(), id) == found.end()) found.push_back(id);
    });
  }
  std::sort(found.begin(), found.end());
  std::vector<Words::Mention> mentions;
  for (const auto id : found) {
    if (mentions.empty() || mentions.back().id != id) mentions.push_back({id, 0});
    ++mentions.back().count;
  }
  return mentions;
}

Cell scan(const Context& context, std::string_view text, Replace replace,
          std::span<const std::string> people) {
  const auto normal = normalise(text, replace, people);
  Words words;
  // The walk reads the NUL behind the text.
  auto* place = static_cast<char*>(context.arena.allocate(normal.text.size() + 9, 1));
  std::copy_n(normal.text.data(), normal.text.size(), place);
  std::fill_n(place + normal.text.size(), 9, '\0');
  words.text = {place, normal.text.size()};
  words.tokens = normal.tokens;
  words.written_words = normal.written_words;
  words.words = keep_all(context, find_words(words.text));
  words.mentions =
      keep_all(context, find_mentions(context.vocabulary.phrases(), words.text, words.words));
  return Cell::of_object(keep(context, words));
}

Cell words_of(const Context& context, Cells a) {
  if (a[0].is_missing()) return {};
  std::vector<std::string> people;
  if (!a[1].is_missing()) {
    people = names_of_people(a[1].texts(), context.vocabulary.phrases());
  }
  return scan(context, a[0].text(), Replace::WhatVaries, people);
}

Cell plain_words_of(const Context& context, Cells a) {
  return a[0].is_missing() ? Cell() : scan(context, a[0].text(), Replace::Nothing, {});
}

template <typename Measure>
Cell measure(Cells a, Measure of) {
  return a[0].is_missing() ? Cell::missing_number() : of(a[0].as<Words>());
}

double mentions_of(const Words& words, const Cell& lexicon) {
  return words.count(static_cast<Phrases::Id>(lexicon.number));
}

Cell per_hundred(const Context&, Cells a) {
  return measure(a, [&](const Words& words) {
    return Cell::of(100 * mentions_of(words, a[1]) /
                    std::max(kLeastWords, static_cast<double>(words.written_words)));
  });
}

Cell mean_length(const Context&, Cells a) {
  return measure(a, [](const Words& words) {
    if (words.words.empty()) return Cell::missing_number();
    double bytes = 0;
    for (const auto& word : words.words) bytes += word.end - word.begin;
    return Cell::of(bytes / static_cast<double>(words.words.size()));
  });
}

// Different words among the first `size`, at most kVarietyWords: an open hash table of positions.
std::size_t count_different(const Words& words, std::size_t size) {
  std::array<std::uint8_t, 512> table{};  // position + 1; at most 40 % full
  static_assert(kVarietyWords < 256);
  std::size_t different = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const auto word = words[i];
    auto at = hash64(word) % table.size();
    while (table[at] != 0 && words[table[at] - 1U] != word) at = (at + 1) % table.size();
    if (table[at] != 0) continue;
    table[at] = static_cast<std::uint8_t>(i + 1);
    ++different;
  }
  return different;
}

Cell variety(const Context&, Cells a) {
  return measure(a, [](const Words& words) {
    const auto size = std::min(words.words.size(), kVarietyWords);
    if (size == 0) return Cell::missing_number();
    return Cell::of(static_cast<double>(count_different(words, size)) / static_cast<double>(size));
  });
}

// "Hello Anna," or "Anna:": a greeting word at most, one more word, then , : or !
Cell opens_with_name(const Context& context, Cells a) {
  return measure(a, [&](const Words& words) {
    std::size_t at = 0;
    if (words.words.empty() || words.words[0].begin > 2) return Cell::of(false);
    bool greets = false;
    context.vocabulary.phrases().match(
        words.text.data() + words.words[0].begin,
        [&](Phrases::Id id) { greets = greets || id == static_cast<Phrases::Id>(a[1].number); });
    if (greets && words.words.size() > 1 && words.words[1].begin - words.words[0].end <= 2) ++at;
    auto end = words.words[at].end;
    if (words.text[end] == ' ') ++end;
    return Cell::of(end < words.text.size() &&
                    std::string_view(",:!").find(words.text[end]) != std::string_view::npos);
  });
}

enum class Common : std::uint8_t { Counts, DoesNot };

template <Common kCommon, typename Wanted>
double count_brands(const Context& context, const Words& words, Wanted wanted) {
  double count = 0;
  for (const auto& mention : words.mentions) {
    const auto* brand = context.vocabulary.brand_of(mention.id);
    if (brand == nullptr || (kCommon == Common::DoesNot && brand->common_word)) continue;
    count += wanted(*brand) ? 1 : 0;
  }
  return count;
}

template <Common kCommon>
Cell brands(const Context& context, Cells a) {
  return measure(a, [&](const Words& words) {
    return Cell::of(count_brands<kCommon>(context, words, [](const Brand&) { return true; }));
  });
}

template <Common kCommon, bool kOwn>
Cell brands_by_owner(const Context& context, Cells a) {
  if (a[1].is_missing()) return Cell::missing_number();
  return measure(a, [&](const Words& words) {
    return Cell::of(count_brands<kCommon>(context, words, [&](const Brand& brand) {
      return context.vocabulary.owns(brand, a[1].text()) == kOwn;
    }));
  });
}

// The brand mentioned most; the first by name among equals.
const Words::Mention* top_brand(const Context& context, const Words& words) {
  const Words::Mention* top = nullptr;
  for (const auto& mention : words.mentions) {
    if (context.vocabulary.brand_of(mention.id) == nullptr) continue;
    if (top == nullptr || mention.count > top->count) top = &mention;
  }
  return top;
}

Cell top_brand_mentions(const Context& context, Cells a) {
  return measure(a, [&](const Words& words) {
    const auto* top = top_brand(context, words);
    return Cell::of(top == nullptr ? 0.0 : static_cast<double>(top->count));
  });
}

Cell top_brand_name(const Context& context, Cells a) {
  if (a[0].is_missing()) return Cell::missing_text();
  const auto* top = top_brand(context, a[0].as<Words>());
  return top == nullptr ? Cell::missing_text()
                        : Cell::of(std::string_view(context.vocabulary.brand_of(top->id)->key));
}

constexpr Primitive kTable[] = {
    {"words", "text, texts -> words",
     "a text as its reader takes it: folded, with tokens in place of URLs, addresses, domains, "
     "numbers, amounts and the "
     "names in the given mailboxes",
     words_of},
    {"plain_words", "text -> words", "a text folded, nothing replaced", plain_words_of, true},
    {"word_count", "words -> number", "how many words",
     [](const Context&, Cells a) {
       return measure(
           a, [](const Words& words) { return Cell::of(static_cast<double>(words.words.size())); });
     }},
    {"mentions", "words, lexicon -> number", "how often words or phrases of the lexicon occur",
     [](const Context&, Cells a) {
       return measure(a, [&](const Words& words) { return Cell::of(mentions_of(words, a[1])); });
     }},
    {"per_hundred", "words, lexicon -> number",
     "the same for a hundred words as written (the pieces of a URL are words too), at least 20",
     per_hundred},
    {"token_count", "words, token -> number",
     "how many tokens of a kind were put in: url, address, domain, number, money, recipient",
     [](const Context&, Cells a) {
       return measure(a, [&](const Words& words) {
         return Cell::of(static_cast<double>(words.tokens[static_cast<std::size_t>(a[1].number)]));
       });
     }},
    {"word_length", "words -> number", "mean length of a word in bytes of its folded form",
     mean_length},
    {"word_variety", "words -> number", "different words among the first 200", variety},
    {"opens_with_name", "words, lexicon -> yes/no",
     "begins with a name and a comma, perhaps after a word of the lexicon: 'Hello Anna,'",
     opens_with_name},
    {"brands", "words -> number", "different brands named", brands<Common::Counts>},
    {"sure_brands", "words -> number", "the same without those whose name is a common word",
     brands<Common::DoesNot>},
    {"foreign_brands", "words, text -> number",
     "brands named that do not own the registrable domain", brands_by_owner<Common::Counts, false>},
    {"sure_foreign_brands", "words, text -> number",
     "the same without those whose name is a common word", brands_by_owner<Common::DoesNot, false>},
    {"own_brands", "words, text -> number", "brands named that own the registrable domain",
     brands_by_owner<Common::Counts, true>},
    {"top_brand_mentions", "words -> number", "how often the brand named most is named",
     top_brand_mentions},
    {"top_brand", "words -> text", "the brand named most; missing without any", top_brand_name},
};

}  // namespace

std::span<const Primitive> word_primitives() { return kTable; }

}  // namespace winnow::features
