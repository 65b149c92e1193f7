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

TEST_F(FormatWatching, SoIsAJumpOfValuesThatCannotBeReadOfOneFieldAmongMany) {
  // One record in eight is counted; every fourth of these has the rarer field.
  const auto records = [&](int one_in) {
    for (int i = 0; i < static_cast<int>(FormatWatch::kWindow); ++i) {
      std::optional<KeyCounts> keys;
      if (i % 8 == 0) {
        keys = KeyCounts{20, 0, {{"often", false}}};
        if (i % 32 == 0) keys->fields.push_back({"port", one_in > 0 && i / 32 % one_in == 0});
      }
      watch.note("ids", true, keys);
    }
  };
  for (int i = 0; i < 3; ++i) records(0);
  EXPECT_FALSE(source().changed);
  EXPECT_TRUE(source().unreadable.empty());
  records(1);
  ASSERT_TRUE(source().changed);
  EXPECT_EQ(source().why, "100 % of the values of 'port' cannot be read (usual: 0 %)");
  EXPECT_EQ(source().unreadable, (std::vector{std::pair(std::string("port"), 1.0)}));
  records(0);
  EXPECT_FALSE(source().changed);
}

TEST_F(FormatWatching, FieldsThatAreRareAreToldOnceEnoughOfThemCame) {
  const auto one = [&](bool is_unreadable) {
    for (std::size_t i = 1; i < FormatWatch::kWindow; ++i) watch.note("ids", true, KeyCounts{9, 0});
    watch.note("ids", true, KeyCounts{9, 0, {{"rare", is_unreadable}}});
  };
  for (int i = 0; i < 5; ++i) one(false);
  for (int i = 0; i < 4; ++i) one(true);
  EXPECT_FALSE(source().changed);
  one(true);
  EXPECT_TRUE(source().changed);
  for (int i = 0; i < 4; ++i) one(false);
  EXPECT_TRUE(source().changed) << "until as many came again";
  one(false);
  EXPECT_FALSE(source().changed);
}

TEST_F(FormatWatching, AFieldThatCanMostlyNotBeReadFromTheStartIsToldToo) {
  const auto records = [&](double share) {
    for (std::size_t i = 0; i < FormatWatch::kWindow; ++i) {
      const bool is_unreadable = static_cast<double>(i) < share * FormatWatch::kWindow;
      watch.note("ids", true, KeyCounts{9, 0, {{"method", is_unreadable}}});
    }
  };
  records(0.4);
  EXPECT_FALSE(source().changed) << "less than most";
  for (std::size_t i = 0; i < 20; ++i) records(0.5);
  EXPECT_FALSE(source().changed) << "what is usual follows";
  records(0.9);
  EXPECT_TRUE(source().changed);
}

TEST_F(FormatWatching, AFieldThatNoLongerComesIsForgotten) {
  const auto records = [&](std::string_view field, bool is_unreadable) {
    for (std::size_t i = 0; i < FormatWatch::kWindow; ++i)
      watch.note("ids", true, KeyCounts{9, 0, {{std::string(field), is_unreadable}}});
  };
  records("port", false);
  records("port", true);
  ASSERT_TRUE(source().changed);
  for (std::size_t i = 1; i < FormatWatch::kForgetAfter; ++i) records("dport", false);
  EXPECT_TRUE(source().changed);
  records("dport", false);
  EXPECT_FALSE(source().changed) << "the mapping was mended, and reads another one";
  EXPECT_TRUE(source().unreadable.empty());
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
