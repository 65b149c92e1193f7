#include "learn/splits.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::made;
using testing::random_rows;
using winnow::testing::code_of;
using winnow::testing::for_each_seed;
constexpr Duration kDay = std::chrono::hours(24);

// The promises of every split.
void expect_group_safe(const DataSet& data, const Split& split) {
  std::set<std::uint32_t> tested;
  for (const auto row : split.test) tested.insert(data.group(row));
  for (const auto row : split.train) {
    EXPECT_FALSE(tested.contains(data.group(row))) << "a near-duplicate of a test row trains";
  }
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
  EXPECT_TRUE(std::is_sorted(split.test.begin(), split.test.end()));
}

void expect_no_future(const DataSet& data, const Split& split, Duration embargo) {
  for (const auto train : split.train) {
    for (const auto test : split.test) ASSERT_LT(data.time(train), data.time(test) - embargo);
  }
}

TEST(Splits, NeverTrainOnTheFutureOrOnACopyOfATestRow) {
  for_each_seed(20, [](Rng& rng) {
    const auto data = made(random_rows(rng, 150, 60));
    const auto embargo = kDay * rng.between(0, 5);
    const auto at = split_at(data, data.time(90), embargo);
    ASSERT_OK(at);
    expect_group_safe(data, *at);
    expect_no_future(data, *at, embargo);
    const auto windows = expanding_windows(data, {4, 0.4, embargo});
    ASSERT_OK(windows);
    for (const auto& split : *windows) {
      expect_group_safe(data, split);
      expect_no_future(data, split, embargo);
      EXPECT_EQ(split.train.size() + split.purged, split.test.front());
    }
  });
}

TEST(ExpandingWindows, TestEveryLateRowOnceAndGrow) {
  Rng rng(3);
  const auto data = made(random_rows(rng, 200, 100));
  const auto windows = expanding_windows(data, {5, 0.3, kDay});
  ASSERT_OK(windows);
  ASSERT_EQ(windows->size(), 5U);
  std::vector<std::uint32_t> tested;
  for (const auto& split : *windows)
    tested.insert(tested.end(), split.test.begin(), split.test.end());
  for (std::size_t i = 1; i < tested.size(); ++i) EXPECT_EQ(tested[i], tested[i - 1] + 1);
  EXPECT_EQ(tested.back(), data.size() - 1);
}

TEST(ExpandingWindows, RefuseRowsThatTimeDoesNotOrder) {
  std::vector<testing::MadeRow> rows(50);
  EXPECT_EQ(code_of(expanding_windows(made(rows), {5, 0.4, {}})), Code::InvalidArgument);
  EXPECT_EQ(code_of(split_at(made(rows), Timestamp::from_seconds(1), {})), Code::InvalidArgument);
  EXPECT_EQ(code_of(expanding_windows(made(rows), {0, 0.4, {}})), Code::InvalidArgument);
}

TEST(CrossSource, TrainsWithoutBothSourcesAndTheirCopies) {
  for_each_seed(20, [](Rng& rng) {
    const auto data = made(random_rows(rng, 200, 30));
    const std::vector<std::string> bad = {"bad one", "bad two"},
                                   good = {"good one", "good two", "good three"};
    const auto matrix = cross_source_matrix(data, bad, good);
    ASSERT_OK(matrix);
    ASSERT_EQ(matrix->size(), 6U);
    for (std::size_t i = 0; i < matrix->size(); ++i) {
      const auto& split = (*matrix)[i];
      expect_group_safe(data, split);
      const std::set<std::string> out = {bad[i / 3], good[i % 3]};
      for (const auto row : split.train)
        EXPECT_FALSE(out.contains(data.sources()[data.source(row)]));
      for (const auto row : split.test) EXPECT_TRUE(out.contains(data.sources()[data.source(row)]));
    }
  });
}

TEST(CrossSource, NamesTheSourceItDoesNotKnow) {
  Rng rng(1);
  const auto data = made(random_rows(rng, 50, 30));
  const auto split = leave_sources_out(data, std::vector<std::string>{"elsewhere"});
  ASSERT_EQ(code_of(split), Code::NotFound);
  EXPECT_NE(split.error().message().find("elsewhere"), std::string::npos);
}

TEST(Folds, KeepGroupsTogetherAndFillUp) {
  for_each_seed(20, [](Rng& rng) {
    const auto data = made(random_rows(rng, 200, 30));
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < data.size(); ++row) {
      if (rng.chance(0.8)) rows.push_back(row);
    }
    for (const auto by : {FoldBy::Group, FoldBy::Time}) {
      const auto folds = folds_of(data, rows, by, 4, 7);
      ASSERT_OK(folds);
      ASSERT_EQ(folds->size(), rows.size());
      std::map<std::uint32_t, std::set<std::uint32_t>> folds_of_group;
      std::vector<int> sizes(4);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        folds_of_group[data.group(rows[i])].insert((*folds)[i]);
        ++sizes.at((*folds)[i]);
      }
      for (const auto& [group, in] : folds_of_group) EXPECT_EQ(in.size(), 1U);
      for (const auto size : sizes) EXPECT_GT(size, 10) << name_of(by);
    }
  });
}

TEST(Folds, BySourceKeepSourcesWhole) {
  Rng rng(9);
  const auto data = made(random_rows(rng, 200, 30));
  std::vector<std::uint32_t> rows(data.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  const auto folds = folds_of(data, rows, FoldBy::Source, 2, 7);
  ASSERT_OK(folds);
  std::map<std::uint32_t, std::set<std::uint32_t>> folds_of_source;
  std::set<std::pair<std::uint32_t, Label>> seen;
  for (const auto row : rows) {
    folds_of_source[data.source(row)].insert((*folds)[row]);
    seen.emplace((*folds)[row], data.label(row));
  }
  for (const auto& [source, in] : folds_of_source) EXPECT_EQ(in.size(), 1U);
  EXPECT_EQ(seen.size(), 4U) << "each fold has both labels";
}

TEST(Folds, RefuseMoreFoldsThanRows) {
  const auto data = made({{}, {.day = 1}});
  EXPECT_EQ(code_of(folds_of(data, std::vector<std::uint32_t>{0, 1}, FoldBy::Group, 3, 1)),
            Code::InvalidArgument);
  EXPECT_EQ(code_of(folds_of(data, std::vector<std::uint32_t>{0, 1}, FoldBy::Group, 1, 1)),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
