#include "features/detail/words.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "features/detail/phrases.h"
#include "tests/support/support.h"

namespace winnow::features {
namespace {

std::string normal(std::string_view text, std::vector<std::string> people = {}) {
  return std::string(trim_ascii(normalise(text, Replace::WhatVaries, people).text));
}

TEST(Normalise, ReplacesWhatChangesFromMailToMail) {
  const std::pair<const char*, const char*> cases[] = {
      {"See https://evil.example/a?b=c now", "see xxurl now"},
      {"(www.evil.example/x)", "( xxurl )"},
      {"write to ann@corp.example, please", "write to xxaddr please"},
      {"phishing@pot got it", "xxaddr got it"},
      {"at mail.corp.example today", "at xxdom today"},
      {"pay $1,299.00 or 20 EUR or 5€", "pay xxmoney or xxmoney or xxmoney"},
      {"card 4000 1234 5678 of 12/03/2026", "card xxnum of xxnum"},
      {"Order AB-1234 at 10:30", "order ab- xxnum at xxnum"},
      {"  white \t\n space ", "white space"},
      {"Ünïcode ＰａｙＰａｌ pass\u200bword", "unicode paypal password"},
      {"end.Next sentence. e.g. this", "xxdom sentence. e.g. this"},
      {"", ""},
      {"@@@@ a@", "xxaddr xxaddr"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(normal(text), expected);
}

TEST(Normalise, ReplacesTheRecipientsName) {
  Phrases::Builder builder;
  builder.add("account*", 0);
  const auto known = std::move(builder).build();
  const std::string_view mailboxes[] = {"bob.miller@corp.example", "accounts@corp.example",
                                        "jo@corp.example"};
  const auto people = names_of_people(mailboxes, known);
  EXPECT_EQ(people, std::vector<std::string>{"miller"}) << "known words and short ones stay";
  EXPECT_EQ(normal("Dear Miller, your accounts", people), "dear xxrcpt , your accounts");
}

TEST(Normalise, IsBoundedAndKeepsItsFrame) {
  testing::for_each_seed(300, [](Rng& rng) {
    static constexpr std::string_view kPieces[] = {"a", "@", ".",  "http://", "www.", "1", "$",
                                                   " ", "€", "\n", "é",       "-",    ",", "'"};
    std::string text;
    for (int i = 0; i < 60; ++i) text += kPieces[rng.below(std::size(kPieces))];
    const auto result = normalise(text, Replace::WhatVaries, {});
    EXPECT_EQ(result.text.front(), ' ');
    EXPECT_EQ(result.text.back(), ' ');
    EXPECT_EQ(result.text.find("  "), std::string::npos) << result.text;
    EXPECT_LE(result.text.size(), 8 * text.size() + 8);
    EXPECT_TRUE(is_valid_utf8(result.text));
  });
}

std::vector<int> ids_at_words(const Phrases& phrases, std::string_view text) {
  const auto normalised = normalise(text, Replace::WhatVaries, {}).text;
  std::vector<int> ids;
  for (const auto& word : find_words(normalised)) {
    phrases.match(normalised.c_str() + word.begin, [&](Phrases::Id id) { ids.push_back(id); });
  }
  return ids;
}

TEST(Phrases, FindWordsStemsAndPhrases) {
  Phrases::Builder builder;
  builder.add("urgen*", 0);
  builder.add("log in", 1);
  builder.add("within # hours", 2);
  builder.add("dear valued* customer", 3);
  builder.add("log", 4);
  builder.add("i'm", 5);
  builder.add("пароль", 6);
  const auto phrases = std::move(builder).build();
  EXPECT_EQ(ids_at_words(phrases, "URGENTLY insurgent"), (std::vector<int>{0}));
  EXPECT_EQ(ids_at_words(phrases, "Log in, log-in, login, blog in"),
            (std::vector<int>{4, 1, 4, 1}));
  EXPECT_EQ(ids_at_words(phrases, "within 24 hours"), (std::vector<int>{2}));
  EXPECT_EQ(ids_at_words(phrases, "Dear valuedest customer! dear customer"), (std::vector<int>{3}));
  EXPECT_EQ(ids_at_words(phrases, "I'm"), (std::vector<int>{5}));
  EXPECT_EQ(ids_at_words(phrases, "ПАРОЛЬ"), (std::vector<int>{6}));
  EXPECT_TRUE(phrases.has_word("urgency"));
  EXPECT_TRUE(phrases.has_word("log"));
  EXPECT_FALSE(phrases.has_word("lo"));
}

TEST(Phrases, AgreeWithLookingForEachPatternAlone) {
  testing::for_each_seed(200, [](Rng& rng) {
    const auto word = [&] {
      std::string text;
      for (std::uint64_t i = 0, size = 1 + rng.below(3); i < size; ++i)
        text.push_back(static_cast<char>('a' + rng.below(3)));
      return text;
    };
    std::vector<std::string> patterns;
    Phrases::Builder builder;
    for (Phrases::Id id = 0; id < 12; ++id) {
      patterns.push_back(rng.chance(0.3) ? word() + " " + word() : word());
      if (rng.chance(0.3)) patterns.back() += '*';
      builder.add(patterns.back(), id);
    }
    const auto phrases = std::move(builder).build();
    std::string text = " ";
    for (int i = 0; i < 20; ++i) text += word() + " ";
    for (std::size_t at = 1; at < text.size(); ++at) {
      if (text[at - 1] != ' ') continue;
      std::vector<bool> found(patterns.size());
      phrases.match(text.c_str() + at, [&](Phrases::Id id) { found[id] = true; });
      for (std::size_t id = 0; id < patterns.size(); ++id) {
        const bool prefix = patterns[id].back() == '*';
        const auto plain =
            patterns[id].substr(0, patterns[id].size() - (prefix ? 1 : 0)) + (prefix ? "" : " ");
        EXPECT_EQ(found[id], text.compare(at, plain.size(), plain) == 0)
            << patterns[id] << " in '" << text.substr(at) << "'";
      }
    }
  });
}

TEST(Normalise, CountsWordsAsTheyWereWritten) {
  const std::vector<std::pair<std::string, std::uint32_t>> kTexts = {
      {"", 0},
      {"one", 1},
      {"see https://shop.example/a?b=1 now", 8},  // the pieces of a URL are words
      {"pay $ 20 today", 3},
      {"20 eur", 2},
      {"it's well-known", 4},
      {"ann\tmiller\n", 2},
  };
  const std::vector<std::string> people = {"miller"};
  for (const auto& [text, words] : kTexts) {
    EXPECT_EQ(normalise(text, Replace::WhatVaries, people).written_words, words) << text;
    EXPECT_EQ(normalise(text, Replace::Nothing, {}).written_words, words) << text;
  }
}

}  // namespace
}  // namespace winnow::features
