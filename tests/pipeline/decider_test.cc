#include "pipeline/decider.h"

#include <set>

#include <fmt/format.h>

#include "tests/pipeline/small_bundle.h"
#include "tests/support/faults.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::compiled;
using testing::kMorning;
using testing::SmallMail;

constexpr auto kHour = std::chrono::hours(1);

// The places of features (tests/pipeline/small_bundle.h) in a decision.
enum Feature : std::size_t { kLinks, kListed, kMails, kPhishing, kBenign, kDaysKnown };

class DeciderTest : public ::testing::Test {
 protected:
  // Stores a mail as intake would; each an hour after the one before.
  Digest arrive(const SmallMail& mail, Label label = Label::None) {
    return arrive_raw(testing::raw_of(mail), label);
  }
  Digest arrive_raw(const std::string& raw, Label label = Label::None) {
    const auto event = testing::event_of(raw, clock_.now(), label);
    EXPECT_OK(log_->append({&event, 1}));
    clock_.advance(kHour);
    return event.digest;
  }
  // So many mails of one sender at once.
  std::vector<Digest> arrive_together(std::size_t count, Label label = Label::None) {
    std::vector<std::string> raws;
    for (std::size_t i = 0; i < count; ++i)
      raws.push_back(testing::raw_of({.subject = fmt::format("mail {}", i)}));
    std::vector<NewEvent> events;
    for (const auto& raw : raws) events.push_back(testing::event_of(raw, clock_.now(), label));
    EXPECT_OK(log_->append(events));
    std::vector<Digest> digests;
    for (const auto& event : events) digests.push_back(event.digest);
    return digests;
  }

  // Opens everything anew, decides, closes it.
  Result<std::vector<DecisionRecord>> decide(
      const std::vector<Digest>& wanted,
      const std::shared_ptr<const BundleRuntime>& bundle = compiled()) {
    WINNOW_TRY(auto states, ServingStates::open(folder_ / "states",
                                                bundle->pipeline.features().history_digest()));
    WINNOW_TRY(auto decisions, DecisionStore::open(folder_ / "d.db", Access::ReadWrite));
    NoProgress progress;
    return Decider(bundle, *log_, states, decisions, clock_).decide(wanted, progress);
  }
  Decision decide_one(const Digest& wanted,
                      const std::shared_ptr<const BundleRuntime>& bundle = compiled()) {
    auto records = decide({wanted}, bundle);
    EXPECT_OK(records);
    EXPECT_EQ(records->size(), 1U);
    return std::move(records->front().decision);
  }

  void forget_decisions() {
    for (const auto* name : {"states", "d.db", "d.db-wal", "d.db-shm"})
      std::filesystem::remove_all(folder_ / name);
  }

  testing::TemporaryFolder folder_;
  FixedClock clock_{kMorning};
  std::optional<EventLog> log_ = EventLog::open(folder_ / "events", Access::ReadWrite).value();
};

TEST_F(DeciderTest, ADecisionKnowsWhatArrivedBefore) {
  const auto first = arrive({.subject = "one"}), second = arrive({.subject = "two"}),
             third = arrive({.from = "bob@else.example"}), fourth = arrive({.subject = "four"});
  const auto records = decide({fourth, first, third});
  ASSERT_OK(records);
  ASSERT_EQ(records->size(), 3U);
  EXPECT_EQ((*records)[0].decision.features[kMails], 2) << "also of mail that nobody asked about";
  EXPECT_EQ((*records)[1].decision.features[kMails], 0);
  EXPECT_EQ((*records)[2].decision.features[kMails], 0) << "another sender";
  EXPECT_EQ((*records)[0].sender, "ann@shop.example");
  EXPECT_EQ((*records)[0].subject, "four");
  EXPECT_EQ(decide_one(second).features[kMails], 3)
      << "asked about late: with the states as they are now";
}

