#include "server/format_watch.h"

#include "tests/support/support.h"

namespace winnow::server {
namespace {

class FormatWatching : public ::testing::Test {
 protected:
  // One window of records, of which one in `refused` (0: none) is not mapped and the others have
  // ten keys, `unknown` of them unknown.
  void window(unsigned refused, std::uint32_t unknown = 2) {
    for (std::size_t i = 0; i < FormatWatch::kWindow; ++i) {
      const bool is_mapped = refused == 0 || i % refused != 0;
      watch.note("ids", is_mapped,
                 is_mapped ? std::optional(KeyCounts{10, unknown}) : std::nullopt);
    }
  }
  FormatWatch::Source source() const { return watch.sources().at("ids"); }
  FixedClock clock{Timestamp::from_civil(2026, 3, 3)};
  FormatWatch watch{clock};
};

TEST_F(FormatWatching, NothingIsToldBeforeAWholeWindow) {
  watch.note("ids", true, KeyCounts{10, 2});
  EXPECT_TRUE(watch.sources().empty());
  window(0);
  EXPECT_EQ(source().unknown_keys, 0.2);
  EXPECT_FALSE(source().changed);
}

TEST_F(FormatWatching, AJumpOfWhatCannotBeMappedIsAnAlarmUntilItIsOver) {
  for (int i = 0; i < 3; ++i) window(20);
  EXPECT_FALSE(source().changed) << "it has always been so";
  window(2);
  EXPECT_EQ(source().changed, clock.now());
  EXPECT_EQ(source().why, "50 % of records cannot be mapped (usual: 5 %)");
  clock.advance(std::chrono::hours(1));
  window(1);
  EXPECT_EQ(source().changed, clock.now() - std::chrono::hours(1)) << "since it began";
  window(20);
  EXPECT_FALSE(source().changed);
  EXPECT_EQ(source().why, "");
}

TEST_F(FormatWatching, SoIsAJumpOfKeysThatNobodyKnows) {
  window(0, 2);
  window(0, 3);
  EXPECT_FALSE(source().changed) << "no more than the rise that is allowed";
  window(0, 6);
  EXPECT_TRUE(source().changed);
  EXPECT_EQ(source().why, "60 % of keys are unknown to the mapping (usual: 21 %)");
}

TEST_F(FormatWatching, ASourceOfWhichMostCannotBeMappedFromTheStartIsToldToo) {
  window(1);
  EXPECT_TRUE(source().changed);
}

TEST_F(FormatWatching, WhatHasBeenSoForLongIsUsual) {
  window(0);
  for (std::size_t i = 0; i <= FormatWatch::kAccepted; ++i) window(1);
  EXPECT_FALSE(source().changed);
  window(1);
  EXPECT_FALSE(source().changed);
}

TEST_F(FormatWatching, ASlowSourceNeedsNoWholeWindow) {
  window(0);
  for (std::size_t i = 0; i < FormatWatch::kLeast; ++i) watch.note("ids", false, {});
  EXPECT_FALSE(source().changed);
  clock.advance(FormatWatch::kLong);
  watch.note("ids", false, {});
  EXPECT_TRUE(source().changed);
}

TEST_F(FormatWatching, TheNumberOfSourcesIsBounded) {
  for (std::size_t i = 0; i < 2 * FormatWatch::kMostSources; ++i) {
    for (std::size_t n = 0; n < FormatWatch::kWindow; ++n)
      watch.note(std::to_string(i), true, KeyCounts{1, 0});
  }
  EXPECT_EQ(watch.sources().size(), FormatWatch::kMostSources);
}

}  // namespace
}  // namespace winnow::server
