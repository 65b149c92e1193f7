#include "names/url.h"

#include "base/utf8.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

struct Case {
  const char* text;
  const char* href;  // null: a failure
};
class UrlTable : public ::testing::TestWithParam<Case> {};

// Each row follows from one rule of the URL Standard.
TEST_P(UrlTable, NormalisesAsBrowsersDo) {
  const auto url = Url::parse(GetParam().text);
  if (GetParam().href == nullptr) {
    EXPECT_EQ(testing::code_of(url), Code::InvalidArgument);
    return;
  }
  ASSERT_OK(url);
  EXPECT_EQ(url->href(), GetParam().href);
}

INSTANTIATE_TEST_SUITE_P(
    Schemes, UrlTable,
    ::testing::Values(Case{"HTTP://Example.COM", "http://example.com/"},
                      Case{"x+y-z.1:opaque", "x+y-z.1:opaque"}, Case{"1http://a", nullptr},
                      Case{"//a/b", nullptr}, Case{"", nullptr}, Case{":", nullptr},
                      Case{"mailto:A@B.example?subject=x", "mailto:A@B.example?subject=x"},
                      Case{"javascript:alert(1)", "javascript:alert(1)"},
                      Case{"data:text/html,<b> x", "data:text/html,<b> x"},
                      Case{"a:b ?q", "a:b%20?q"}));
INSTANTIATE_TEST_SUITE_P(
    Slashes, UrlTable,
    ::testing::Values(Case{"https:example.com", "https://example.com/"},
                      Case{"https:/example.com", "https://example.com/"},
                      Case{"https:////example.com", "https://example.com/"},
                      Case{"https:\\\\example.com\\a\\..\\b", "https://example.com/b"},
                      Case{"ht\ntps://exa\tmple.com/a\r\nb", "https://example.com/ab"},
                      Case{" \x01 https://example.com \x1f", "https://example.com/"},
                      Case{"a:/..//x", "a:/.//x"}, Case{"a:\\\\x", "a:\\\\x"}));
INSTANTIATE_TEST_SUITE_P(Users, UrlTable,
                         ::testing::Values(Case{"http://www.bank.example@evil.example/",
                                                "http://www.bank.example@evil.example/"},
                                           Case{"http://evil.example\\@good.example/",
                                                "http://evil.example/@good.example/"},
                                           Case{"http://a@b@c/", "http://a%40b@c/"},
                                           Case{"http://:@c/", "http://c/"},
                                           Case{"http://u:p:q@c/", "http://u:p%3Aq@c/"},
                                           Case{"http://u@/", nullptr},
                                           Case{"http://u@:80/", nullptr}));
INSTANTIATE_TEST_SUITE_P(
    Hosts, UrlTable,
    ::testing::Values(Case{"http://%65xample%2Ecom", "http://example.com/"},
                      Case{"http://münchen.example", "http://xn--mnchen-3ya.example/"},
                      Case{"http://faß.example", "http://xn--fa-hia.example/"},
                      Case{"http://ＥＸＡＭＰＬＥ。com", "http://example.com/"},
                      Case{"http://ex\u00ADample.com", "http://example.com/"},
                      Case{"http://xn--/", nullptr}, Case{"http://exa mple/", nullptr},
                      Case{"http://a%00b/", nullptr}, Case{"http://a<b/", nullptr},
                      Case{"http://\xFF/", nullptr}, Case{"http://", nullptr},
                      Case{"http://a-.-b.ab--c_d/", "http://a-.-b.ab--c_d/"},
                      Case{"http://example.com./", "http://example.com./"},
                      Case{"a://EX%41mple ", "a://EX%41mple"}, Case{"a://x y", nullptr}));
INSTANTIATE_TEST_SUITE_P(Ipv4, UrlTable,
                         ::testing::Values(Case{"http://2130706433/", "http://127.0.0.1/"},
                                           Case{"http://0x7F.1", "http://127.0.0.1/"},
                                           Case{"http://0177.0.0.01./", "http://127.0.0.1/"},
                                           Case{"http://0x", "http://0.0.0.0/"},
                                           Case{"http://１２７.0.0.1", "http://127.0.0.1/"},
                                           Case{"http://256.1.1.1", nullptr},
                                           Case{"http://1.2.3.4.5", nullptr},
                                           Case{"http://4294967296", nullptr},
                                           Case{"http://a.09", nullptr},
                                           Case{"http://0xg", "http://0xg/"},
                                           Case{"http://1.2.3.4.a", "http://1.2.3.4.a/"}));
