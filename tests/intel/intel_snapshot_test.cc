#include "intel/intel_snapshot.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "intel/detail/snapshot_layout.h"
#include "names/domain.h"
#include "names/ip_address.h"
#include "tests/intel/indicators.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::indicator;
using testing::kNow;
using testing::snapshot_of;
using testing::with_subdomains;
using enum IndicatorKind;

std::vector<std::string> sources(const IntelSnapshot& snapshot, const Observable& observable,
                                 Timestamp at = kNow) {
  std::vector<IntelMatch> matches;
  snapshot.match(std::span(&observable, 1), at, matches);
  std::vector<std::string> out;
  for (const auto& match : matches) {
    out.push_back(std::string(snapshot.entry(match.entry).source()) + ":" +
                  std::string(name_of(match.scope)));
  }
  std::ranges::sort(out);
  return out;
}

TEST(IntelSnapshot, FindsDomainsAndTheirListedParents) {
  const auto snapshot =
      snapshot_of({indicator(Domain, "evil.example", "phishing", "exact"),
                   with_subdomains(indicator(Domain, "evil.example", "phishing", "below")),
                   with_subdomains(indicator(Domain, "example", "benign", "top"))});
  using Found = std::vector<std::string>;
  EXPECT_EQ(sources(snapshot, {Domain, "evil.example"}),
            (Found{"below:exact", "exact:exact", "top:parent"}));
  EXPECT_EQ(sources(snapshot, {Domain, "a.b.evil.example"}), (Found{"below:parent", "top:parent"}));
  EXPECT_EQ(sources(snapshot, {Domain, "notevil.example"}), (Found{"top:parent"}));
  EXPECT_EQ(sources(snapshot, {Domain, "evil.example.com"}), Found{});
  EXPECT_EQ(sources(snapshot, {Domain, ""}), Found{});
  EXPECT_EQ(sources(snapshot, {Url, "evil.example"}), Found{}) << "another kind";
}

TEST(IntelSnapshot, FindsUrlsWithAndWithoutQuery) {
  const auto snapshot =
      snapshot_of({indicator(Url, "http://e.example/a", "phishing", "page"),
                   indicator(Url, "http://e.example/a?id=1", "phishing", "whole")});
  using Found = std::vector<std::string>;
  EXPECT_EQ(sources(snapshot, {Url, "http://e.example/a"}), Found{"page:exact"});
  EXPECT_EQ(sources(snapshot, {Url, "http://e.example/a?id=1"}),
            (Found{"page:without query", "whole:exact"}));
  EXPECT_EQ(sources(snapshot, {Url, "http://e.example/a?id=2"}), Found{"page:without query"});
  EXPECT_EQ(sources(snapshot, {Url, "http://e.example/"}), Found{});
}

TEST(IntelSnapshot, FindsAddressesInNestedBlocks) {
  const auto snapshot = snapshot_of(
      {indicator(Ip, "10.0.0.0/8", "a", "8"), indicator(Ip, "10.1.0.0/16", "a", "16"),
       indicator(Ip, "10.1.2.3", "a", "32"), indicator(Ip, "10.1.2.4/31", "a", "31"),
       indicator(Ip, "2001:db8::/32", "a", "v6"), indicator(Ip, "2001:db8::1", "a", "v6 one")});
  using Found = std::vector<std::string>;
  EXPECT_EQ(sources(snapshot, {Ip, "10.1.2.3"}), (Found{"16:block", "32:exact", "8:block"}));
  EXPECT_EQ(sources(snapshot, {Ip, "10.1.2.5"}), (Found{"16:block", "31:block", "8:block"}));
  EXPECT_EQ(sources(snapshot, {Ip, "10.255.255.255"}), Found{"8:block"});
  EXPECT_EQ(sources(snapshot, {Ip, "9.255.255.255"}), Found{});
  EXPECT_EQ(sources(snapshot, {Ip, "11.0.0.0"}), Found{});
  EXPECT_EQ(sources(snapshot, {Ip, "2001:db8::1"}), (Found{"v6 one:exact", "v6:block"}));
  EXPECT_EQ(sources(snapshot, {Ip, "2001:db9::"}), Found{});
  EXPECT_EQ(sources(snapshot, {Ip, "no address"}), Found{});
}