TEST_F(DeciderTest, EventsThatAreMappedAlreadyAreDecidedAlike) {
  const auto bundle = compiled();
  std::vector<Digest> mails = {arrive({.links = 1, .subject = "one"})};
  mails.push_back(arrive({.date = "", .subject = "without a date"}));
  mails.push_back(arrive({.subject = "three"}));
  Decider::MappedEvents mapped;
  for (const auto& digest : {mails[0], mails[1]}) {
    const auto stored = log_->find(digest.hex()).value();
    mapped.emplace(
        digest,
        StoredEventReader(bundle->mapping).read(stored, log_->read_raw(stored).value()).value());
  }
  std::vector<std::string> found[2];
  for (auto& ids : found) {
    forget_decisions();
    auto states =
        ServingStates::open(folder_ / "states", bundle->pipeline.features().history_digest())
            .value();
    auto decisions = DecisionStore::open(folder_ / "d.db", Access::ReadWrite).value();
    NoProgress progress;
    Decider decider(bundle, *log_, states, decisions, clock_);
    const auto records = decider.decide(mails, mapped, progress);
    ASSERT_OK(records);
    for (const auto& record : *records) ids.push_back(record.decision.bytes());
    mapped.clear();
  }
  EXPECT_EQ(found[0].size(), 3U);
  EXPECT_EQ(found[0], found[1]);
}

TEST_F(DeciderTest, TellsOfEachOnceItIsDurable) {
  const auto mails = arrive_together(3 * Decider::kBatch + 5);
  ASSERT_OK(decide({mails.begin(), mails.begin() + 10}));  // the others are late from here on
  const auto newer = arrive({.from = "bob@else.example"});
  std::vector<Digest> wanted = mails;
  wanted.push_back(newer);
  auto states =
      ServingStates::open(folder_ / "states", compiled()->pipeline.features().history_digest())
          .value();
  auto decisions = DecisionStore::open(folder_ / "d.db", Access::ReadWrite).value();
  auto reader = DecisionStore::open(folder_ / "d.db", Access::ReadOnly).value();
  NoProgress progress;
  std::multiset<Digest> told;
  ASSERT_OK(Decider(compiled(), *log_, states, decisions, clock_)
                .decide_each(wanted, progress, [&](const DecisionRecord& record) {
                  told.insert(record.decision.event);
                  EXPECT_TRUE(
                      reader.find(record.decision.event, record.decision.bundle)->has_value());
                }));
  EXPECT_EQ(told, std::multiset<Digest>(wanted.begin(), wanted.end()));
}

TEST_F(DeciderTest, DecidesAMailOnceForABundle) {
  const auto mail = arrive({.links = 1});
  const auto first = decide_one(mail);
  arrive({.subject = "later"});
  EXPECT_EQ(decide_one(mail).bytes(), first.bytes());
  const auto other = decide_one(mail, compiled({.name = "other"}));
  EXPECT_NE(other.id(), first.id()) << "another bundle decides for itself";
}

TEST_F(DeciderTest, TheSameLogGivesTheSameDecisionsAsItGrowsOrInOneGo) {
  std::vector<Digest> mails;
  std::vector<std::string> growing, at_once;
  const auto mail_number = [](int i) {
    return SmallMail{.from = i % 2 == 0 ? "ann@shop.example" : "bob@else.example",
                     .links = i % 4,
                     .subject = fmt::format("mail {}", i)};
  };
  for (int i = 0; i < 8; ++i) {
    mails.push_back(arrive(mail_number(i), i % 4 == 0 ? Label::Benign : Label::None));
    if (i % 3 == 2) arrive(mail_number(i - 1), Label::Phish);
    growing.push_back(decide_one(mails.back()).bytes());
  }
  forget_decisions();
  const auto records = decide(mails);
  ASSERT_OK(records);
  for (const auto& record : *records) at_once.push_back(record.decision.bytes());
  EXPECT_EQ(at_once, growing);
}

TEST_F(DeciderTest, FoldsBatchesOfAnyNumberOnce) {
  const auto mails = arrive_together(2 * Decider::kBatch + 3);
  EXPECT_EQ(decide_one(mails.back()).features[kMails], 2 * Decider::kBatch + 2);
}