INSTANTIATE_TEST_SUITE_P(
    Ipv6, UrlTable,
    ::testing::Values(Case{"http://[::1]:80", "http://[::1]/"},
                      Case{"http://[2001:DB8:0:0:1:0:0:1]", "http://[2001:db8::1:0:0:1]/"},
                      Case{"http://[::ffff:1.2.3.4]", "http://[::ffff:102:304]/"},
                      Case{"http://[1:2:3:4::5:6:7:8]", nullptr}, Case{"http://[::1", nullptr},
                      Case{"http://[fe80::1%25eth0]", nullptr}, Case{"http://[1.2.3.4]", nullptr}));
INSTANTIATE_TEST_SUITE_P(
    Ports, UrlTable,
    ::testing::Values(Case{"https://a:443", "https://a/"}, Case{"https://a:0443", "https://a/"},
                      Case{"https://a:80", "https://a:80/"}, Case{"https://a:", "https://a/"},
                      Case{"https://a:65536", nullptr}, Case{"https://a:8x", nullptr},
                      Case{"https://a:99999999999999999999", nullptr}));
INSTANTIATE_TEST_SUITE_P(Paths, UrlTable,
                         ::testing::Values(Case{"http://a/b/./c/../%2E%2e/d", "http://a/d"},
                                           Case{"http://a/b/..", "http://a/"},
                                           Case{"http://a/b/.", "http://a/b/"},
                                           Case{"http://a/%7Eü \"<>`{}^|",
                                                "http://a/%7E%C3%BC%20%22%3C%3E%60%7B%7D%5E|"},
                                           Case{"http://a?x='ü#y`'", "http://a/?x=%27%C3%BC#y%60'"},
                                           Case{"http://a/??#?#", "http://a/??#?#"},
                                           Case{"file:c|/../x", "file:///c:/x"},
                                           Case{"file://localhost/x", "file:///x"},
                                           Case{"file:\\\\server\\share", "file://server/share"}));

struct RelativeCase {
  const char* base;
  const char* text;
  const char* href;
};
class RelativeUrls : public ::testing::TestWithParam<RelativeCase> {};
TEST_P(RelativeUrls, AreReadAgainstTheirBase) {
  const auto base = Url::parse(GetParam().base);
  ASSERT_OK(base);
  const auto url = Url::parse(GetParam().text, *base);
  if (GetParam().href == nullptr) {
    EXPECT_EQ(testing::code_of(url), Code::InvalidArgument);
    return;
  }
  ASSERT_OK(url);
  EXPECT_EQ(url->href(), GetParam().href);
}
INSTANTIATE_TEST_SUITE_P(
    Bases, RelativeUrls,
    ::testing::Values(RelativeCase{"https://u@h:8/a/b?q#f", "c", "https://u@h:8/a/c"},
                      RelativeCase{"https://u@h:8/a/b?q#f", "../../c?d", "https://u@h:8/c?d"},
                      RelativeCase{"https://u@h:8/a/b?q#f", "//x", "https://x/"},
                      RelativeCase{"https://u@h:8/a/b?q#f", "\\\\x\\y", "https://x/y"},
                      RelativeCase{"https://u@h:8/a/b?q#f", "", "https://u@h:8/a/b?q"},
                      RelativeCase{"https://u@h:8/a/b?q#f", "#g", "https://u@h:8/a/b?q#g"},
                      RelativeCase{"https://u@h:8/a/b?q#f", "https:c", "https://u@h:8/a/c"},
                      RelativeCase{"https://u@h:8/a/b?q#f", "http:c", "http://c/"},
                      RelativeCase{"file:///C:/a/b", "/x", "file:///C:/x"},
                      RelativeCase{"file:///C:/a/b", "D|/x", "file:///D:/x"},
                      RelativeCase{"mailto:a@b", "#f", "mailto:a@b#f"},
                      RelativeCase{"mailto:a@b", "c", nullptr}));

TEST(Url, TellsItsParts) {
  const auto url = Url::parse("https://us%65r:p@Example.com:8443/a/b?x=1#frag").value();
  EXPECT_EQ(url.scheme(), "https");
  EXPECT_TRUE(url.is_special());
  EXPECT_EQ(url.username(), "us%65r");
  EXPECT_EQ(url.password(), "p");
  EXPECT_EQ(url.host_kind(), HostKind::Domain);
  EXPECT_EQ(url.host(), "example.com");
  EXPECT_EQ(url.port(), 8443);
  EXPECT_EQ(url.path(), "/a/b");
  EXPECT_EQ(url.query(), "x=1");
  EXPECT_EQ(url.fragment(), "frag");
  EXPECT_EQ(url.without_fragment(), "https://us%65r:p@example.com:8443/a/b?x=1");
  EXPECT_EQ(url.without_query(), "https://us%65r:p@example.com:8443/a/b");
}

