#include "intel/indicator.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

using enum IndicatorKind;

TEST(Indicator, HasANormalFormForEachKind) {
  EXPECT_EQ(normal_indicator(Domain, " Evil.EXAMPLE. ").value(), "evil.example");
  EXPECT_EQ(normal_indicator(Url, "HTTP://Evil.example:80/a/../b#f").value(),
            "http://evil.example/b");
  EXPECT_EQ(normal_indicator(Ip, "192.0.2.77/24").value(), "192.0.2.0/24");
  EXPECT_EQ(normal_indicator(Ip, "2001:DB8::1").value(), "2001:db8::1");
  EXPECT_EQ(normal_indicator(Mailbox, "<Evil@EXAMPLE.com>").value(), "evil@example.com");
  EXPECT_EQ(normal_indicator(File, "D41D8CD98F00B204E9800998ECF8427E").value(),
            "d41d8cd98f00b204e9800998ecf8427e");
}

TEST(Indicator, ReadsDefangedForms) {
  EXPECT_EQ(normal_indicator(Url, "hxxps[://]evil[.]example/a").value(), "https://evil.example/a");
  EXPECT_EQ(normal_indicator(Domain, "evil[.]example").value(), "evil.example");
  EXPECT_EQ(normal_indicator(Ip, "192[.]0[.]2[.]1").value(), "192.0.2.1");
  EXPECT_EQ(normal_indicator(Mailbox, "a[@]evil[.]example").value(), "a@evil.example");
  EXPECT_EQ(normal_indicator(Url, "http://[2001:db8::1]/").value(), "http://[2001:db8::1]/")
      << "brackets of an address stay";
}

TEST(Indicator, RefusesWhatIsNone) {
  EXPECT_EQ(testing::code_of(normal_indicator(Domain, "1.2.3.4")), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(normal_indicator(Url, "mailto:a@b.example")), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(normal_indicator(Mailbox, "@evil.example")), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(normal_indicator(Mailbox, "\"\x1f a\x01\"@evil.example")),
            Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(normal_indicator(Mailbox, "\"a b\"@evil.example")),
            Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(normal_indicator(File, "abcd")), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(normal_indicator(Ip, "1.2.3.4:80")), Code::InvalidArgument);
}

TEST(Indicator, IsRecognised) {
  EXPECT_EQ(recognise_indicator("hxxp://a.example/").value(), Url);
  EXPECT_EQ(recognise_indicator("10.0.0.0/8").value(), Ip);
  EXPECT_EQ(recognise_indicator("::1").value(), Ip);
  EXPECT_EQ(recognise_indicator("a@b.example").value(), Mailbox);
  EXPECT_EQ(recognise_indicator("evil.example").value(), Domain);
  EXPECT_EQ(recognise_indicator(std::string(40, 'a')).value(), File);
  EXPECT_EQ(testing::code_of(recognise_indicator("evil.example/path")), Code::InvalidArgument);
}

TEST(Observables, OfAUrlAreItselfAndItsHost) {
  std::string ip;
  const auto url = Url::parse("https://WWW.evil.example./a?b#c").value();
  const auto of_name = observables_of(url, ip);
  ASSERT_EQ(of_name.size(), 2U);
  EXPECT_EQ(of_name[0].value, "https://www.evil.example./a?b");
  EXPECT_EQ(of_name[1].kind, Domain);
  EXPECT_EQ(of_name[1].value, "www.evil.example");
  const auto numeric = Url::parse("http://0x7f.1/").value();
  const auto of_address = observables_of(numeric, ip);
  ASSERT_EQ(of_address.size(), 2U);
  EXPECT_EQ(of_address[1].kind, Ip);
  EXPECT_EQ(of_address[1].value, "127.0.0.1");
}

}  // namespace
}  // namespace winnow
