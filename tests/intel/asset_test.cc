#include "intel/asset.h"

#include <fmt/format.h>

#include "intel/asset_statements.h"
#include "tests/intel/indicators.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::for_each_seed;
using testing::kNow;

constexpr const char* kList =
    "kind,name,criticality,owner,department,purpose,tags,aliases,since,until\n"
    "host,DC1.soc.example,critical,IT,IT,domain controller,tier-0,dc1,2026-01-01T00:00:00Z,\n"
    "\n"
    "user,Ann@soc.example,high,,\"Finance, Payments\",,privileged lead,ann,,2026-04-01T00:00:00Z\n"
    "network,10.0.0.0/24,low,IT,,office,,,,\n"
    "network,10.0.0.4,critical,IT,,\"address of \"\"dc1\"\"\",,,,\n";

std::vector<Asset> listed() { return checked(read_assets(kList, "assets.csv").value()).value(); }

TEST(AssetList, IsReadInNormalForm) {
  const auto assets = listed();
  ASSERT_EQ(assets.size(), 4U);
  const auto& user = assets[0];
  EXPECT_EQ(user.name, "ann@soc.example");
  EXPECT_EQ(user.department, "Finance, Payments");
  EXPECT_EQ(user.tags, (std::vector<std::string>{"lead", "privileged"}));
  EXPECT_EQ(user.aliases, std::vector<std::string>{"ann"});
  EXPECT_EQ(user.until->text(), "2026-04-01T00:00:00Z");
  const auto& host = assets[1];
  EXPECT_EQ(host.name, "dc1.soc.example");
  EXPECT_EQ(host.criticality, Criticality::Critical);
  EXPECT_EQ(host.purpose, "domain controller");
  EXPECT_EQ(assets[2].name, "10.0.0.0/24");
  EXPECT_EQ(assets[3].purpose, "address of \"dc1\"");
}

TEST(AssetList, IsWrittenAsItIsRead) {
  const auto assets = listed();
  EXPECT_EQ(checked(read_assets(assets_csv(assets), "again").value()).value(), assets);
  for (const auto& asset : assets) EXPECT_EQ(asset_of(to_json(asset)).value(), asset);
  EXPECT_EQ(assets_csv({}),
            "kind,name,criticality,owner,department,purpose,tags,aliases,since,until\n");
}

struct Mistake {
  const char *csv, *message, *hint;
};
class AssetMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(AssetMistakes, AreRefusedWithTheirLine) {
  const auto& [csv, message, hint] = GetParam();
  auto read = read_assets(csv, "assets.csv");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), Code::InvalidArgument);
  EXPECT_EQ(read.error().message(), message);
  EXPECT_EQ(read.error().hint(), hint);
}

INSTANTIATE_TEST_SUITE_P(
    , AssetMistakes,
    ::testing::Values(
        Mistake{"kind,name,critical\n", "assets.csv:1: there is no column 'critical'",
                "did you mean 'criticality'?"},
        Mistake{"kind,owner\n", "assets.csv:1: the column 'name' is missing", ""},
        Mistake{"kind,name,name\n", "assets.csv:1: the column 'name' stands twice", ""},
        Mistake{"kind,name\nhost,dc1\nhots,dc2\n", "assets.csv:3: 'hots' is no kind of asset",
                "did you mean 'host'?"},
        Mistake{"kind,name,criticality\nhost,dc1,hihg\n", "assets.csv:2: 'hihg' is no criticality",
                "did you mean 'high'?"},
        Mistake{"kind,name\nhost,dc1,more\n", "assets.csv:2: 3 fields, the first line names 2", ""},
        Mistake{"kind,name\nuser,ann\n", "assets.csv:2: 'ann' is not the name of a user",
                "a user is named by a mail address; accounts are aliases: ann@soc.example"},
        Mistake{"kind,name\nnetwork,10.0.0.300\n",
                "assets.csv:2: '10.0.0.300' is not the name of a network",
                "a network is an address or a block: 10.0.0.0/24"},
        Mistake{"kind,name,tags\nhost,dc1,Critical\n", "assets.csv:2: 'Critical' is no tag",
                "small letters, digits, '-' and '_'; no criticality, and no label of indicators"},
        Mistake{"kind,name,tags\nhost,dc1,phishing\n", "assets.csv:2: 'phishing' is no tag",
                "small letters, digits, '-' and '_'; no criticality, and no label of indicators"},
        Mistake{"kind,name\nhost,\"dc1\n", "assets.csv:2: a quote is never closed", ""},
        Mistake{"kind,name\nhost,\"dc1\"x\n",
                "assets.csv:2: behind a quoted field stands neither a comma nor a line end", ""},
        Mistake{"kind,name,since,until\nhost,dc1,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z\n",
                "assets.csv:2: 'dc1' ends before it begins", ""}));

