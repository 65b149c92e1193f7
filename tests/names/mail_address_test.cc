#include "names/mail_address.h"

#include <algorithm>
#include <chrono>

#include "tests/support/support.h"

namespace winnow {
namespace {

using enum AddressProblem;

struct Case {
  const char* text;
  std::vector<MailAddress> addresses;  // display name, local, domain, comment, group
  std::vector<AddressProblem> problems;
};

std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.text; }

class AddressTable : public ::testing::TestWithParam<Case> {};
TEST_P(AddressTable, IsReadAsFarAsItGoes) {
  const auto list = read_address_list(GetParam().text);
  ASSERT_EQ(list.addresses.size(), GetParam().addresses.size());
  for (std::size_t i = 0; i < list.addresses.size(); ++i) {
    const auto& got = list.addresses[i];
    const auto& want = GetParam().addresses[i];
    EXPECT_EQ(got.display_name, want.display_name);
    EXPECT_EQ(got.local, want.local);
    EXPECT_EQ(got.domain, want.domain);
    EXPECT_EQ(got.comment, want.comment);
    EXPECT_EQ(got.group, want.group);
  }
  std::vector<std::string_view> got, want;
  for (const auto problem : list.problems) got.push_back(name_of(problem));
  for (const auto problem : GetParam().problems) want.push_back(name_of(problem));
  EXPECT_EQ(got, want);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc5322, AddressTable,
    ::testing::Values(
        Case{"a@b.example", {{"", "a", "b.example", "", ""}}, {}},
        Case{"John Doe <john.doe@Example.COM>",
             {{"John Doe", "john.doe", "example.com", "", ""}},
             {}},
        Case{"\"Doe, \\\"J\\\"\" <j@b.example>, c@d.example",
             {{"Doe, \"J\"", "j", "b.example", "", ""}, {"", "c", "d.example", "", ""}},
             {}},
        Case{"a@b.example (John (the) Doe)", {{"", "a", "b.example", "John (the) Doe", ""}}, {}},
        Case{"\"a b\"@c.example", {{"", "a b", "c.example", "", ""}}, {}},
        Case{"Team: a@b.example, C <c@d.example>; e@f.example",
             {{"", "a", "b.example", "", "Team"},
              {"C", "c", "d.example", "", "Team"},
              {"", "e", "f.example", "", ""}},
             {}},
        Case{"undisclosed-recipients:;", {}, {}}, Case{"<>", {}, {}}, Case{"", {}, {}},
        Case{" , ,", {}, {}}, Case{"x@[192.0.2.1]", {{"", "x", "[192.0.2.1]", "", ""}}, {}}));
INSTANTIATE_TEST_SUITE_P(
    Obsolete, AddressTable,
    ::testing::Values(
        Case{"john . doe @ b . example", {{"", "john.doe", "b.example", "", ""}}, {}},
        Case{
            "J <@relay.example,@other.example:j@b.example>", {{"J", "j", "b.example", "", ""}}, {}},
        Case{"J. Q. Public <j@b.example>", {{"J. Q. Public", "j", "b.example", "", ""}}, {}},
        Case{"J\r\n Doe\t<j@b.example>", {{"J Doe", "j", "b.example", "", ""}}, {}},
        Case{"a@b.example; c@d.example",
             {{"", "a", "b.example", "", ""}, {"", "c", "d.example", "", ""}},
             {}}));
INSTANTIATE_TEST_SUITE_P(
    Wild, AddressTable,
    ::testing::Values(
        Case{"service@paypal.com <x@evil.example>",
             {{"service@paypal.com", "x", "evil.example", "", ""}},
             {}},
        Case{"=?utf-8?Q?J=C3=B6rg?= <j@b.example>",
             {{"=?utf-8?Q?J=C3=B6rg?=", "j", "b.example", "", ""}},
             {}},
        Case{"Jörg <jörg@bücher.example>", {{"Jörg", "jörg", "xn--bcher-kva.example", "", ""}}, {}},
        Case{"root", {{"", "root", "", "", ""}}, {MissingDomain}},
        Case{"John a@b.example", {{"John", "a", "b.example", "", ""}}, {StrayText}},
        Case{"a@b@c.example", {{"", "a@b", "c.example", "", ""}}, {SeveralAtSigns}},
        Case{"<a@b.example", {{"", "a", "b.example", "", ""}}, {Unterminated}},
        Case{"\"J <a@b.example>", {{"\"J", "a", "b.example", "", ""}}, {Unterminated}},
        Case{"J (x <a@b.example>", {{"J (x", "a", "b.example", "", ""}}, {Unterminated}},
        Case{"<a@b.example> tail", {{"", "a", "b.example", "", ""}}, {TextAfterAddress}},
        Case{"<a@b..example>", {{"", "a", "b..example", "", ""}}, {BadDomain}},
        Case{"a@", {{"", "a", "", "", ""}}, {MissingDomain}},
        Case{"@b.example", {{"", "", "b.example", "", ""}}, {}},
        Case{"Team: a@b.example", {{"", "a", "b.example", "", "Team"}}, {Unterminated}}));

TEST(MailAddress, HasOneKeyForOneMailbox) {
  EXPECT_EQ(read_address("<John.DOE@Bücher.Example>").value().key(),
            "john.doe@xn--bcher-kva.example");
  EXPECT_EQ(read_address("root@localhost").value().key(), "root@localhost");
}

TEST(MailAddress, QuotesWhatNeedsIt) {
  EXPECT_EQ(read_address("\"a \\\"b\"@c.example").value().text(), "\"a \\\"b\"@c.example");
  EXPECT_EQ(read_address("a.b@c.example").value().text(), "a.b@c.example");
  EXPECT_EQ(read_address("\"\"@c.example").value().text(), "\"\"@c.example");
}

TEST(MailAddress, IsOneAndWhole) {
  for (const auto* text : {"", "a", "a@b.example, c@d.example", "a@b@c.example", "<a@b.example",
                           "a@b..c", "x a@b.example"}) {
    EXPECT_EQ(testing::code_of(read_address(text)), Code::InvalidArgument) << text;
  }
}

TEST(AddressList, IsBounded) {
  std::string many;
  for (int i = 0; i < 50; ++i) many += "a@b.example,";
  const auto list = read_address_list(many, {.max_bytes = 1000, .max_addresses = 10});
  EXPECT_EQ(list.addresses.size(), 10U);
  EXPECT_TRUE(list.has(TooMany));
  const auto cut = read_address_list(many, {.max_bytes = 20, .max_addresses = 10});
  EXPECT_TRUE(cut.has(TooMany));
  const auto longer = read_address_list(std::string(5000, 'a') + "@b.example, c@d.example");
  EXPECT_TRUE(longer.has(TooLong));
  ASSERT_EQ(longer.addresses.size(), 1U);
  EXPECT_EQ(longer.addresses[0].key(), "c@d.example");
}

// Each of these made a naive reader quadratic, or recurse.
TEST(AddressList, TakesLinearTimeOnHostileText) {
  for (const auto* part : {"(", "\"", "<", "@", "a@", "\\", "[", ":", "(\"", "a@b,", ". "}) {
    std::string text;
    while (text.size() < (200U << 10)) text += part;
    const auto begin = std::chrono::steady_clock::now();
    read_address_list(text, {.max_bytes = 1UL << 20, .max_addresses = 1UL << 20});
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << part;
  }
}

TEST(AddressList, ReadsItsOwnTextBack) {
  testing::for_each_seed(2000, [](Rng& rng) {
    static constexpr std::string_view kParts[] = {"a", "b.c", "@",         "\"", "\\",       "(",
                                                  ")", "<",   ">",         ",",  ";",        ":",
                                                  " ", ".",   "[1.2.3.4]", "ü",  "x.example"};
    std::string text;
    for (auto more = 1 + rng.below(14); more > 0; --more) text += rng.pick(kParts);
    for (const auto& address : read_address_list(text).addresses) {
      if (address.domain.empty() || address.local.empty()) continue;
      const auto again = read_address(address.text());
      if (!again) continue;  // a domain that was reported as bad
      EXPECT_EQ(again->key(), address.key()) << text;
    }
  });
}

}  // namespace
}  // namespace winnow
