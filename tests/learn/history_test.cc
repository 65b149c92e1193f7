#include "learn/history.h"

#include <algorithm>
#include <map>

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

// As mails write it, to the second.
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

TEST_F(HistoryTest, RecordsOfOtherDomainsAreNoPartOfMailsHistory) {
  auto log = open();
  for (const auto& mail : some_mails()) append(log, mail);
  const auto before = replayed(log);
  ASSERT_OK(before);
  const std::string raw = R"({"subject":"no mail","body":"of a log","label":"phish"})";
  NewEvent other = winnow::testing::event_of(raw, kMorning, EventLabel::None);
  other.form = RecordForm::LogJson;
  other.mapping = "shop";
  ASSERT_OK(log.append({&other, 1}));
  const auto after = replayed(log);
  ASSERT_OK(after);
  EXPECT_EQ(after->events, before->events);
  EXPECT_EQ(after->unreadable, 0U);
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

// A mail, when it came, and what was said of it when.
struct Judged {
  SmallMail mail;
  Timestamp arrival;
  EventLabel label = EventLabel::None;
  Timestamp given;
  std::optional<Timestamp> corrected = {};  // when it turned out to be benign after all
};

// An arrival, or a label given later, as intake would store it.
struct Happening {
  Timestamp when;
  bool arrives;
  std::string raw;
  EventLabel label;
  bool corrects = false;
  NewEvent event() const { return winnow::testing::event_of(raw, when, label); }
};

// In the order in which it came.
std::vector<Happening> happenings(const std::vector<Judged>& all) {
  std::vector<Happening> happened;
  for (const auto& one : all) {
    const auto raw = winnow::testing::raw_of(one.mail);
    const bool later = one.given > one.arrival;
    happened.push_back({one.arrival, true, raw, later ? EventLabel::None : one.label});
    if (later && one.label != EventLabel::None)
      happened.push_back({one.given, false, raw, one.label});
    if (one.corrected) happened.push_back({*one.corrected, false, raw, EventLabel::Benign, true});
  }
  std::stable_sort(happened.begin(), happened.end(),
                   [](const auto& a, const auto& b) { return a.when < b.when; });
  return happened;
}

Status tell(EventLog& log, const Happening& one) {
  const auto event = one.event();
  if (!one.corrects) {
    WINNOW_TRY(log.append({&event, 1}));
    return {};
  }
  const LabelStatement said{.event = event.digest,
                            .label = one.label,
                            .origin = "ada",
                            .entry = static_cast<std::uint64_t>(one.when.micros()),
                            .given = one.when};
  WINNOW_TRY(log.label({&said, 1}));
  return {};
}

EventLog log_of(const Path& folder, const std::vector<Judged>& all) {
  auto log = EventLog::open(folder, Access::ReadWrite).value();
  for (const auto& one : happenings(all)) EXPECT_OK(tell(log, one));
  return log;
}

std::vector<Judged> random_life(Rng& rng, int mails, bool honest_dates) {
  constexpr EventLabel kLabels[] = {EventLabel::Benign, EventLabel::Spam, EventLabel::Phish};
  std::vector<Judged> all;
  auto now = kMorning;
  for (int i = 0; i < mails; ++i) {
    now = now + std::chrono::minutes(rng.between(1, 900));
    const auto written = honest_dates ? now : now + std::chrono::minutes(rng.between(-9000, 3000));
    Judged one{{.from = fmt::format("sender{}@shop.example", rng.below(4)),
                .links = static_cast<int>(rng.below(4)),
                .date = !honest_dates && rng.chance(0.1) ? "" : date_of(written),
                .subject = fmt::format("mail {}", i)},
               now,
               kLabels[rng.below(3)],
               now};
    // Some come with their label, others are judged later, to the second between two mails.
    if (rng.chance(0.6)) one.given = now + std::chrono::seconds(60 * rng.between(1, 9000) + 30);
    if (one.label == EventLabel::Phish && rng.chance(0.5))
      one.corrected = one.given + std::chrono::seconds(60 * rng.between(1, 3000) + 7);
    all.push_back(std::move(one));
  }
  return all;
}

TEST_F(HistoryTest, ARowHoldsWhatWasServedWhenTheMailArrived) {
  const auto intel = winnow::testing::bad_domain_known_since(kMorning);
  const auto bundle = compiled({.intel = winnow::testing::bad_domain_known_since(kMorning)});
  winnow::testing::for_each_seed(3, [&](Rng& rng) {
    const TemporaryFolder folder;
    auto log = EventLog::open(folder / "events", Access::ReadWrite).value();
    auto states =
        ServingStates::open(folder / "states", bundle->pipeline.features().history_digest())
            .value();
    auto decisions = DecisionStore::open(folder / "d.db", Access::ReadWrite).value();
    const FixedClock clock(kMorning);
    Decider decider(bundle, log, states, decisions, clock);
    NoProgress progress;
    std::map<Digest, std::vector<float>> served;
    for (const auto& one : happenings(random_life(rng, 40, true))) {
      const auto event = one.event();
      ASSERT_OK(tell(log, one));
      if (!one.arrives) continue;
      const auto records = decider.decide({&event.digest, 1}, progress);
      ASSERT_OK(records);
      served[event.digest] = records->front().decision.features;
    }
    const auto history =
        replay_history(log, {}, bundle->mapping, bundle->pipeline.features(), &intel, progress);
    ASSERT_OK(history);
    ASSERT_EQ(history->data.size(), 40U);
    bool verdicts_matter = false;
    for (std::size_t row = 0; row < history->data.size(); ++row) {
      const auto values = history->data.values(row);
      EXPECT_EQ(std::vector<float>(values.begin(), values.end()), served[history->data.raw(row)]);
      verdicts_matter = verdicts_matter || values[kPhishing] > 0;
    }
    EXPECT_TRUE(verdicts_matter) << "the test would show nothing";
  });
}

TEST_F(HistoryTest, NoRowKnowsWhatCameOrWasSaidLater) {
  winnow::testing::for_each_seed(4, [&](Rng& rng) {
    const auto all = random_life(rng, 30, false);
    const TemporaryFolder folder;
    const auto whole = replayed(log_of(folder / "all", all));
    ASSERT_OK(whole);
    for (std::size_t row = 0; row < whole->data.size(); ++row) {
      const auto now = whole->data.time(row);
      std::vector<Judged> known;
      for (auto one : all) {
        const auto raw = winnow::testing::raw_of(one.mail);
        const auto event = winnow::testing::event_of(raw, one.arrival);
        if (event.event_time > now) continue;
        const bool is_row = event.digest == whole->data.raw(row);
        if (!is_row && one.given >= now) one.label = EventLabel::None;
        if (!is_row && (!one.corrected || *one.corrected >= now)) one.corrected.reset();
        known.push_back(std::move(one));
      }
      const auto history = replayed(log_of(folder / fmt::format("{}", row), known));
      ASSERT_OK(history);
      const auto& data = history->data;
      bool found = false;
      for (std::size_t i = 0; i < data.size(); ++i) {
        if (data.raw(i) != whole->data.raw(row)) continue;
        found = true;
        EXPECT_TRUE(std::ranges::equal(data.values(i), whole->data.values(row))) << "row " << row;
      }
      EXPECT_TRUE(found);
    }
  });
}

TEST_F(HistoryTest, LabelsGivenAfterATrainingAreNoPartOfItWhenItIsMadeAgain) {
  auto log = open();
  append(log, {{.subject = "one"}, EventLabel::Phish});
  append(log, {{.subject = "two"}});
  const EventFilter then{.through_id = log.last_id().value(),
                         .through_label = log.last_label_id().value()};
  const auto before = replayed(log, then);
  append(log, {{.subject = "two"}, EventLabel::Benign});
  const auto after = replayed(log, then);
  ASSERT_OK(after);
  EXPECT_TRUE(after->data.bytes() == before->data.bytes());
  EXPECT_EQ(replayed(log)->data.size(), 2U);
}

TEST_F(HistoryTest, ACorrectedLabelIsWhatTheRowIsFromThenOn) {
  auto log = open();
  append(log, {{.subject = "one"}, EventLabel::Phish});
  append(log, {{.subject = "two"}, EventLabel::Phish});
  const EventFilter then{.through_id = log.last_id().value(),
                         .through_label = log.last_label_id().value()};
  const auto before = replayed(log, then);
  const auto raw = winnow::testing::raw_of({.subject = "one"});
  for (const auto& [label, entry] :
       {std::pair(EventLabel::Spam, 5), std::pair(EventLabel::Benign, 6)}) {
    const LabelStatement said{.event = sha256(raw),
                              .label = label,
                              .origin = "ada",
                              .entry = static_cast<std::uint64_t>(entry),
                              .given = kMorning};
    ASSERT_OK(log.label({&said, 1}));
  }
  const auto label_now = [&](const EventFilter& filter) {
    const auto history = replayed(log, filter);
    const auto& data = history->data;
    return data.label(data.raw(0) == sha256(raw) ? 0 : 1);
  };
  EXPECT_EQ(label_now({}), Label::Benign);
  EXPECT_EQ(label_now({.through_label = log.last_label_id().value() - 1}), Label::Unwanted);
  EXPECT_EQ(label_now(then), Label::Malicious);
  EXPECT_TRUE(replayed(log, then)->data.bytes() == before->data.bytes());
}

}  // namespace
}  // namespace winnow::learn