TEST(IntelSnapshot, CountsAStatementFromWhenItWasSeenUntilItExpires) {
  auto one = indicator(Domain, "evil.example", "phishing");
  one.first_seen = kNow;
  one.expires = kNow + std::chrono::hours(1);
  const auto snapshot = snapshot_of({one});
  const Observable observable{Domain, "evil.example"};
  EXPECT_FALSE(snapshot.is("phishing", observable, kNow - Duration(1)));
  EXPECT_TRUE(snapshot.is("phishing", observable, kNow));
  EXPECT_TRUE(snapshot.is("phishing", observable, kNow + std::chrono::hours(1) - Duration(1)));
  EXPECT_FALSE(snapshot.is("phishing", observable, kNow + std::chrono::hours(1)));
}

TEST(IntelSnapshot, AnswersForLabelsAndRanks) {
  auto popular = with_subdomains(indicator(Domain, "big.example", "popular", "top-10k"));
  popular.rank = 10000;
  auto more_popular = popular;
  more_popular.source = "top-1k";
  more_popular.rank = 1000;
  const auto snapshot =
      snapshot_of({popular, more_popular, indicator(Mailbox, "a@evil.example", "phishing")});
  EXPECT_EQ(snapshot.popularity_rank("www.big.example", kNow), 1000U);
  EXPECT_EQ(snapshot.popularity_rank("small.example", kNow), 0U);
  EXPECT_TRUE(snapshot.is("phishing", {Mailbox, "a@evil.example"}, kNow));
  EXPECT_FALSE(snapshot.is("popular", {Mailbox, "a@evil.example"}, kNow));
  EXPECT_FALSE(snapshot.is("unheard-of", {Mailbox, "a@evil.example"}, kNow));
  EXPECT_TRUE(snapshot.label("popular").has_value());
  EXPECT_FALSE(snapshot.label("unheard-of").has_value());
}

Indicator random_indicator(Rng& rng) {
  static constexpr std::string_view kLabels[] = {"a", "b", "com", "evil", "x1", "example"};
  static constexpr std::string_view kSources[] = {"one", "two", "three"};
  Indicator out;
  out.kind = static_cast<IndicatorKind>(rng.below(kIndicatorKinds));
  std::string name(rng.pick(kLabels));
  for (auto more = rng.below(3); more > 0; --more)
    name = name + "." + std::string(rng.pick(kLabels));
  if (out.kind == Ip) {
    const auto address =
        rng.chance(0.7)
            ? IpAddress::v4(0x0A000000U | static_cast<std::uint32_t>(rng.below(64)))
            : IpAddress::v6({0x20, 1, 0xd, 0xb8, static_cast<std::uint8_t>(rng.below(4))});
    out.value = IpBlock(address, static_cast<unsigned>(address.bits() - rng.below(8))).text();
  } else {
    out.value = out.kind == Url ? "http://" + name + "/" : out.kind == Mailbox ? "m@" + name : name;
  }
  out.with_subdomains = out.kind == Domain && rng.chance(0.5);
  out.source = rng.pick(kSources);
  for (const auto label : kLabels) {
    if (rng.chance(0.3)) out.labels.emplace_back(label);
  }
  std::ranges::sort(out.labels);
  out.rank = static_cast<std::uint32_t>(rng.below(3));
  out.confidence = static_cast<std::uint8_t>(rng.below(101));
  if (rng.chance(0.5)) out.first_seen = kNow + Duration(rng.between(-5, 5));
  if (rng.chance(0.5)) out.last_seen = kNow;
  if (rng.chance(0.5)) out.expires = kNow + Duration(rng.between(-5, 5));
  return out;
}

