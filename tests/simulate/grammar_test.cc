#include "simulate/detail/grammar.h"

#include <gmock/gmock.h>

#include "simulate/detail/phrases.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

TEST(Grammar, ExpandsSymbolsSlotsAndLineEnds) {
  const Grammar grammar("start: {hello} $name,//{line}/end\nhello: Dear\nline: one\n  two");
  Rng rng(1);
  EXPECT_EQ(grammar.expand("start", {{"name", "A/B"}}, rng), "Dear A/B,\n\none two\nend");
}

TEST(Grammar, DrawsEveryAlternative) {
  const Grammar grammar("start: a | b\n  | c");
  Rng rng(1);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(grammar.expand("start", {}, rng));
  EXPECT_THAT(seen, ::testing::ElementsAre("a", "b", "c"));
}

TEST(Grammar, AnEmptySlotLeavesNoDoubleBlank) {
  const Grammar grammar("start: one $empty two");
  Rng rng(1);
  EXPECT_EQ(grammar.expand("start", {{"empty", ""}}, rng), "one two");
}

TEST(Grammar, AMissingRuleIsABugOfOurs) {
  const Grammar grammar("start: {absent}");
  Rng rng(1);
  EXPECT_THROW(grammar.expand("start", {}, rng), ContractViolation);
}

// Each language can say everything, whatever is drawn: rules and slots are all there, and each link
// mark is closed.
TEST(Phrases, EveryLanguageHasEveryTopic) {
  const std::vector<std::string> names = {"name",    "full",  "mailbox", "sender",  "given",
                                          "company", "brand", "project", "amount",  "pressure",
                                          "number",  "days",  "file",    "account", "date"};
  Slots slots;
  for (const auto& name : names) slots[name] = name;
  for (std::size_t language = 0; language < kLanguages; ++language) {
    const Grammar& grammar = phrases(static_cast<Language>(language));
    std::vector<std::string> symbols = {std::string(kReply), std::string(kBankChange),
                                        std::string(kPressure), std::string(kFooter),
                                        std::string(kQuoteLine)};
    for (std::size_t topic = 0; topic < kTopics; ++topic) {
      for (const char* part : {"_subject", "_body"}) {
        symbols.push_back(std::string(name_of(static_cast<Topic>(topic))) + part);
      }
    }
    for (const auto& symbol : symbols) {
      Rng rng(language);
      for (int i = 0; i < 60; ++i) {
        const auto text = grammar.expand(symbol, slots, rng);
        EXPECT_FALSE(text.empty()) << symbol;
        EXPECT_EQ(std::ranges::count(text, '<'), std::ranges::count(text, '>')) << text;
        EXPECT_EQ(text.find_first_of("{}$|"), std::string::npos) << text;
      }
    }
  }
}

}  // namespace
}  // namespace winnow::simulate
