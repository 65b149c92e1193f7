#include "features/detail/text_marks.h"

#include <gtest/gtest.h>

#include "features/detail/letters.h"

namespace winnow::features {
namespace {

TEST(Subject, LosesTagsAndPrefixesOfAllLanguages) {
  const auto check = [](std::string_view subject, std::string_view rest, bool reply, bool forward) {
    const auto parts = read_subject(subject);
    EXPECT_EQ(parts.rest, rest) << subject;
    EXPECT_EQ(parts.reply, reply) << subject;
    EXPECT_EQ(parts.forward, forward) << subject;
  };
  check("Re: hello", "hello", true, false);
  check("  [list] RE: AW: Fwd: hello ", "hello", true, true);
  check("Re[2]: hello", "hello", true, false);
  check("WG: Rechnung", "Rechnung", false, true);
  check("Report: all well", "Report: all well", false, false);
  check("[no end", "[no end", false, false);
  check("re", "re", false, false);
  check("", "", false, false);
}

TEST(TextMarks, FindAddressesAndDomains) {
  EXPECT_EQ(mailbox_in("PayPal <Service@PayPal.com>"), "service@paypal.com");
  EXPECT_EQ(mailbox_in("a @ b, x@y, ok@b.example.org."), "ok@b.example.org");
  EXPECT_EQ(mailbox_in("nobody"), "");
  EXPECT_EQ(domain_in("Visit Amazon.de now"), "amazon.de");
  EXPECT_EQ(domain_in("ann@amazon.de"), "");
  EXPECT_EQ(domain_in("version 1.2.3"), "");
}

TEST(TextMarks, TellPeopleFromServices) {
  EXPECT_TRUE(looks_personal("Ann Lee"));
  EXPECT_TRUE(looks_personal("Jürgen O'Neil-Großmann"));
  EXPECT_FALSE(looks_personal("PayPal"));
  EXPECT_FALSE(looks_personal("your bank team"));
  EXPECT_FALSE(looks_personal("Ann Lee 24"));
}

TEST(TextMarks, FindNumbers) {
  for (const auto* text : {"#4711", "482913", "INV-20391", "ticket ab1234"})
    EXPECT_TRUE(has_reference_number(text)) << text;
  for (const auto* text : {"", "2026", "at 10:30", "a 123", "v1.2.3"})
    EXPECT_FALSE(has_reference_number(text)) << text;
  for (const auto* text : {"+1 (800) 555-0199", "call 030 1234 56789"})
    EXPECT_TRUE(has_phone_number(text)) << text;
  for (const auto* text : {"4000123412341234", "2026-01-02", "10 20"})
    EXPECT_FALSE(has_phone_number(text)) << text;
}

TEST(TextMarks, CountProgramText) {
  EXPECT_EQ(count_code_marks("Dear customer, your account (1) is limited; please verify."), 0U);
  EXPECT_EQ(count_code_marks(
                "call foo() in main.cc, std::max, a->b, x == 1, a && b, my_name, 0x1f, /usr/bin"),
            9U);
  EXPECT_EQ(count_code_marks("+int x;\n-int y;\n"), 4U);
}

TEST(TextMarks, CompareNamesWithAddresses) {
  EXPECT_DOUBLE_EQ(shared_part("ann lee", "ann.lee"), 1);
  EXPECT_DOUBLE_EQ(shared_part("paypal service", "xk29"), 0);
  EXPECT_DOUBLE_EQ(shared_part("annabel", "ann"), 1);
  EXPECT_LT(shared_part("a b", "ann"), 0);
}

TEST(Letters, AreCountedInOnePass) {
  const auto letters = count_letters(
      "FREE Win\xF0\x9F\x8E\x81!\nab\xE2\x80\x8B"
      "cd (x)?\n\n\xD0\xB0"
      "bc");
  EXPECT_EQ(letters.letters, 15U);
  EXPECT_EQ(letters.upper, 5U);
  EXPECT_EQ(letters.shouted, 1U);
  EXPECT_EQ(letters.symbols, 1U);
  EXPECT_EQ(letters.invisible, 1U);
  EXPECT_EQ(letters.exclamations, 1U);
  EXPECT_EQ(letters.questions, 1U);
  EXPECT_EQ(letters.lines, 3U);
  EXPECT_EQ(letters.short_lines, 3U);
  EXPECT_TRUE(letters.mixed_scripts);  // Cyrillic а beside Latin b
  EXPECT_FALSE(count_letters("plain text, каждое слово одно").mixed_scripts);
}

}  // namespace
}  // namespace winnow::features