TEST(IntelSnapshot, HasTheSameBytesWhateverTheOrder) {
  testing::for_each_seed(100, [](Rng& rng) {
    std::vector<Indicator> indicators(rng.below(60));
    for (auto& one : indicators) one = random_indicator(rng);
    const auto bytes = testing::compiled(indicators);
    auto again = indicators;
    again.insert(again.end(), indicators.begin(),
                 indicators.end());  // repeated ones leave no trace
    rng.shuffle(std::span(again));
    EXPECT_EQ(testing::compiled(again), bytes);
  });
}

bool names_it(const Indicator& one, const Observable& observable) {
  if (one.kind != observable.kind) return false;
  if (one.kind == Ip) {
    return IpBlock::parse(one.value).value().contains(
        IpBlock::parse(observable.value).value().first());
  }
  if (one.kind == Url && observable.value.substr(0, observable.value.find('?')) == one.value)
    return true;
  return one.value == observable.value ||
         (one.with_subdomains && is_same_or_below(observable.value, one.value));
}

TEST(IntelSnapshot, AnswersLikeASearchThroughAllStatements) {
  testing::for_each_seed(200, [](Rng& rng) {
    std::vector<Indicator> indicators(rng.below(80));
    for (auto& one : indicators) one = random_indicator(rng);
    const auto snapshot = snapshot_of(indicators);
    std::vector<std::string> values;
    std::vector<Observable> observables;
    values.reserve(50);
    for (int i = 0; i < 50; ++i) {
      const auto like = random_indicator(rng);
      values.push_back(like.kind == Ip ? IpBlock::parse(like.value).value().first().text()
                                       : like.value);
      if (like.kind == Url && rng.chance(0.5)) values.back() += "?q";
      observables.push_back({like.kind, values.back()});
    }
    std::vector<IntelMatch> matches;
    snapshot.match(observables, kNow, matches);
    EXPECT_TRUE(std::ranges::is_sorted(matches, {}, &IntelMatch::observable));
    for (std::uint32_t i = 0; i < observables.size(); ++i) {
      std::set<std::string> want, got;
      const auto text = [](const Indicator& one) {
        return one.value + "|" + one.source + "|" + std::to_string(one.rank) + "|" +
               std::to_string(one.confidence);
      };
      for (const auto& one : indicators) {
        const bool counts =
            (!one.first_seen || *one.first_seen <= kNow) && (!one.expires || *one.expires > kNow);
        if (counts && names_it(one, observables[i])) want.insert(text(one));
      }
      for (const auto& match : matches) {
        if (match.observable == i) got.insert(text(snapshot.entry(match.entry).indicator()));
      }
      EXPECT_EQ(got, want) << observables[i].value;
    }
  });
}

TEST(IntelSnapshot, GivesBackWhatWasPutIn) {
  testing::for_each_seed(100, [](Rng& rng) {
    auto one = random_indicator(rng);
    const auto snapshot = snapshot_of({one});
    ASSERT_EQ(snapshot.entry_count(), 1U);
    EXPECT_EQ(snapshot.entry(0).indicator(), one);
    EXPECT_EQ(snapshot.indicator_count(one.kind), 1U);
  });
}

TEST(IntelSnapshot, CarriesBrandsAndLists) {
  SnapshotBuilder builder;
  builder.add(Brand{"paypal", {"PayPal"}, {"paypal.com"}});
  builder.add(Brand{"dhl", {"DHL", "DHL Express"}, {"dhl.com", "dhl.de"}});
  builder.add(IntelList{"feed", "plain", {"phishing"}, sha256("bytes"), 10, 2});
  const auto snapshot = IntelSnapshot::from_bytes(std::move(builder).build().value()).value();
  ASSERT_EQ(snapshot.brands().size(), 2U);
  EXPECT_EQ(snapshot.brands()[0], (Brand{"dhl", {"DHL", "DHL Express"}, {"dhl.com", "dhl.de"}}));
  ASSERT_EQ(snapshot.lists().size(), 1U);
  EXPECT_EQ(snapshot.lists()[0].digest, sha256("bytes"));
  EXPECT_EQ(snapshot.lists()[0].refused, 2U);
}

