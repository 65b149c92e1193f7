#include "names/domain.h"

#include <array>
#include <regex>

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(Domain, HasOneNormalForm) {
  EXPECT_EQ(to_ascii_domain("WWW.Example.COM.").value(), "www.example.com");
  EXPECT_EQ(to_ascii_domain("BÜCHER.example").value(), "xn--bcher-kva.example");
  EXPECT_EQ(to_ascii_domain("XN--BCHER-KVA.example").value(), "xn--bcher-kva.example");
  EXPECT_EQ(to_ascii_domain("例え。テスト").value(), "xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(to_ascii_domain("_dmarc.example.com").value(), "_dmarc.example.com");
}

TEST(Domain, RefusesWhatIsNone) {
  const std::string label(63, 'a');
  EXPECT_OK(to_ascii_domain(label + ".example"));
  for (const auto& text :
       {std::string(), std::string("."), std::string("a..b"), std::string(".a"), std::string("a b"),
        std::string("a@b"), label + "a.example",
        label + "." + label + "." + label + "." + label + ".x", std::string("1.2.3.4"),
        std::string("a.1"), std::string("[::1]"), std::string("xn--"), std::string("\xFF.example"),
        std::string("a\0b", 3), std::string(100000, 'a')}) {
    EXPECT_EQ(testing::code_of(to_ascii_domain(text)), Code::InvalidArgument) << text.substr(0, 80);
  }
}

TEST(Domain, ShowsUnicodeToPeople) {
  EXPECT_EQ(to_unicode_domain("xn--bcher-kva.example"), "bücher.example");
  EXPECT_EQ(to_unicode_domain("xn--\x7F.example"), "xn--\x7F.example")
      << "an undecodable label stays";
  EXPECT_EQ(to_unicode_domain("plain.example"), "plain.example");
  EXPECT_TRUE(has_punycode_label("a.xn--bcher-kva"));
  EXPECT_FALSE(has_punycode_label("axn--b.example"));
}

TEST(Domain, KnowsItsRegistrablePart) {
  EXPECT_EQ(registrable_domain("a.b.example.co.uk"), "example.co.uk");
  EXPECT_EQ(public_suffix("a.b.example.co.uk"), "co.uk");
  EXPECT_EQ(registrable_domain("co.uk"), "");
  EXPECT_EQ(registrable_domain("user.github.io"), "user.github.io");
  EXPECT_EQ(registrable_domain("a.unlisted-tld"), "a.unlisted-tld");
  EXPECT_EQ(registrable_domain("192.0.2.1"), "");
  EXPECT_EQ(registrable_domain(""), "");
}

// Far more names than are remembered, in any order, some of them often and some too long.
TEST(Domain, HasTheRegistrablePartThatTheListSaysHoweverOftenItIsAsked) {
  testing::for_each_seed(20, [](Rng& rng) {
    for (int i = 0; i < 2000; ++i) {
      const auto* const suffix =
          std::to_array({".example", ".co.uk", "co.uk", ".github.io", ".com", ""})[rng.below(6)];
      const auto* const above = std::to_array({"", "a.b",
                                               "a-name-of-many-letters.and-more-of-them."
                                               "and-as-many-again."})[rng.below(3)];
      const auto name = fmt::format("{}{}{}", above, rng.below(rng.below(2) * 3000 + 3), suffix);
      EXPECT_EQ(registrable_domain(name), PublicSuffixes::built_in().registrable_of(name)) << name;
    }
  });
  for (int i = 0; i < 2; ++i) {
    const std::string name = "www.shop.example.co.uk";
    EXPECT_EQ(registrable_domain(name).data(), name.data() + name.find("example"))
        << "a view of the question";
  }
}

TEST(Domain, ComparesWithAncestors) {
  EXPECT_TRUE(is_same_or_below("a.example.com", "example.com"));
  EXPECT_TRUE(is_same_or_below("example.com", "example.com"));
  EXPECT_FALSE(is_same_or_below("badexample.com", "example.com"));
  EXPECT_FALSE(is_same_or_below("com", "example.com"));
}

TEST(Domain, TellsLiteralsFromNames) {
  EXPECT_TRUE(is_ip_literal("1.2.3.4"));
  EXPECT_TRUE(is_ip_literal("[::1]"));
  EXPECT_TRUE(is_ip_literal("::1"));
  EXPECT_FALSE(is_ip_literal("1.2.3.4.example"));
}

TEST(PublicSuffixes, ReadAPinnedList) {
  const auto list =
      PublicSuffixes::parse("// a comment\nexample\n*.wild.example\n!odd.wild.example\n");
  ASSERT_OK(list);
  EXPECT_EQ(list->registrable_of("a.b.example"), "b.example");
  EXPECT_EQ(list->registrable_of("a.b.c.wild.example"), "b.c.wild.example");
  EXPECT_EQ(list->registrable_of("a.odd.wild.example"), "odd.wild.example");
  EXPECT_NE(list->version(), PublicSuffixes::built_in().version());
  EXPECT_EQ(testing::code_of(PublicSuffixes::parse("// nothing")), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(PublicSuffixes::parse("")), Code::InvalidArgument);
}

// The list's own test cases: checkPublicSuffix('a.b.example', 'b.example') or null for none.
TEST(PublicSuffixes, AgreeWithTheTestsOfTheList) {
  const auto folder = testing::unpacked("intel/domain-lists.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  const auto files = *folder / "domain-lists" / "public-suffix";
  const auto list =
      PublicSuffixes::parse(read_file(files / "public_suffix_list.dat", 4UL << 20).value());
  ASSERT_OK(list);
  const auto text = read_file(files / "test_psl.txt", 1UL << 20).value();
  static const std::regex kCase(R"re(^checkPublicSuffix\('([^']*)', (?:null|'([^']*)')\);)re",
                                std::regex::multiline);
  int cases = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), kCase), end; it != end; ++it) {
    const auto domain = to_ascii_domain((*it)[1].str());
    const auto want = (*it)[2].matched ? to_ascii_domain((*it)[2].str()).value() : std::string();
    EXPECT_EQ(domain ? list->registrable_of(*domain) : "", want) << (*it)[1];
    EXPECT_EQ(domain ? registrable_domain(*domain) : "", want)
        << (*it)[1] << " by the built-in list";
    ++cases;
  }
  EXPECT_GE(cases, 70);
}

}  // namespace
}  // namespace winnow
