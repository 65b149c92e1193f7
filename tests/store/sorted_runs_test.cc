#include "store/sorted_runs.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include <gmock/gmock.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::array<std::string_view, 1> kSteps = {SortedRuns::kSchema};

class SortedRunsTest : public ::testing::Test {
 protected:
  SortedRunsTest() { EXPECT_OK(database_.migrate("runs", kSteps)); }
  std::size_t runs() {
    auto count = database_.prepare("SELECT count(*) FROM sorted_runs").value();
    EXPECT_TRUE(count.next().value());
    std::uint64_t runs = 0;
    EXPECT_OK(count.read(runs));
    return runs;
  }
  Sqlite database_ = Sqlite::open_in_memory().value();
};

std::vector<NumberPair> sorted(std::vector<NumberPair> pairs) {
  std::ranges::sort(pairs);
  return pairs;
}

// Whatever came together, the set answers as one that is sorted in memory does.
TEST_F(SortedRunsTest, AnswersAsASortedSet) {
  testing::for_each_seed(12, [&](Rng& rng) {
    auto database = Sqlite::open_in_memory().value();
    ASSERT_OK(database.migrate("runs", kSteps));
    SortedRuns runs(database, "a"), others(database, "b");
    // For none, for some of the runs, for all.
    runs.keep_filters(
        std::array<std::size_t, 3>{0, 2000, SortedRuns::kMaxFilterBytes}[rng.below(3)]);
    std::set<NumberPair> all;
    // Few keys: many pairs of a key, over the rows and runs that there are.
    const auto keys = std::array<std::uint64_t, 3>{5, 300, 1UL << 62}[rng.below(3)];
    const auto any_key = [&] { return static_cast<std::int64_t>(rng.below(keys) - keys / 2); };
    for (int batch = 0; batch < 60; ++batch) {
      std::vector<NumberPair> pairs;
      const auto size = rng.below(4) == 0 ? rng.below(900) : rng.below(20);
      for (std::uint64_t i = 0; i < size; ++i) {
        const NumberPair pair{any_key(), static_cast<std::int64_t>(all.size())};
        if (all.insert(pair).second) pairs.push_back(pair);
      }
      ASSERT_OK(others.add({{any_key(), -1}}));
      ASSERT_OK(runs.add(pairs));
    }
    const std::vector<NumberPair> in_order(all.begin(), all.end());
    for (int question = 0; question < 20; ++question) {
      std::vector<std::int64_t> asked = {any_key(), any_key(), 77'777'777'777};
      for (int i = 0; i < 5; ++i) asked.push_back(in_order[rng.below(in_order.size())].key);
      std::vector<NumberPair> expected;
      std::ranges::copy_if(in_order, std::back_inserter(expected), [&](const NumberPair& pair) {
        return std::ranges::find(asked, pair.key) != asked.end();
      });
      EXPECT_EQ(sorted(runs.find(asked).value()), expected);

      const NumberPair place =
          rng.below(2) == 0 ? in_order[rng.below(in_order.size())] : NumberPair{any_key(), 40};
      const auto end = rng.below(2) == 0 ? kMost : any_key();
      const std::size_t limit = rng.below(700);
      std::vector<NumberPair> up, down;
      for (const auto& pair : in_order) {
        if (pair > place && pair.key < end && up.size() < limit) up.push_back(pair);
      }
      for (auto pair = in_order.rbegin(); pair != in_order.rend(); ++pair) {
        if (*pair < place && pair->key >= end && down.size() < limit) down.push_back(*pair);
      }
      EXPECT_EQ(runs.ascending(place, end, limit).value(), up);
      EXPECT_EQ(runs.descending(place, end, limit).value(), down);
    }
    // Walked in stretches, nothing is left out or comes twice.
    std::vector<NumberPair> walked;
    for (NumberPair at{kLeast, kLeast};;) {
      const auto stretch = runs.ascending(at, kMost, 97).value();
      walked.insert(walked.end(), stretch.begin(), stretch.end());
      if (stretch.size() < 97) break;
      at = stretch.back();
    }
    EXPECT_EQ(walked, in_order);
  });
}

TEST_F(SortedRunsTest, RunsStayFew) {
  SortedRuns set(database_, "a");
  for (std::int64_t i = 0; i < 3000; ++i) ASSERT_OK(set.add({{i * 7919 % 3000, i}}));
  EXPECT_LE(runs(), 3U * 8);
  EXPECT_EQ(set.ascending({kLeast, 0}, kMost, 5000)->size(), 3000U);
}

TEST_F(SortedRunsTest, AnEmptySetHasNothing) {
  SortedRuns set(database_, "a");
  ASSERT_OK(set.add({}));
  EXPECT_EQ(runs(), 0U);
  EXPECT_THAT(set.find({1}).value(), IsEmpty());
  EXPECT_THAT(set.ascending({0, 0}, kMost, 9).value(), IsEmpty());
  EXPECT_THAT(set.descending({0, 0}, kLeast, 9).value(), IsEmpty());
}

// What a filter remembers of a transaction that was undone must not hide what comes instead.
TEST_F(SortedRunsTest, AFilterOfWhatWasUndoneIsForgotten) {
  SortedRuns set(database_, "a");
  set.keep_filters(SortedRuns::kMaxFilterBytes);
  {
    const auto undone = database_.begin().value();
    ASSERT_OK(set.add({{1, 1}}));
    ASSERT_THAT(set.find({1}).value(), ElementsAre(NumberPair{1, 1}));
  }
  set.forget_filters();
  ASSERT_OK(set.add({{2, 2}}));
  EXPECT_THAT(set.find({1, 2}).value(), ElementsAre(NumberPair{2, 2}));
}

// One asks, another adds and joins.
TEST_F(SortedRunsTest, FiltersFollowWhatAnotherAdds) {
  SortedRuns writer(database_, "a"), reader(database_, "a");
  reader.keep_filters(SortedRuns::kMaxFilterBytes);
  for (std::int64_t i = 0; i < 100; ++i) {
    ASSERT_OK(writer.add({{i, i}}));
    ASSERT_THAT(reader.find({i}).value(), ElementsAre(NumberPair{i, i}));
  }
  EXPECT_EQ(reader.find({0, 50, 99, 100})->size(), 3U);
}

// All of it would be read for nothing, by each question anew.
TEST_F(SortedRunsTest, ARunThatNoFilterHasRoomForIsNotReadForOne) {
  SortedRuns set(database_, "a");
  set.keep_filters(KeyFilter::bytes_for(200) - 1);
  std::vector<NumberPair> pairs;
  for (std::int64_t i = 0; i < 200; ++i) pairs.push_back({i, i});
  ASSERT_OK(set.add(pairs));
  ASSERT_OK(database_.execute("UPDATE sorted_pairs SET pairs = x'0102' WHERE last_key = 199"));
  EXPECT_THAT(set.find({7}).value(), ElementsAre(NumberPair{7, 7}));
  EXPECT_EQ(testing::code_of(set.find({199})), Code::Corrupt) << "but where the key may be";
}

TEST_F(SortedRunsTest, ARowThatIsNoneIsDamage) {
  SortedRuns set(database_, "a");
  ASSERT_OK(set.add({{1, 1}, {2, 2}}));
  ASSERT_OK(database_.execute("UPDATE sorted_pairs SET pairs = x'0102'"));
  EXPECT_EQ(testing::code_of(set.find({1})), Code::Corrupt);
  EXPECT_EQ(testing::code_of(set.ascending({0, 0}, kMost, 9)), Code::Corrupt);
  EXPECT_EQ(testing::code_of(set.descending({9, 9}, kLeast, 9)), Code::Corrupt);
}

TEST(KeyFilter, KnowsWhatItHoldsAndLittleElse) {
  constexpr std::uint64_t kKeys = 100'000;
  KeyFilter filter(kKeys);
  for (std::uint64_t key = 0; key < kKeys; ++key) filter.add(key);
  std::uint64_t wrong = 0;
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    ASSERT_TRUE(filter.may_hold(key)) << key;
    wrong += filter.may_hold(key + kKeys) ? 1 : 0;
  }
  EXPECT_LT(wrong, kKeys / 400);
  EXPECT_LE(filter.bytes(), 2 * kKeys + 64);
  EXPECT_EQ(filter.bytes(), KeyFilter::bytes_for(kKeys));
  const auto kept = KeyFilter::from_content(filter.content());
  ASSERT_OK(kept);
  EXPECT_EQ(kept->content(), filter.content());
  EXPECT_EQ(testing::code_of(KeyFilter::from_content(filter.content().substr(1))), Code::Corrupt);
  EXPECT_EQ(testing::code_of(KeyFilter::from_content("")), Code::Corrupt);
  EXPECT_FALSE(KeyFilter(0).may_hold(1)) << "of no keys";
}

}  // namespace
}  // namespace winnow
