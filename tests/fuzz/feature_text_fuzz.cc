// Any bytes as a mail's text: normalised, cut into words, hashed and measured within bounds.
#include <cstdlib>
#include <string_view>

#include "base/utf8.h"
#include "features/detail/grams.h"
#include "features/detail/letters.h"
#include "features/detail/text_marks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  using namespace winnow::features;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const Phrases kPhrases = [] {
    Phrases::Builder builder;
    builder.add("within # hours", 0);
    builder.add("urgen*", 1);
    builder.add("dear valued* a", 2);
    return std::move(builder).build();
  }();
  const std::string people[] = {"anna"};
  for (const auto replace : {Replace::Nothing, Replace::WhatVaries}) {
    const auto normal = normalise(text, replace, people);
    if (normal.text.front() != ' ' || normal.text.back() != ' ' || !is_valid_utf8(normal.text))
      std::abort();
    const auto found = find_words(normal.text);
    for (const auto& [begin, end] : found) {
      if (begin >= end || end >= normal.text.size()) std::abort();
      kPhrases.match(normal.text.c_str() + begin, [](Phrases::Id id) {
        if (id > 2) std::abort();
      });
    }
    Words words;
    words.text = normal.text;
    words.words = found;
    TextBlock block;
    block.bits = 10;
    block.first = 1000;
    for (const auto grams : {TextBlock::Grams::Words, TextBlock::Grams::Letters}) {
      block.grams = grams;
      block.least = grams == TextBlock::Grams::Words ? 1 : 3;
      block.most = grams == TextBlock::Grams::Words ? 2 : 8;
      BucketMarks seen(block.buckets());
      mark_grams(block, words, seen);
    }
  }
  const auto letters = count_letters(text);
  if (letters.upper > letters.letters || letters.letters > letters.characters) std::abort();
  read_subject(text);
  mailbox_in(text);
  domain_in(text);
  looks_personal(text);
  has_reference_number(text);
  has_phone_number(text);
  count_code_marks(text);
  shared_part(text, "anna");
  return 0;
}