TEST(SnapshotBuilder, RefusesTwoBrandsOfOneName) {
  SnapshotBuilder builder;
  builder.add(Brand{"paypal", {"PayPal"}, {"paypal.com"}});
  builder.add(Brand{"paypal", {"PayPal"}, {"paypal.de"}});
  EXPECT_EQ(testing::code_of(std::move(builder).build()), Code::InvalidArgument);
}

TEST(SnapshotBuilder, RefusesAnAddressWithoutNormalForm) {
  SnapshotBuilder builder;
  builder.add(indicator(Ip, "10.0.0.0/99", "a"));
  EXPECT_EQ(testing::code_of(std::move(builder).build()), Code::InvalidArgument);
}

TEST(IntelSnapshot, IsReadFromAMappedFile) {
  const testing::TemporaryFolder folder;
  const auto bytes = testing::compiled({indicator(Domain, "evil.example", "phishing")});
  ASSERT_OK(write_atomically(folder / "snapshot", bytes));
  const auto snapshot = IntelSnapshot::open(folder / "snapshot");
  ASSERT_OK(snapshot);
  EXPECT_TRUE(snapshot->is("phishing", {Domain, "evil.example"}, kNow));
  EXPECT_EQ(snapshot->bytes(), bytes);
  EXPECT_EQ(testing::code_of(IntelSnapshot::open(folder / "absent")), Code::NotFound);
}

std::string example_bytes() {
  Rng rng(7);
  std::vector<Indicator> indicators(40);
  for (auto& one : indicators) one = random_indicator(rng);
  return testing::compiled(indicators);
}

TEST(IntelSnapshot, SeesEveryFlippedByteAndEveryCut) {
  const auto bytes = example_bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    const auto read = IntelSnapshot::from_bytes(damaged);
    ASSERT_FALSE(read) << "byte " << i;
    EXPECT_TRUE(read.error().code() == Code::Corrupt || read.error().code() == Code::Unsupported);
  }
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_EQ(testing::code_of(IntelSnapshot::from_bytes(bytes.substr(0, size))), Code::Corrupt);
  }
}

// A forged file can have a right checksum; then the structure itself must hold, or be refused.
TEST(IntelSnapshot, SurvivesForgedBytes) {
  const auto bytes = example_bytes();
  int accepted = 0;
  testing::for_each_seed(3000, [&](Rng& rng) {
    auto forged = bytes;
    for (auto changes = 1 + rng.below(3); changes > 0; --changes) {
      forged[8 + rng.below(forged.size() - 8)] =
          rng.chance(0.5) ? static_cast<char>(rng.next()) : static_cast<char>(0xFF * rng.below(2));
    }
    const auto checksum = ByteWriter().put(detail::snapshot_checksum(forged)).bytes();
    forged.replace(detail::kChecksumAt, checksum.size(), checksum);
    const auto snapshot = IntelSnapshot::from_bytes(forged);
    if (!snapshot) return;
    ++accepted;
    std::vector<IntelMatch> matches;
    const std::vector<Observable> observables = {{Domain, "a.evil.com"},
                                                 {Ip, "10.0.0.3"},
                                                 {Ip, "2001:db8::"},
                                                 {Url, "http://a/?b"},
                                                 {File, "a"}};
    snapshot->match(observables, kNow, matches);
    for (std::uint32_t entry = 0; entry < snapshot->entry_count(); ++entry)
      snapshot->entry(entry).indicator();
  });
  EXPECT_GT(accepted, 0) << "none got as far as a look-up";
}

}  // namespace
}  // namespace winnow
