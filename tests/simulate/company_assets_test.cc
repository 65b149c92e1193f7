#include "simulate/company_assets.h"

#include <algorithm>
#include <set>

#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

Company company(std::uint64_t seed) { return Company::build({.seed = seed, .people = 40}); }

TEST(CompanyAssets, NameEachPersonMachineAndAddressOnce) {
  const auto made = company(7);
  const auto assets = assets_of(made);
  EXPECT_EQ(assets.size(), made.people.size() + 2 * made.hosts.size());
  std::set<std::pair<AssetKind, std::string>> names;
  for (const auto& asset : assets) names.emplace(asset.kind, asset.name);
  EXPECT_EQ(names.size(), assets.size());
  for (const auto& host : made.hosts) {
    EXPECT_TRUE(names.contains({AssetKind::Host, host.name})) << host.name;
    EXPECT_TRUE(names.contains({AssetKind::Network, host.address})) << host.address;
  }
}

TEST(CompanyAssets, ServersAreWorthMostAndFew) {
  for (const std::uint64_t seed : {1, 7, 11}) {
    const auto assets = assets_of(company(seed));
    const auto critical = std::ranges::count(assets, Criticality::Critical, &Asset::criticality);
    EXPECT_GT(critical, 0);
    EXPECT_LT(critical * 4, static_cast<std::ptrdiff_t>(assets.size()));
    for (const auto& asset : assets) {
      EXPECT_EQ(asset.criticality == Criticality::Critical, asset.purpose.starts_with("server"))
          << asset.name;
    }
  }
}

TEST(CompanyAssets, AreTheSameForTheSameCompanyAndReadAsTheyAreWritten) {
  const auto assets = assets_of(company(7));
  EXPECT_EQ(assets_of(company(7)), assets);
  EXPECT_NE(assets_of(company(8)), assets);
  EXPECT_EQ(checked(read_assets(assets_csv(assets), "again").value()).value(), assets);
}

}  // namespace
}  // namespace winnow::simulate
