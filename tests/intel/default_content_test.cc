// The reference lists that ship with Winnow (content/intel).
#include <algorithm>

#include "intel/intel_spec.h"
#include "names/domain.h"
#include "names/lookalike.h"
#include "tests/intel/indicators.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::kNow;

const IntelSnapshot& shipped() {
  static const IntelSnapshot kSnapshot = [] {
    const auto folder = testing::source_folder() / "content" / "intel";
    const auto yaml = Yaml::read((folder / "intel.yaml").string()).value();
    auto imported = import_intel(IntelSpec::parse(yaml).value(), folder).value();
    for (const auto& [list, report] : imported.reports) {
      EXPECT_EQ(report.refused, 0U)
          << list << ": " << (report.examples.empty() ? "" : report.examples[0].reason);
    }
    return IntelSnapshot::from_bytes(std::move(imported.bytes)).value();
  }();
  return kSnapshot;
}

TEST(ShippedIntel, KnowsWhatItIsFor) {
  EXPECT_TRUE(shipped().is("shortener", {IndicatorKind::Domain, "bit.ly"}, kNow));
  EXPECT_TRUE(shipped().is("freemail", {IndicatorKind::Domain, "gmail.com"}, kNow));
  EXPECT_TRUE(shipped().is("hosting", {IndicatorKind::Domain, "login.pages.dev"}, kNow));
  EXPECT_TRUE(shipped().is("disposable", {IndicatorKind::Domain, "x.yopmail.com"}, kNow));
  EXPECT_TRUE(shipped().is("brand", {IndicatorKind::Domain, "www.paypal.com"}, kNow));
  EXPECT_FALSE(shipped().is("brand", {IndicatorKind::Domain, "paypal.example"}, kNow));
  EXPECT_GE(shipped().brands().size(), 150U);
}

TEST(ShippedIntel, NamesRegistrableDomainsOfBrandsOnce) {
  std::vector<std::string> domains;
  for (const auto& brand : shipped().brands())
    domains.insert(domains.end(), brand.domains.begin(), brand.domains.end());
  std::ranges::sort(domains);
  const auto repeated = std::ranges::adjacent_find(domains);
  EXPECT_TRUE(repeated == domains.end()) << *repeated;
}

TEST(ShippedIntel, TellsImitationsFromTheirOriginals) {
  std::vector<LookalikeReference> references;
  for (const auto& brand : shipped().brands()) {
    for (const auto& domain : brand.domains) references.push_back({domain, {}, brand.key});
  }
  const LookalikeIndex index(references);
  for (const auto& reference : references)
    EXPECT_EQ(index.find(reference.domain).kind, LookalikeKind::Same) << reference.domain;
  EXPECT_EQ(index.find("rnicrosoft.com").kind, LookalikeKind::Confusable);
  EXPECT_EQ(index.find("netfllx-billing.com").kind, LookalikeKind::Embeds);
  EXPECT_EQ(index.find("wikipedia.org").kind, LookalikeKind::None);
}

}  // namespace
}  // namespace winnow
