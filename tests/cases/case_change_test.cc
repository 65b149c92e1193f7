// What people do with cases.
#include <algorithm>

#include "cases/case_labels.h"
#include "tests/cases/desk.h"

namespace winnow::cases {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::code_of;
using testing::Desk;

std::vector<std::string> told(const CaseDetail& detail) {
  std::vector<std::string> lines;
  for (const auto& event : detail.history)
    lines.push_back(event.actor + " " + event.what + ": " + event.detail);
  std::ranges::reverse(lines);
  return lines;
}

TEST(CaseChange, IsOnRecordWithWhoAndWhen) {
  Desk desk;
  const auto id = desk.find({});
  desk.clock().advance(minutes(5));
  const auto before = desk.registry().audit().size();
  const auto after =
      desk.change({.id = id, .state = CaseState::InProgress, .note = "calling them"}, "bea");
  EXPECT_EQ(after.state, CaseState::InProgress);
  EXPECT_EQ(after.owner, "bea") << "who begins takes it";
  EXPECT_EQ(after.version, 2U);
  EXPECT_EQ(after.updated_at, desk.clock().now());
  ASSERT_EQ(desk.registry().audit().size(), before + 1);
  const auto entry = winnow::audit_entry_of(desk.registry().audit().entry(before).value());
  ASSERT_OK(entry);
  EXPECT_EQ(entry->actor, "bea");
  EXPECT_EQ(entry->action, "case.changed");
  EXPECT_EQ(entry->subject, id);
  EXPECT_EQ(entry->details["state"].as_string(), "in_progress");
  EXPECT_EQ(told(desk.get(id)),
            (std::vector<std::string>{
                "winnow opened: by " + desk.get(id).findings[0].id.substr(0, 14),
                "bea owner: given to bea", "bea state: in_progress", "bea note: calling them"}));
}

TEST(CaseChange, OfAnOlderVersionIsRefused) {
  Desk desk;
  const auto id = desk.find({});
  desk.change({.id = id, .version = 1, .owner = "ann"});
  EXPECT_EQ(desk.refused({.id = id, .version = 1, .owner = "bob"}), Code::Conflict);
  EXPECT_EQ(desk.one(id).owner, "ann");
}

TEST(CaseChange, RefusesWhatMakesNoSense) {
  Desk desk;
  const auto id = desk.find({});
  const auto now = desk.clock().now();
  const auto entries = desk.registry().audit().size();
  EXPECT_EQ(desk.refused({.id = "c-none", .owner = "ann"}), Code::NotFound);
  EXPECT_EQ(desk.refused({.id = "' OR 1=1 --", .owner = "ann"}), Code::NotFound);
  for (const auto& change : std::vector<CaseChange>{
           {.id = id},
           {.id = id, .state = CaseState::Snoozed},
           {.id = id, .owner = ""},
           {.id = id, .owner = "two\nlines"},
           {.id = id, .owner = std::string(65, 'a')},
           {.id = id, .snoozed_until = now},
           {.id = id, .snoozed_until = now + hours(24 * 91)},
           {.id = id, .state = CaseState::New, .snoozed_until = now + hours(1)},
           {.id = id, .note = "  "},
           {.id = id, .note = std::string(8001, 'a')},
           {.id = id, .note = "\xff"},
           {.id = id, .note = std::string("a\0b", 3)},
           {.id = id, .judgement = Judgement{VerdictKind::TruePositive, ""}},
           {.id = id,
           .state = CaseState::New,
           .judgement = Judgement{VerdictKind::TruePositive, "x"}},
           {.id = id,
           .judgement = Judgement{VerdictKind::FalsePositive, "x",
                                  SuppressionScope{SuppressionScope::Kind::Sender, "a@b.com"}}}}) {
    EXPECT_EQ(desk.refused(change), Code::InvalidArgument);
  }
  desk.change({.id = id, .state = CaseState::Resolved});
  EXPECT_EQ(desk.refused({.id = id, .snoozed_until = now + hours(1)}), Code::Conflict);
  EXPECT_EQ(desk.registry().audit().size(), entries + 1) << "what is refused is no change";
}

TEST(CaseChange, SnoozedCasesWakeByTheClock) {
  Desk desk;
  const auto mine = desk.find({});
  const auto nobodys = desk.find({.from = "x@else.example", .subject = "b", .text = "short"});
  desk.change({.id = mine, .state = CaseState::InProgress});
  const auto until = desk.clock().now() + hours(2);
  desk.change({.id = mine, .snoozed_until = until});
  EXPECT_EQ(desk.change({.id = nobodys, .snoozed_until = until}).state, CaseState::Snoozed);
  desk.clock().set(until - minutes(1));
  desk.catch_up();
  EXPECT_EQ(desk.one(mine).state, CaseState::Snoozed);
  desk.clock().set(until + hours(1));
  desk.catch_up();
  EXPECT_EQ(desk.one(mine).state, CaseState::InProgress) << "back to who had it";
  EXPECT_EQ(desk.one(nobodys).state, CaseState::New);
  EXPECT_EQ(desk.one(mine).updated_at, until)
      << "it woke when it was time, not when somebody looked";
  desk.change({.id = mine, .snoozed_until = desk.clock().now() + hours(2)});
  desk.change({.id = mine, .snoozed_until = std::optional<Timestamp>()});
  EXPECT_EQ(desk.one(mine).state, CaseState::InProgress);
}

TEST(CaseChange, ASnoozedCaseWakesWhenItGrowsWorse) {
  Desk desk;
  const auto id = desk.find({.probability = 0.5});
  desk.change({.id = id, .snoozed_until = desk.clock().now() + hours(24)});
  EXPECT_EQ(desk.find({.probability = 0.5}), id);
  EXPECT_EQ(desk.one(id).state, CaseState::Snoozed) << "more of the same";
  EXPECT_EQ(desk.find({.route = Route::Escalate, .probability = 0.95}), id);
  EXPECT_EQ(desk.one(id).state, CaseState::New);
  EXPECT_EQ(desk.one(id).severity, Severity::High);
}

TEST(CaseChange, ManyAtOnceHaveEachTheirResult) {
  Desk desk;
  const auto one = desk.find({});
  const auto two = desk.find({.from = "x@else.example", .subject = "b", .text = "short"});
  const std::vector<CaseChange> changes = {{.id = one, .owner = "ann"},
                                           {.id = "c-none", .owner = "ann"},
                                           {.id = two, .version = 7, .owner = "ann"}};
  const auto outcomes = desk.book().change(changes, "bea", Reach::Any);
  ASSERT_OK(outcomes);
  ASSERT_EQ(outcomes->size(), 3U);
  EXPECT_EQ((*outcomes)[0].changed->owner, "ann");
  EXPECT_EQ(code_of((*outcomes)[1].changed), Code::NotFound);
  EXPECT_EQ(code_of((*outcomes)[2].changed), Code::Conflict);
  EXPECT_TRUE((*outcomes)[2].stale);
  EXPECT_FALSE((*outcomes)[0].stale);
  EXPECT_EQ(desk.one(two).owner, std::nullopt);
  const std::vector<CaseChange> twice = {{.id = one, .owner = "a"}, {.id = one, .owner = "b"}};
  EXPECT_EQ(code_of(desk.book().change(twice, "bea", Reach::Any)), Code::InvalidArgument);
}

TEST(CaseChange, AVerdictResolvesAndTeachesTheHistoryOfSenders) {
  Desk desk;
  const auto phishing = desk.find({});
  ASSERT_EQ(desk.find({}), phishing);
  const auto fine = desk.find({.from = "x@else.example", .subject = "b", .text = "short"});
  const auto drill = desk.find({.from = "drill@ours.example", .subject = "c", .text = "drill"});
  const auto judged = desk.change(
      {.id = phishing, .judgement = Judgement{VerdictKind::TruePositive, "a false shop"}}, "ann");
  EXPECT_EQ(judged.state, CaseState::Resolved);
  EXPECT_EQ(judged.verdict, VerdictKind::TruePositive);
  desk.change({.id = fine, .judgement = Judgement{VerdictKind::FalsePositive, "our supplier"}});
  desk.change({.id = drill, .judgement = Judgement{VerdictKind::BenignPositive, "an exercise"}});

  auto labels = CaseLabels::open(desk.database()).value();
  EXPECT_EQ(labels.hand_over(desk.events(), desk.clock(), 100).value(), 3U);
  EXPECT_EQ(labels.hand_over(desk.events(), desk.clock(), 100).value(), 0U) << "each once";
  EXPECT_EQ(desk.events().count({.label = Label::Phish}).value(), 2U) << "every mail of the case";
  EXPECT_EQ(desk.events().count({.label = Label::Benign}).value(), 1U);
  const auto given = desk.events().labellings(0, 10).value();
  EXPECT_EQ(given.front().label_origin, "verdict of ann");
  EXPECT_EQ(given.front().label_given, desk.clock().now()) << "it counts from then on (ADR 4)";
}

TEST(CaseChange, AVerdictOnWhatIsNoMailCallsItMalicious) {
  Desk desk;
  const auto scan = desk.find({.from = "192.0.2.7", .subject = "alert: a scan", .mapping = "ids"});
  ASSERT_EQ(desk.find({.from = "192.0.2.7", .subject = "tcp to 192.0.2.9:22", .mapping = "ids"}),
            scan)
      << "of one actor";
  desk.change({.id = scan, .judgement = Judgement{VerdictKind::TruePositive, "it was one"}});
  auto labels = CaseLabels::open(desk.database()).value();
  EXPECT_EQ(labels.hand_over(desk.events(), desk.clock(), 100).value(), 2U);
  EXPECT_EQ(desk.events().count({.label = Label::Malicious}).value(), 2U);
  EXPECT_EQ(desk.events().count({.label = Label::Phish}).value(), 0U);
}

TEST(CaseChange, AVerdictThatIsChangedReplacesTheLabelAndIsGivenOnceHoweverOftenItIsTold) {
  Desk desk;
  const auto id = desk.find({});
  const auto hand_over = [&] {
    auto labels = CaseLabels::open(desk.database()).value();
    EXPECT_OK(labels.hand_over(desk.events(), desk.clock(), 100));
    return desk.events().labellings(0, 10).value();
  };
  desk.change({.id = id, .judgement = Judgement{VerdictKind::TruePositive, "a false shop"}}, "ann");
  hand_over();
  desk.change({.id = id, .judgement = Judgement{VerdictKind::FalsePositive, "a true one"}}, "bea");
  const auto given = hand_over();
  ASSERT_EQ(given.size(), 2U);
  EXPECT_EQ(given[0].label, Label::Phish);
  EXPECT_EQ(given[1].label, Label::Benign);
  EXPECT_EQ(given[1].label_origin, "verdict of bea");
  EXPECT_EQ(desk.events().look_up(given[0].digest).value()->label, Label::Benign);
  ASSERT_OK(desk.book().forget());
  desk.catch_up();
  EXPECT_EQ(hand_over().size(), 2U) << "made again, cases tell all verdicts once more";
}

TEST(CaseChange, AResolvedCaseCanBeOpenedByHand) {
  Desk desk;
  const auto id = desk.find({});
  desk.change({.id = id, .judgement = Judgement{VerdictKind::FalsePositive, "x"}});
  desk.clock().advance(hours(1));
  const auto again = desk.change({.id = id, .state = CaseState::InProgress}, "bea");
  EXPECT_EQ(again.state, CaseState::InProgress);
  EXPECT_EQ(again.verdict, std::nullopt);
  EXPECT_EQ(again.clock_from, desk.clock().now());
  EXPECT_EQ(desk.get(id).history.front().what, "reopened");
}

}  // namespace
}  // namespace winnow::cases
