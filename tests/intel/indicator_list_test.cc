#include "intel/indicator_list.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

using enum IndicatorKind;

struct Read {
  std::vector<Indicator> indicators;
  ListReport report;
  std::vector<std::string> values() const {
    std::vector<std::string> out;
    for (const auto& one : indicators)
      out.push_back(std::string(name_of(one.kind)) + " " + one.value);
    return out;
  }
};

Result<Read> read(std::string_view bytes, ListOptions options = {}) {
  options.source = "list";
  Read out;
  WINNOW_TRY(out.report, read_indicators(bytes, options, [&](const Indicator& one) {
               out.indicators.push_back(one);
             }));
  return out;
}

using Values = std::vector<std::string>;

TEST(PlainList, HasOneValueALine) {
  const auto list =
      read(
          "# comment\n; comment\n// comment\n\nEvil.example\t5\r\nhxxp://a[.]example/x # seen "
          "today\n192.0.2.0/24\na@b.example\n")
          .value();
  EXPECT_EQ(list.report.format, ListFormat::Plain);
  EXPECT_EQ(list.values(), (Values{"domain evil.example", "url http://a.example/x",
                                   "ip 192.0.2.0/24", "mailbox a@b.example"}));
}

TEST(PlainList, TakesALeadingDotForTheNamesBelow) {
  const auto list = read(".evil.example\ngood.example\n").value();
  EXPECT_EQ(list.values(), (Values{"domain evil.example", "domain good.example"}));
  EXPECT_TRUE(list.indicators[0].with_subdomains);
  EXPECT_FALSE(list.indicators[1].with_subdomains);
}

TEST(PlainList, NamesWhatItRefuses) {
  const auto list = read("good.example\n\nnot a domain!\n1.2.3.4:80\n").value();
  EXPECT_EQ(list.report.indicators, 1U);
  EXPECT_EQ(list.report.refused, 2U);
  ASSERT_EQ(list.report.examples.size(), 2U);
  EXPECT_EQ(list.report.examples[0].position, 3U);
  EXPECT_NE(list.report.examples[1].reason.find("1.2.3.4:80"), std::string::npos);
}

TEST(List, IsOfTheNamedKindOnly) {
  const auto list = read("good.example\nhttp://a.example/\n", {.kind = Domain}).value();
  EXPECT_EQ(list.values(), Values{"domain good.example"});
  EXPECT_EQ(list.report.refused, 1U);
}

TEST(List, GivesItsOptionsToEveryIndicator) {
  ListOptions options;
  options.labels = {"popular", "benign"};
  options.with_subdomains = true;
  options.rank = 1000;
  options.confidence = 80;
  options.expires = Timestamp::from_seconds(5);
  const auto list = read("a.example\n192.0.2.1\n", options).value();
  ASSERT_EQ(list.indicators.size(), 2U);
  const auto& one = list.indicators[0];
  EXPECT_EQ(one.source, "list");
  EXPECT_EQ(one.labels, (std::vector<std::string>{"benign", "popular"}));
  EXPECT_TRUE(one.with_subdomains);
  EXPECT_EQ(one.rank, 1000U);
  EXPECT_EQ(one.confidence, 80);
  EXPECT_EQ(one.expires, Timestamp::from_seconds(5));
  EXPECT_FALSE(list.indicators[1].with_subdomains) << "an address has none";
}

TEST(HostsList, NamesHostsAfterTheirAddress) {
  const auto list =
      read(
          "# hosts\n127.0.0.1 localhost\n0.0.0.0 0.0.0.0\n0.0.0.0 evil.example bad.example # both\n"
          ":: worse.example\n0.0.0.0\n")
          .value();
  EXPECT_EQ(list.report.format, ListFormat::Hosts);
  EXPECT_EQ(list.values(),
            (Values{"domain evil.example", "domain bad.example", "domain worse.example"}));
  EXPECT_EQ(list.report.ignored, 2U);
  EXPECT_EQ(list.report.refused, 1U);
  EXPECT_EQ(read("192.0.2.1 seen.example\n").value().report.format, ListFormat::Plain)
      << "a remark";
}

TEST(CsvList, TakesOneColumn) {
  const auto list = read(
                        "# feed\r\n\"date\",URL,note\r\n2024/01/05,https://a.example/,\"x, "
                        "\"\"y\"\"\nz\"\r\n2024-02-01,https://b.example/,\r\n",
                        {.column = "url", .first_seen_column = "Date"})
                        .value();
  EXPECT_EQ(list.report.format, ListFormat::Csv);
  EXPECT_EQ(list.values(), (Values{"url https://a.example/", "url https://b.example/"}));
  EXPECT_EQ(list.indicators[0].first_seen, Timestamp::from_civil(2024, 1, 5));
}

TEST(CsvList, CountsColumnsWithoutAHeader) {
  const auto list = read("1;a.example\n2;b.example\nx;c.example\n4\n",
                         {.column = "#2", .rank_column = "#1", .separator = ';'})
                        .value();
  EXPECT_EQ(list.values(), (Values{"domain a.example", "domain b.example"}));
  EXPECT_EQ(list.indicators[1].rank, 2U);
  EXPECT_EQ(list.report.refused, 2U);
}

TEST(CsvList, NamesAMissingColumn) {
  const auto list = read("date,url\n1,2\n", {.column = "domain"});
  ASSERT_EQ(testing::code_of(list), Code::InvalidArgument);
  EXPECT_NE(list.error().text().find("date, url"), std::string::npos);
  EXPECT_EQ(testing::code_of(read("a,b\n", {.format = ListFormat::Csv})), Code::InvalidArgument);
}

