#include "learn/near_duplicates.h"

#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::some_terms;
using winnow::testing::for_each_seed;
using Sets = std::vector<std::vector<std::uint32_t>>;

std::vector<std::uint32_t> groups_of(const Sets& sets) {
  return group_near_duplicates(std::vector<TermSet>(sets.begin(), sets.end()));
}

// A copy with some of its terms exchanged, as a campaign varies its mail.
std::vector<std::uint32_t> varied(Rng& rng, const std::vector<std::uint32_t>& terms, double share) {
  std::set<std::uint32_t> out;
  for (const auto term : terms)
    out.insert(rng.chance(share) ? static_cast<std::uint32_t>(rng.below(1U << 16)) : term);
  return {out.begin(), out.end()};
}

Sets campaigns(Rng& rng) {
  Sets sets;
  for (int campaign = 0; campaign < 12; ++campaign) {
    const auto seed = some_terms(rng, 30 + rng.below(100));
    for (int copy = 0; copy < 5; ++copy) sets.push_back(varied(rng, seed, 0.02 + 0.2 * rng.unit()));
  }
  return sets;
}

TEST(NearDuplicates, AreWhatExactJaccardSays) {
  for_each_seed(20, [](Rng& rng) {
    const auto sets = campaigns(rng);
    const auto groups = groups_of(sets);
    // The exact components, by all pairs.
    std::vector<std::uint32_t> exact(sets.size());
    std::iota(exact.begin(), exact.end(), 0U);
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < sets.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (exact[i] == exact[j] || jaccard(sets[i], sets[j]) < 0.7) continue;
          exact[i] = exact[j] = std::min(exact[i], exact[j]);
          changed = true;
        }
      }
    }
    int clear = 0, found = 0;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        // Nothing is joined that exact comparison would not join.
        if (groups[i] == groups[j]) {
          EXPECT_EQ(exact[i], exact[j]);
        }
        if (jaccard(sets[i], sets[j]) < 0.8) continue;
        ++clear;
        found += groups[i] == groups[j] ? 1 : 0;
      }
    }
    EXPECT_GE(found, clear - 1) << "clear copies are found";
  });
}

TEST(NearDuplicates, DoNotDependOnTheOrder) {
  for_each_seed(20, [](Rng& rng) {
    const auto sets = campaigns(rng);
    const auto groups = groups_of(sets);
    std::vector<std::uint32_t> order(sets.size());
    std::iota(order.begin(), order.end(), 0U);
    rng.shuffle(std::span(order));
    Sets shuffled;
    for (const auto i : order) shuffled.push_back(sets[i]);
    const auto again = groups_of(shuffled);
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_EQ(again[i] == again[j], groups[order[i]] == groups[order[j]]);
      }
    }
  });
}

TEST(NearDuplicates, NameAGroupByItsFirstMember) {
  const Sets sets = {{1, 2, 3}, {7, 8}, {1, 2, 3}, {}, {}, {7, 8}};
  EXPECT_EQ(groups_of(sets), (std::vector<std::uint32_t>{0, 1, 0, 3, 4, 1}));
}

TEST(NearDuplicates, ShortTextsMustBeEqual) {
  EXPECT_EQ(groups_of({{1, 2, 3, 4, 5}, {1, 2, 3, 4, 6}, {1, 2, 3, 4, 5}}),
            (std::vector<std::uint32_t>{0, 1, 0}));
}

TEST(NearDuplicates, StayBoundedWhenACampaignIsHuge) {
  Rng rng(1);
  const auto seed = some_terms(rng, 60);
  Sets sets;
  for (int i = 0; i < 3000; ++i) sets.push_back(varied(rng, seed, 0.03));
  for (int i = 0; i < 200; ++i) sets.push_back(some_terms(rng, 60));
  const auto groups = groups_of(sets);
  const std::set<std::uint32_t> campaign(groups.begin(), groups.begin() + 3000);
  EXPECT_EQ(campaign.size(), 1U);
  const std::set<std::uint32_t> others(groups.begin() + 3000, groups.end());
  EXPECT_EQ(others.size(), 200U);
}

TEST(EqualRows, AreCopiesOfTheFirstWhateverMissingIsMadeOf) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values = {1, nan, 0, 2, 1, -nan, -0.0F, 2, nan, 1, 1, nan};
  const auto groups = group_equal_rows({values.data(), 6, 2});
  EXPECT_EQ(groups, std::vector<std::uint32_t>({0, 1, 0, 1, 4, 0}));
  EXPECT_TRUE(group_equal_rows({nullptr, 0, 2}).empty());
}

TEST(EqualRows, GroupARowsWithoutText) {
  const auto data =
      testing::made({{.values = {1}}, {.values = {2}}, {.values = {1}}}, testing::made_shape(1, 0));
  std::map<std::uint32_t, int> sizes;
  for (std::size_t row = 0; row < data.size(); ++row) ++sizes[data.group(row)];
  EXPECT_EQ(sizes.size(), 2U);
}

TEST(Jaccard, CountsWhatBothHave) {
  EXPECT_EQ(jaccard(std::vector<std::uint32_t>{1, 2, 3}, std::vector<std::uint32_t>{2, 3, 4}), 0.5);
  EXPECT_EQ(jaccard({}, {}), 0);
}

}  // namespace
}  // namespace winnow::learn
