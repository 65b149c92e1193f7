// CEF and LEEF lines, and the XML of a Windows event's data.
#include "ingest/mapping/detail/event_format.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "ingest/mapping/detail/event_data.h"
#include "tests/support/support.h"

namespace winnow::mapping {
namespace {

// "name=value|..." of all but the header, or what is wrong.
std::string read(bool is_cef, std::string_view line) {
  EventFormatReader reader;
  std::string told;
  const auto put = [&](std::string_view name, std::string_view text) -> Status {
    told += fmt::format("{}{}={}", told.empty() ? "" : "|", name, text);
    return {};
  };
  const auto done = is_cef ? reader.read_cef(line, put) : reader.read_leef(line, put);
  return done ? told : std::string(done.error().message());
}
constexpr std::string_view kCefFront =
    "cefVersion=0|deviceVendor=V|deviceProduct=P|deviceVersion=1|deviceEventClassId=id|name=n|"
    "severity=5";
std::string cef(std::string_view extension) {
  auto told = read(true, fmt::format("CEF:0|V|P|1|id|n|5|{}", extension));
  if (!told.starts_with(kCefFront)) return told;
  told.erase(0, kCefFront.size());
  return told.empty() ? told : told.substr(1);
}

TEST(Cef, AValueEndsWhereTheNextKeyBegins) {
  EXPECT_EQ(cef("src=192.0.2.1 msg=two words  act=deny"), "src=192.0.2.1|msg=two words|act=deny");
  EXPECT_EQ(cef("request=http://a.example/?q=1&r=2 x=y"), "request=http://a.example/?q=1&r=2|x=y")
      << "devices do not escape what is no key";
  EXPECT_EQ(cef(R"(msg=a\=b c\\d e\nf g\r path=C:\x)"), "msg=a=b c\\d e\nf g\r|path=C:\\x");
  EXPECT_EQ(cef("a= b=c"), "a=|b=c");
  EXPECT_EQ(cef("a=b=c"), "a=b=c");
  EXPECT_EQ(cef(""), "");
  EXPECT_EQ(cef("no pair"), "");
  EXPECT_EQ(cef("ad.key[0]=1 cs1Label=Rule Name cs1=x"), "ad.key[0]=1|cs1Label=Rule Name|cs1=x");
}

TEST(Cef, TheHeaderHasSevenFields) {
  EXPECT_EQ(read(true, R"(CEF:1|a\|b|c\\d|1|id|n|High|x=y)"),
            "cefVersion=1|deviceVendor=a|b|deviceProduct=c\\d|deviceVersion=1|"
            "deviceEventClassId=id|name=n|severity=High|x=y");
  for (const auto* line : {"CEF:0|a|b|c|d|e|f", "CEF:0", "CEF:", R"(CEF:0|a\|b|c|d|e|f|g)"})
    EXPECT_EQ(read(true, line), "no CEF line: 7 fields between '|' begin one") << line;
}

TEST(Leef, BothVersions) {
  EXPECT_EQ(read(false, "LEEF:1.0|V|P|1|id|src=192.0.2.1\tmsg=a=b c\tx"),
            "leefVersion=1.0|deviceVendor=V|deviceProduct=P|deviceVersion=1|eventId=id|"
            "src=192.0.2.1|msg=a=b c");
  constexpr std::string_view kWant =
      "leefVersion=2.0|deviceVendor=V|deviceProduct=P|deviceVersion=1|eventId=id|a=1|b=2";
  for (const auto* line : {"LEEF:2.0|V|P|1|id|^|a=1^b=2", "LEEF:2.0|V|P|1|id|x5E|a=1^b=2",
                           "LEEF:2.0|V|P|1|id|0x5e|a=1^b=2", "LEEF:2.0|V|P|1|id||a=1\tb=2",
                           "LEEF:2.0|V|P|1|id|a=1\tb=2"}) {
    EXPECT_EQ(read(false, line), kWant) << line;
  }
  EXPECT_EQ(read(false, "LEEF:2.0|V|P|1|id|a=1\tb=2|3"), std::string(kWant) + "|3");
  EXPECT_EQ(read(false, "LEEF:2.0|V|P|1|id|xyz|a=1"),
            "a LEEF line whose delimiter is no single character");
  EXPECT_EQ(read(false, "LEEF:1.0|V|P|1"), "no LEEF line: 5 fields between '|' begin one");
}

TEST(EventFormat, StandsAtTheFrontOrBehindASyslogHeader) {
  EXPECT_EQ(find_event_format("CEF:0|", kCefMark), 0U);
  EXPECT_EQ(find_event_format("<134>Mar  3 14:05:06 fw CEF:0|", kCefMark), 24U);
  EXPECT_EQ(find_event_format("<134>CEF:0|", kCefMark), 5U);
  EXPECT_EQ(find_event_format("xCEF:0|", kCefMark), std::string_view::npos);
  EXPECT_EQ(find_event_format(std::string(600, ' ') + "CEF:0|", kCefMark), std::string_view::npos);
}

std::string members_of(std::string_view xml) {
  std::string json;
  const auto read = read_event_data(xml, json);
  return read ? json : std::string(read.error().message());
}

TEST(EventData, NamedElementsAreMembers) {
  EXPECT_EQ(
      members_of("<EventData xmlns=\"http://x\">\r\n  <Data Name=\"A\">1</Data>\r\n"
                 "  <Data Name='B'>a &lt;b&gt; &#233;&#xe9;&amp;\"</Data><Data Name=\"C\"/>\r\n"
                 "<Data Name=\"D\"><![CDATA[<x>]]> y</Data></EventData>"),
      R"({"A":"1","B":"a <b> éé&\"","C":"","D":"<x> y"})");
  EXPECT_EQ(members_of("<EventData><Data>1</Data><Data>2</Data><Binary>00</Binary></EventData>"),
            R"({"Data":"1","Data2":"2","Binary3":"00"})");
  EXPECT_EQ(members_of("<EventData/>"), "{}");
  EXPECT_EQ(members_of("<EventData></EventData>"), "{}");
}

TEST(EventData, AnythingElseIsRefused) {
  for (const auto* xml :
       {"", "x", "<Event/>", "<EventData>", "<EventData><Data Name=\"A\">1</EventData>",
        "<EventData><Data Name=\"A\"><b/></Data></EventData>", "<EventData>text</EventData>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><EventData/>",
        "<EventData><Data Name=\"A\">&a;</Data></EventData>",
        "<EventData><Data Name=\"A\">&#0;</Data></EventData>",
        "<EventData><Data Name=\"A\">&#xD800;</Data></EventData>",
        "<EventData><Data Name=A>1</Data></EventData>", "<EventData/><EventData/>",
        "<EventData><Data Name=\"A\">1</Data"}) {
    EXPECT_THAT(members_of(xml), ::testing::StartsWith("no XML of a Windows event's data: "))
        << xml;
  }
  std::string many = "<EventData>";
  for (std::size_t i = 0; i <= kMostDataElements; ++i) many += "<Data/>";
  EXPECT_THAT(members_of(many + "</EventData>"), ::testing::HasSubstr("more than 1000 elements"));
  EXPECT_THAT(members_of("<EventData>" + std::string(kMostEventData, ' ') + "</EventData>"),
              ::testing::HasSubstr("bytes"));
}

}  // namespace
}  // namespace winnow::mapping
