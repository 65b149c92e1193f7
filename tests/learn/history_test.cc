#include "learn/history.h"

#include <algorithm>

#include <fmt/format.h>

#include "pipeline/decider.h"
#include "tests/pipeline/small_bundle.h"

namespace winnow::learn {
namespace {

using winnow::testing::code_of;
using winnow::testing::compiled;
using winnow::testing::kMorning;
using winnow::testing::SmallMail;
using winnow::testing::TemporaryFolder;
using EventLabel = winnow::Label;

// The places of features (tests/pipeline/small_bundle.h) in a row.
enum Feature : std::size_t { kLinks, kListed, kMails, kPhishing, kBenign, kDaysKnown };

// "Tue, 03 Mar 2026 14:00:00 +0000", for hours since midnight before kMorning.
std::string date_of(Timestamp time) {
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto t = civil(time);
  return fmt::format("{:02} {} {} {:02}:{:02}:{:02} +0000", t.day, kMonths[t.month - 1], t.year,
                     t.hour, t.minute, t.second);
}

struct Arrival {
  SmallMail mail;
  EventLabel label = EventLabel::None;
};

class HistoryTest : public ::testing::Test {
 protected:
  EventLog open(std::string_view name = "events") {
    return EventLog::open(folder_ / name, Access::ReadWrite).value();
  }
  static void append(EventLog& log, const Arrival& arrival, Timestamp at = kMorning) {
    const auto raw = winnow::testing::raw_of(arrival.mail);
    const auto event = winnow::testing::event_of(raw, at, arrival.label);
    ASSERT_OK(log.append({&event, 1}));
  }
  static Result<History> replayed(const EventLog& log, const EventFilter& filter = {},
                                  const BundleRuntime& bundle = *compiled()) {
    NoProgress progress;
    return replay_history(log, filter, bundle.mapping, bundle.pipeline.features(), nullptr,
                          progress);
  }
  TemporaryFolder folder_;
};

std::vector<Arrival> some_mails() {
  std::vector<Arrival> mails;
  for (int i = 0; i < 30; ++i) {
    // Three mails a moment, so that their order is the digests'.
    mails.push_back({{.from = i % 4 == 0 ? "eve@bad.example" : "ann@shop.example",
                      .links = i % 3,
                      .date = date_of(kMorning + std::chrono::hours(i / 3)),
                      .subject = fmt::format("mail {}", i)},
                     i % 4 == 0 ? EventLabel::Phish : EventLabel::Benign});
  }
  return mails;
}

TEST_F(HistoryTest, TheSameMailsGiveTheSameBytesHoweverTheyCameIn) {
  auto mails = some_mails();
  std::string expected;
  winnow::testing::for_each_seed(5, [&](Rng& rng) {
    const TemporaryFolder folder;
    auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
    for (std::size_t i = mails.size(); i > 1; --i) std::swap(mails[i - 1], mails[rng.below(i)]);
    for (const auto& mail : mails) append(log, mail);
    const auto history = replayed(log);
    ASSERT_OK(history);
    EXPECT_EQ(history->data.size(), mails.size());
    if (expected.empty()) expected = history->data.bytes();
    EXPECT_TRUE(history->data.bytes() == expected) << "bytes differ";
  });
}

TEST_F(HistoryTest, ARowKnowsTheEventsOfEarlierMomentsWhetherLabelledOrNot) {
  auto log = open();
  const auto on_day = [](int day, EventLabel label) {
    return Arrival{{.date = date_of(kMorning + std::chrono::hours(24 * day)),
                    .subject = fmt::format("day {}", day)},
                   label};
  };
  append(log, on_day(3, EventLabel::Phish));
  append(log, on_day(1, EventLabel::None));
  append(log, on_day(2, EventLabel::Spam));
  const auto history = replayed(log);
  ASSERT_OK(history);
  EXPECT_EQ(history->events, 3U);
  ASSERT_EQ(history->data.size(), 2U) << "without a label it gives no row";
  EXPECT_EQ(history->data.label(0), Label::Unwanted);
  EXPECT_EQ(history->data.label(1), Label::Malicious);
  EXPECT_EQ(history->data.values(0)[kMails], 1);
  EXPECT_EQ(history->data.values(1)[kMails], 2);
  EXPECT_EQ(history->data.values(1)[kDaysKnown], 2);
}

TEST_F(HistoryTest, AMailWithoutADateCountsAsOfItsArrival) {
  auto log = open();
  const auto known_since = winnow::testing::bad_domain_known_since(kMorning);
  append(log, {{.links = 1, .date = "", .link_host = "bad.example"}, EventLabel::Phish});
  append(log, {{.date = date_of(kMorning + std::chrono::hours(48))}, EventLabel::Benign});
  const auto bundle = compiled();
  NoProgress progress;
  const auto history =
      replay_history(log, {}, bundle->mapping, bundle->pipeline.features(), &known_since, progress);
  ASSERT_OK(history);
  EXPECT_EQ(history->data.time(0), kMorning);
  EXPECT_EQ(history->data.values(0)[kListed], 1) << "the list knew it when the mail came";
  EXPECT_EQ(history->data.values(1)[kDaysKnown], 2) << "not since 1970";
}

TEST_F(HistoryTest, CountsWhatThisMappingCannotRead) {
  auto log = open();
  append(log, {{}, EventLabel::Phish});
  const std::string nothing = "  \n";
  const auto unreadable = winnow::testing::event_of(nothing, kMorning, EventLabel::Phish);
  ASSERT_OK(log.append({&unreadable, 1}));
  const auto history = replayed(log);
  ASSERT_OK(history);
  EXPECT_EQ(history->events, 2U);
  EXPECT_EQ(history->unreadable, 1U);
  EXPECT_EQ(history->data.size(), 1U);
}

TEST_F(HistoryTest, WithoutLabelsItSaysHowToGiveThem) {
  auto log = open();
  append(log, {});
  const auto history = replayed(log);
  ASSERT_EQ(code_of(history), Code::InvalidArgument);
  EXPECT_EQ(
      history.error().text(),
      "none of 1 events has a label (winnow ingest mail FILE --label phish (or benign, spam))");
}

TEST_F(HistoryTest, WhatArrivedLaterIsNoPartOfIt) {
  auto log = open();
  append(log, {{.subject = "early"}, EventLabel::Phish});
  const auto then = log.last_id().value();
  const auto before = replayed(log);
  append(log, {{.date = date_of(kMorning - std::chrono::hours(999)), .subject = "late"},
               EventLabel::Phish});
  const auto after = replayed(log, {.through_id = then});
  ASSERT_OK(after);
  EXPECT_TRUE(after->data.bytes() == before->data.bytes());
}

}  // namespace
}  // namespace winnow::learn