TEST(AssetList, ANameStandsForOneAsset) {
  for (const auto* const csv :
       {"kind,name\nhost,dc1\nhost,DC1\n", "kind,name,aliases\nhost,dc1,dc2\nhost,dc2,\n"}) {
    EXPECT_EQ(code_of(checked(read_assets(csv, "a").value())), Code::InvalidArgument) << csv;
  }
  // A host and a user may be called alike.
  EXPECT_OK(
      checked(read_assets("kind,name\nhost,ann.example\nuser,ann@ann.example\n", "a").value()));
}

IntelSnapshot with(const IntelSnapshot* base, const std::vector<Asset>& assets) {
  return IntelSnapshot::from_bytes(snapshot_with_assets(base, assets, sha256("list")).value())
      .value();
}

TEST(AssetStatements, AreReadBackAsTheyWere) {
  const auto assets = listed();
  EXPECT_EQ(assets_of(with(nullptr, assets)), assets);
  for_each_seed(20, [&](Rng& rng) {
    auto shuffled = assets;
    rng.shuffle(std::span(shuffled));
    EXPECT_EQ(with(nullptr, shuffled).bytes(), with(nullptr, assets).bytes());
  });
}

TEST(AssetStatements, StandBesideWhatIsKnownOfOthersAndReplaceThoseBefore) {
  const auto base =
      testing::snapshot_of({testing::indicator(IndicatorKind::Domain, "bad.example", "phishing")});
  const auto first = with(&base, listed());
  const auto second =
      with(&first, checked(read_assets("kind,name\nhost,new\n", "a").value()).value());
  EXPECT_EQ(assets_of(second).size(), 1U);
  EXPECT_TRUE(second.is("phishing", {IndicatorKind::Domain, "bad.example"}, kNow));
  const auto none = with(&second, {});
  EXPECT_TRUE(assets_of(none).empty());
  EXPECT_TRUE(none.is("phishing", {IndicatorKind::Domain, "bad.example"}, kNow));
}

TEST(AssetStatements, SayWhatIsWorthByNameByAliasAndByNetworkWhenTheyCount) {
  const auto snapshot = with(nullptr, listed());
  const auto march = Timestamp::from_civil(2026, 3, 3);
  const auto worth = [&](AssetKind kind, std::string_view name, Timestamp at) {
    return name_of(criticality_at(snapshot, kind, name, at));
  };
  EXPECT_EQ(worth(AssetKind::Host, "dc1.soc.example", march), "critical");
  EXPECT_EQ(worth(AssetKind::Host, "DC1", march), "critical");
  EXPECT_EQ(worth(AssetKind::Host, "dc1.corp.local", march), "critical");
  EXPECT_EQ(worth(AssetKind::Host, "dc2", march), "");
  EXPECT_EQ(worth(AssetKind::Host, "dc1", Timestamp::from_civil(2025, 12, 31)), "");
  EXPECT_EQ(worth(AssetKind::User, "Ann@soc.example", march), "high");
  EXPECT_EQ(worth(AssetKind::User, "ann", march), "high");
  EXPECT_EQ(worth(AssetKind::User, "SOC\\ann", march), "high");
  EXPECT_EQ(worth(AssetKind::User, "arn:aws:iam::1:user/ann", march), "high");
  EXPECT_EQ(worth(AssetKind::User, "bo", march), "");
  EXPECT_EQ(worth(AssetKind::User, "ann@soc.example", Timestamp::from_civil(2026, 4, 1)), "");
  EXPECT_EQ(worth(AssetKind::Network, "10.0.0.4", march), "critical");
  EXPECT_EQ(worth(AssetKind::Network, "10.0.0.5", march), "low");
  EXPECT_EQ(worth(AssetKind::Network, "10.0.1.5", march), "");
  EXPECT_EQ(worth(AssetKind::Host, "", march), "");
}

// A feed's label that happens to be a criticality makes no asset.
TEST(AssetStatements, OnlyTheListSaysWhatIsWorthMuch) {
  const auto feed =
      testing::snapshot_of({testing::indicator(IndicatorKind::Domain, "dc1", "critical")});
  EXPECT_FALSE(knows_assets(feed));
  EXPECT_EQ(criticality_at(feed, AssetKind::Host, "dc1", kNow), Criticality::Unknown);
  EXPECT_TRUE(knows_assets(with(&feed, listed())));
}

}  // namespace
}  // namespace winnow
