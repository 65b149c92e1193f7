#include "intel/intel_spec.h"

#include "tests/intel/indicators.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

constexpr std::string_view kSpec = R"(intel: 1
lists:
  - {name: feed, file: feed.txt, labels: [phishing], kind: domain, subdomains: true, confidence: 90, expires: "2027-01-01"}
  - {name: ranks, file: ranks.csv, labels: [popular], format: csv, column: domain, rank_column: rank}
brands: [brands.yaml]
)";

Result<IntelSpec> parse(std::string_view text) {
  WINNOW_TRY(const auto yaml, Yaml::parse(text, "intel.yaml"));
  return IntelSpec::parse(yaml);
}

TEST(IntelSpec, MakesASnapshotThatNamesItsSources) {
  const testing::TemporaryFolder folder;
  ASSERT_OK(write_atomically(folder / "feed.txt", "evil.example\nbad!line\n"));
  ASSERT_OK(write_atomically(folder / "ranks.csv", "rank,domain\n1,big.example\n"));
  ASSERT_OK(write_atomically(folder / "brands.yaml",
                             "brands:\n  - {key: big, names: [Big], domains: [Big.example]}\n"));
  const auto imported = import_intel(parse(kSpec).value(), folder.path());
  ASSERT_OK(imported);
  ASSERT_EQ(imported->reports.size(), 2U);
  EXPECT_EQ(imported->reports[0].second.refused, 1U);
  const auto snapshot = IntelSnapshot::from_bytes(imported->bytes).value();
  EXPECT_TRUE(snapshot.is("phishing", {IndicatorKind::Domain, "a.evil.example"}, testing::kNow));
  EXPECT_FALSE(snapshot.is("phishing", {IndicatorKind::Domain, "evil.example"},
                           Timestamp::from_civil(2027, 1, 1)));
  EXPECT_TRUE(snapshot.is("brand", {IndicatorKind::Domain, "www.big.example"}, testing::kNow));
  EXPECT_EQ(snapshot.popularity_rank("big.example", testing::kNow), 1U);
  ASSERT_EQ(snapshot.lists().size(), 3U);
  EXPECT_EQ(snapshot.lists()[1].name, "feed");
  EXPECT_EQ(snapshot.lists()[1].digest, sha256("evil.example\nbad!line\n"));
  EXPECT_EQ(snapshot.lists()[1].refused, 1U);
  ASSERT_EQ(snapshot.brands().size(), 1U);
  EXPECT_EQ(snapshot.brands()[0].domains, std::vector<std::string>{"big.example"});
}

TEST(IntelSpec, RecordsItsParameters) {
  EXPECT_EQ(
      to_text(parse(kSpec).value().json()),
      R"({"lists":[{"name":"feed","file":"feed.txt","labels":["phishing"],"kind":"domain","subdomains":true,"confidence":90,)"
      R"("expires":"2027-01-01T00:00:00Z"},{"name":"ranks","file":"ranks.csv","labels":["popular"],"format":"csv",)"
      R"("column":"domain","rank_column":"rank"}],"brands":["brands.yaml"]})");
}

TEST(IntelSpec, NamesTheListThatFails) {
  const testing::TemporaryFolder folder;
  const auto imported = import_intel(parse(kSpec).value(), folder.path());
  ASSERT_EQ(testing::code_of(imported), Code::NotFound);
  EXPECT_NE(imported.error().message().find("list 'feed'"), std::string::npos);
}

TEST(IntelSpec, RefusesWhatItDoesNotKnow) {
  for (const auto* text :
       {"intel: 2\n", "intel: 1\nlist: []\n",
        "intel: 1\nlists: [{name: a, file: b, labels: [], kind: person}]\n",
        "intel: 1\nlists: [{name: a, file: b, labels: [], format: xml}]\n",
        "intel: 1\nlists: [{name: a, file: b, labels: [], confidence: 101}]\n",
        "intel: 1\nlists: [{name: a, file: b, labels: []}, {name: a, file: c, labels: []}]\n"}) {
    const auto spec = parse(text);
    ASSERT_EQ(testing::code_of(spec), Code::InvalidArgument) << text;
    EXPECT_NE(spec.error().message().find("intel.yaml:"), std::string::npos) << spec.error();
  }
}

TEST(Brands, NeedNamesAndDomains) {
  for (const auto* text : {"brands: [{key: a, names: [], domains: [a.example]}]",
                           "brands: [{key: a, names: [A], domains: []}]",
                           "brands: [{key: a, names: [A], domains: [not a domain]}]",
                           "brands: [{key: a, names: [A], domains: [a.example]}, {key: a, names: "
                           "[B], domains: [b.example]}]"}) {
    EXPECT_EQ(testing::code_of(read_brands(Yaml::parse(text, "brands.yaml").value())),
              Code::InvalidArgument)
        << text;
  }
}

}  // namespace
}  // namespace winnow