TEST(CsvList, SeesAnOpenQuote) {
  const auto list =
      read("url\nhttp://a.example/\n\"http://b.example/\nhttp://c.example/\n", {.column = "url"})
          .value();
  EXPECT_EQ(list.report.indicators, 1U);
  EXPECT_EQ(list.report.refused, 1U);
}

TEST(JsonList, IsAnArrayOfTexts) {
  const auto list = read(R"(["a.example", 5, "b.example"])").value();
  EXPECT_EQ(list.report.format, ListFormat::Json);
  EXPECT_EQ(list.values(), (Values{"domain a.example", "domain b.example"}));
  EXPECT_EQ(list.report.refused, 1U);
  EXPECT_EQ(testing::code_of(read(R"({"a": 1})", {.format = ListFormat::Json})),
            Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(read(R"(["a.example")")), Code::InvalidArgument);
}

TEST(MispList, ComparesAsItsTypeSays) {
  const auto hosts =
      read(R"({"name": "x", "type": "hostname", "list": [".a.example", "b.example"]})").value();
  EXPECT_EQ(hosts.report.format, ListFormat::Misp);
  EXPECT_EQ(hosts.values(), (Values{"domain a.example", "domain b.example"}));
  EXPECT_TRUE(hosts.indicators[0].with_subdomains);
  const auto blocks =
      read(R"({"name": "x", "type": "cidr", "list": ["10.0.0.0/8", "a.example"]})").value();
  EXPECT_EQ(blocks.values(), Values{"ip 10.0.0.0/8"});
  EXPECT_EQ(blocks.report.refused, 1U);
  EXPECT_FALSE(
      read(R"({"type": "string", "list": ["a.example"]})").value().indicators[0].with_subdomains);
  EXPECT_EQ(read(R"({"type": "regex", "list": ["/a/"]})").value().report.refused, 1U);
  constexpr std::string_view kSubstrings = R"({"type": "substring", "list": ["a.example"]})";
  EXPECT_EQ(read(kSubstrings).value().report.refused, 1U);
  EXPECT_EQ(read(kSubstrings, {.kind = Domain}).value().values(), Values{"domain a.example"});
  EXPECT_EQ(testing::code_of(read(R"({"type": "odd", "list": []})")), Code::InvalidArgument);
}

constexpr std::string_view kBundle = R"({"type": "bundle", "id": "bundle--1", "objects": [
  {"type": "identity", "name": "somebody"},
  {"type": "indicator", "pattern": "[domain-name:value = 'evil.example' OR url:value = 'http://evil.example/x']", "pattern_type": "stix",
   "valid_from": "2024-01-01T00:00:00Z", "created": "2024-03-01T00:00:00.5Z", "modified": "2024-04-01T00:00:00Z",
   "valid_until": "2025-01-01T00:00:00Z", "confidence": 70, "labels": ["Campaign-7"], "indicator_types": ["malicious-activity"]},
  {"type": "indicator", "pattern": "[file:name = 'x']", "pattern_type": "stix"},
  {"type": "indicator", "pattern": "alert tcp", "pattern_type": "snort"},
  {"type": "indicator", "pattern": "[broken", "pattern_type": "stix"},
  {"type": "indicator", "pattern": "[ipv4-addr:value = 'not an address']", "pattern_type": "stix"},
  {"type": "indicator", "pattern": "[domain-name:value = 'old.example']", "revoked": true}]})";

TEST(StixList, TakesWhatItsIndicatorsSay) {
  const auto list = read(kBundle, {.labels = {"phishing"}}).value();
  EXPECT_EQ(list.report.format, ListFormat::Stix);
  EXPECT_EQ(list.values(), (Values{"domain evil.example", "url http://evil.example/x"}));
  const auto& one = list.indicators[0];
  EXPECT_EQ(one.labels, (std::vector<std::string>{"campaign-7", "malicious-activity", "phishing"}));
  EXPECT_EQ(one.confidence, 70);
  EXPECT_EQ(one.first_seen, Timestamp::parse("2024-03-01T00:00:00.5Z").value())
      << "not known before it was created";
  EXPECT_EQ(one.last_seen, Timestamp::from_civil(2024, 4, 1));
  EXPECT_EQ(one.expires, Timestamp::from_civil(2025, 1, 1));
}

TEST(StixList, ReportsWhatItCannotUse) {
  const auto list = read(kBundle).value();
  EXPECT_EQ(list.report.refused, 4U);
  EXPECT_EQ(list.report.ignored, 2U) << "the identity, and what was revoked";
  ASSERT_EQ(list.report.examples.size(), 4U);
  EXPECT_NE(list.report.examples[0].reason.find("file:name"), std::string::npos);
  EXPECT_EQ(list.report.examples[0].position, 3U);
}

TEST(StixList, IsABundleAnEnvelopeAnArrayOrOneObject) {
  constexpr std::string_view kObject =
      R"({"type": "indicator", "pattern": "[domain-name:value = 'a.example']"})";
  for (const auto& text : {std::string(kObject), "[" + std::string(kObject) + "]",
                           R"({"objects": [)" + std::string(kObject) + "]}"}) {
    EXPECT_EQ(read(text).value().values(), Values{"domain a.example"}) << text;
  }
  EXPECT_EQ(testing::code_of(read(R"({"type": "report"})")), Code::InvalidArgument);
}

TEST(List, IsBounded) {
  ListOptions options;
  options.max_bytes = 10;
  EXPECT_EQ(testing::code_of(read("a.example\nb.example\n", options)), Code::Exhausted);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "?\n";
  const auto list = read(many).value();
  EXPECT_EQ(list.report.refused, 1000U);
  EXPECT_EQ(list.report.examples.size(), ListReport::kMaxExamples);
}

}  // namespace
}  // namespace winnow