TEST_F(DeciderTest, AMailWithoutADateIsDecidedAsOfItsArrival) {
  const auto bundle = compiled({.intel = testing::bad_domain_known_since(kMorning)});
  const SmallMail undated{.links = 1, .date = "", .link_host = "bad.example"};
  const auto arrival = clock_.now();
  const auto decision = decide_one(arrive(undated), bundle);
  EXPECT_EQ(decision.event_time, arrival);
  EXPECT_EQ(decision.features[kListed], 1) << "the list knew it when the mail came";
  // Its sender is known since then, not since 1970.
  const auto next = decide_one(arrive({.date = "Sat, 14 Mar 2026 08:00:00 +0000"}), bundle);
  EXPECT_EQ(next.features[kDaysKnown], 10);
}

TEST_F(DeciderTest, ADecisionKnowsTheVerdictsGivenBeforeItsMailArrived) {
  const SmallMail first{.subject = "first"};
  const auto unjudged = arrive(first), judged = arrive({.subject = "fine"}, Label::Benign);
  arrive(first, Label::Phish);  // known already: only its label is new
  const auto later = arrive({.subject = "later"}), last = arrive({.subject = "last"}, Label::Phish);
  const auto records = decide({unjudged, judged, later, last});
  ASSERT_OK(records);
  const auto verdicts = [&](std::size_t i) {
    const auto& features = (*records)[i].decision.features;
    return std::pair(features[kPhishing], features[kBenign]);
  };
  EXPECT_EQ(verdicts(0), std::pair(0.0F, 0.0F));
  EXPECT_EQ(verdicts(1), std::pair(0.0F, 0.0F)) << "not its own";
  EXPECT_EQ(verdicts(2), std::pair(1.0F, 1.0F));
  EXPECT_EQ(verdicts(3), std::pair(1.0F, 1.0F)) << "not its own";
  EXPECT_EQ((*records)[2].decision.features[kMails], 2) << "a label is no second arrival";
}

TEST_F(DeciderTest, ManyLabelsAtOnceAreEachCountedOnce) {
  constexpr std::size_t kMany = 2 * Decider::kBatch + 5;
  arrive_together(kMany);
  decide_one(arrive({.subject = "between"}));
  arrive_together(kMany, Label::Phish);
  EXPECT_EQ(decide_one(arrive({.subject = "after"})).features[kPhishing], kMany);
}

TEST_F(DeciderTest, WhatTheMappingCannotReadIsLeftOut) {
  const auto nothing = arrive_raw("  \n"), mail = arrive(SmallMail{});
  const auto records = decide({nothing, mail});
  ASSERT_OK(records);
  ASSERT_EQ(records->size(), 1U);
  EXPECT_EQ(records->front().decision.event, mail);
}

TEST_F(DeciderTest, RecordsOfOtherDomainsArePassedOver) {
  const auto first = arrive({.subject = "one"});
  const std::string raw = R"({"from":"ann@shop.example","subject":"no mail","body":"of a log"})";
  NewEvent other = testing::event_of(raw, clock_.now(), Label::None);
  other.form = RecordForm::LogJson;
  other.mapping = "shop";
  ASSERT_OK(log_->append({&other, 1}));
  clock_.advance(kHour);
  const auto last = arrive({.subject = "two"});
  const auto records = decide({first, other.digest, last});
  ASSERT_OK(records);
  ASSERT_EQ(records->size(), 2U) << "nothing is decided about the record of the log";
  EXPECT_EQ((*records)[1].decision.features[kMails], 1) << "nor counted as a mail";
}

TEST_F(DeciderTest, AnEventThatIsNotInTheLogIsNotFound) {
  arrive(SmallMail{});
  EXPECT_EQ(code_of(decide({sha256("elsewhere")})), Code::NotFound);
}

TEST_F(DeciderTest, AKillAtAnyMomentRepeatsAndForgetsNothing) {
  const auto wanted = arrive_together(3 * Decider::kBatch);
  log_.reset();
  testing::for_each_seed(8, [&](Rng& rng) {
    forget_decisions();
    testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          log_ = EventLog::open(folder_ / "events", Access::ReadOnly).value();
          if (decide(wanted)) acknowledge();
        },
        rng, 200'000);
    log_ = EventLog::open(folder_ / "events", Access::ReadOnly).value();
    const auto records = decide(wanted);
    ASSERT_OK(records);
    ASSERT_EQ(records->size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_EQ((*records)[i].decision.features[kMails], i);
    log_.reset();
  });
}

}  // namespace
}  // namespace winnow
