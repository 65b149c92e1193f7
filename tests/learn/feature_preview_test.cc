#include "learn/feature_preview.h"

#include <cmath>

#include <fmt/format.h>

#include "learn/history.h"
#include "tests/pipeline/small_bundle.h"

namespace winnow::learn {
namespace {

using winnow::testing::compiled;
using winnow::testing::kMorning;
using winnow::testing::SmallMail;
using winnow::testing::TemporaryFolder;
using EventLabel = winnow::Label;

// The places of features (tests/pipeline/small_bundle.h) in a row.
enum Feature : std::size_t { kLinks, kListed, kMails, kPhishing, kBenign, kDaysKnown, kFeatures };

class FeaturePreviewTest : public ::testing::Test {
 protected:
  // Mail `number`, an hour behind the one before.
  void append(int number, EventLabel label = EventLabel::None, const std::string& source = "gate") {
    const auto day = 1 + number / 24, hour = number % 24;
    const auto raw =
        winnow::testing::raw_of({.from = "ann@shop.example",
                                 .links = number % 3,
                                 .date = fmt::format("{:02} Jan 2026 {:02}:00:00 +0000", day, hour),
                                 .subject = fmt::format("mail {}", number)});
    auto event = winnow::testing::event_of(raw, time_of(number), label);
    event.source = source;
    ASSERT_OK(log.append({&event, 1}));
  }
  static Timestamp time_of(int number) {
    return Timestamp::from_civil(2026, 1, 1) + std::chrono::hours(number);
  }
  FeaturePreview preview(const PreviewRequest& request = {}) {
    NoProgress progress;
    auto found = preview_features(log, bundle->mapping, bundle->pipeline.features(), nullptr,
                                  request, progress);
    EXPECT_OK(found);
    return std::move(found).value();
  }
  static float mails_before(const FeaturePreview& found, std::size_t row) {
    return found.values[row * kFeatures + kMails];
  }
  std::shared_ptr<const BundleRuntime> bundle = compiled();
  TemporaryFolder folder;
  EventLog log = EventLog::open(folder / "events", Access::ReadWrite).value();
};

TEST_F(FeaturePreviewTest, AnEventIsSeenWithWhatWasKnownBeforeIt) {
  for (int i = 0; i < 10; ++i) append(i);
  const auto found = preview();
  ASSERT_EQ(found.rows.size(), 10U);
  EXPECT_TRUE(found.is_whole);
  for (std::size_t row = 0; row < 10; ++row)
    EXPECT_EQ(mails_before(found, row), static_cast<float>(row));
  EXPECT_EQ(found.remembers_from, time_of(0));
}

TEST_F(FeaturePreviewTest, TheFutureChangesNoRow) {
  for (int i = 0; i < 10; ++i) append(i);
  const auto before = preview();
  for (int i = 10; i < 20; ++i) append(i, EventLabel::Phish);
  const auto after = preview();
  ASSERT_EQ(after.rows.size(), 20U);
  for (std::size_t i = 0; i < before.values.size(); ++i) {
    const float was = before.values[i], is = after.values[i];
    EXPECT_TRUE(was == is || (std::isnan(was) && std::isnan(is))) << "value " << i;
  }
}

// What training learns from, looked at.
TEST_F(FeaturePreviewTest, LabelledRowsAreThoseOfTraining) {
  for (int i = 0; i < 30; ++i)
    append(i, i % 3 == 0 ? EventLabel::Phish : i % 3 == 1 ? EventLabel::Benign : EventLabel::None);
  NoProgress progress;
  const auto trained =
      replay_history(log, {}, bundle->mapping, bundle->pipeline.features(), nullptr, progress);
  ASSERT_OK(trained);
  const auto found = preview();
  std::size_t row = 0;
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    if (!found.rows[i].label) continue;
    ASSERT_LT(row, trained->data.size());
    EXPECT_EQ(found.rows[i].event, trained->data.raw(row));
    EXPECT_EQ(found.rows[i].label, trained->data.label(row));
    for (std::size_t k = 0; k < kFeatures; ++k) {
      const float shown = found.values[i * kFeatures + k], learnt = trained->data.values(row)[k];
      EXPECT_TRUE(shown == learnt || (std::isnan(shown) && std::isnan(learnt)));
    }
    ++row;
  }
  EXPECT_EQ(row, trained->data.size());
}

TEST_F(FeaturePreviewTest, TheNewestAreReplayedAndItSaysSo) {
  for (int i = 0; i < 10; ++i) append(i);
  const auto found = preview({.events = 4});
  ASSERT_EQ(found.rows.size(), 4U);
  EXPECT_FALSE(found.is_whole);
  EXPECT_EQ(found.remembers_from, time_of(6));
  EXPECT_EQ(found.rows.back().time, time_of(9));
  EXPECT_EQ(mails_before(found, 0), 0) << "older ones are not remembered";
  EXPECT_EQ(preview({.before = time_of(5), .events = 3}).rows.back().time, time_of(4));
  EXPECT_TRUE(preview({.events = 10}).is_whole) << "all of them are all";
}

TEST_F(FeaturePreviewTest, WhatIsNoRowIsRememberedAllTheSame) {
  for (int i = 0; i < 10; ++i) append(i, EventLabel::None, i % 2 == 0 ? "gate" : "archive");
  const auto of_source = preview({.source = "gate"});
  ASSERT_EQ(of_source.rows.size(), 5U);
  EXPECT_EQ(of_source.sources, std::vector<std::string>{"gate"});
  EXPECT_EQ(mails_before(of_source, 4), 8);
  const auto late = preview({.from = time_of(7)});
  ASSERT_EQ(late.rows.size(), 3U);
  EXPECT_EQ(mails_before(late, 0), 7);
}

TEST_F(FeaturePreviewTest, EndsWhenItIsToldTo) {
  for (int i = 0; i < 10; ++i) append(i);
  int asked = 0;  // first while the beginning is looked for
  const auto found = preview({.should_stop = [&] { return ++asked > 4; }});
  EXPECT_EQ(found.rows.size(), 3U);
  EXPECT_TRUE(found.stopped);
}

TEST_F(FeaturePreviewTest, ALogOfOneMomentIsNotReplayedWhole) {
  for (int i = 0; i < 10; ++i) {
    const auto raw = winnow::testing::raw_of({.subject = fmt::format("mail {}", i)});
    const auto event = winnow::testing::event_of(raw, kMorning);
    ASSERT_OK(log.append({&event, 1}));
  }
  const auto found = preview({.events = 3});
  EXPECT_EQ(found.rows.size(), 6U);
  EXPECT_EQ(found.replayed, 6U);
  EXPECT_TRUE(found.stopped);
}

TEST(ValueSummary, TellsHowValuesSpread) {
  std::vector<float> column;
  for (int i = 0; i <= 100; ++i) column.push_back(static_cast<float>(100 - i));
  column.push_back(std::nanf(""));
  column.push_back(50);
  const auto summary = summary_of(column);
  EXPECT_EQ(summary.rows, 103U);
  EXPECT_EQ(summary.present, 102U);
  EXPECT_EQ(summary.distinct, 101U);
  ASSERT_TRUE(summary.quantiles);
  EXPECT_EQ(summary.quantiles->front(), 0);
  EXPECT_EQ((*summary.quantiles)[3], 50);
  EXPECT_EQ(summary.quantiles->back(), 100);
  const auto none = summary_of(std::vector<float>(3, std::nanf("")));
  EXPECT_EQ(none.present, 0U);
  EXPECT_FALSE(none.quantiles);
}

}  // namespace
}  // namespace winnow::learn