TEST(Url, TellsAbsentFromEmpty) {
  const auto url = Url::parse("http://a/").value();
  EXPECT_EQ(url.query(), std::nullopt);
  EXPECT_EQ(url.fragment(), std::nullopt);
  EXPECT_EQ(url.port(), std::nullopt);
  EXPECT_EQ(url.effective_port(), 80);
  const auto empty = Url::parse("http://a/?#").value();
  EXPECT_EQ(empty.query(), "");
  EXPECT_EQ(empty.fragment(), "");
  const auto opaque = Url::parse("mailto:a@b").value();
  EXPECT_EQ(opaque.host_kind(), HostKind::None);
  EXPECT_TRUE(opaque.has_opaque_path());
  EXPECT_EQ(opaque.path(), "a@b");
  EXPECT_EQ(Url::parse("file:///x").value().host_kind(), HostKind::Empty);
}

TEST(Url, GivesTheAddressOfNumericHosts) {
  EXPECT_EQ(Url::parse("http://0x7f.1/").value().ip(), IpAddress::v4(0x7F000001));
  EXPECT_EQ(Url::parse("http://[::2]/").value().ip(), IpAddress::parse("::2").value());
  EXPECT_EQ(Url::parse("http://a/").value().ip(), std::nullopt);
}

TEST(Url, MarksWhatHonestLinksSeldomDo) {
  EXPECT_EQ(Url::parse("https://example.com/a?b#c").value().quirks(), UrlQuirks{});
  EXPECT_TRUE(Url::parse("https://exa\nmple.com").value().quirks().control_or_space);
  EXPECT_TRUE(Url::parse("https://example.com\\a").value().quirks().backslash);
  EXPECT_TRUE(Url::parse("https:example.com").value().quirks().slashes);
  EXPECT_TRUE(Url::parse("https:///example.com").value().quirks().slashes);
  EXPECT_TRUE(Url::parse("https://a@example.com").value().quirks().credentials);
  EXPECT_TRUE(Url::parse("https://ex%61mple.com").value().quirks().encoded_host);
  EXPECT_TRUE(Url::parse("https://exämple.com").value().quirks().unicode_host);
  EXPECT_TRUE(Url::parse("https://127.1").value().quirks().odd_ipv4);
  EXPECT_FALSE(Url::parse("https://127.0.0.1").value().quirks().odd_ipv4);
}

TEST(Url, RefusesWhatIsTooLong) {
  const std::string head = "https://example.com/";
  EXPECT_OK(Url::parse(head + std::string(Url::kMaxBytes - head.size(), 'a')));
  EXPECT_EQ(testing::code_of(Url::parse(head + std::string(Url::kMaxBytes, 'a'))), Code::Exhausted);
  std::string host;
  for (std::size_t i = 0; i < Url::kMaxIdnaBytes; ++i) host += "ü";
  EXPECT_EQ(testing::code_of(Url::parse("https://" + host)), Code::Exhausted);
}

// The serialised form is a fixed point, whatever was written.
TEST(Url, ReadsItsOwnHrefUnchanged) {
  testing::for_each_seed(3000, [](Rng& rng) {
    static constexpr std::string_view kParts[] = {
        "http", "file", "a",  ":",    ":",   "//", "/",     "\\",    "?",
        "#",    "@",    ".",  "..",   "%2e", "ü",  "[::1]", "127.1", "xn--mnchen-3ya",
        "C|",   " ",    "\t", "\xFF", "b",   "'",  "^",     "|"};
    std::string text(rng.pick(kParts));
    text += ':';
    for (auto more = rng.below(12); more > 0; --more) text += rng.pick(kParts);
    const auto url = Url::parse(text);
    if (!url) return;
    const auto again = Url::parse(url->href());
    ASSERT_OK(again);
    EXPECT_EQ(again->href(), url->href()) << text;
    EXPECT_EQ(again->host(), url->host()) << text;
    EXPECT_EQ(again->path(), url->path()) << text;
    EXPECT_TRUE(is_valid_utf8(url->href()));
  });
}

TEST(Defang, TakesTheLinkOutOfAUrl) {
  EXPECT_EQ(defang(Url::parse("https://evil.example:8/a.b?c").value()),
            "hxxps[://]evil[.]example:8/a.b?c");
  EXPECT_EQ(defang(Url::parse("http://u@1.2.3.4/").value()), "hxxp[://]u[@]1[.]2[.]3[.]4/");
  EXPECT_EQ(defang(Url::parse("mailto:a@b.example").value()), "mailto[:]a[@]b[.]example");
  EXPECT_EQ(defang("a@b.example"), "a[@]b[.]example");
}

TEST(PercentDecode, LeavesWhatIsNoEscape) {
  EXPECT_EQ(percent_decode("%41%zz%4"), "A%zz%4");
  EXPECT_EQ(percent_decode("100%"), "100%");
}

}  // namespace
}  // namespace winnow
