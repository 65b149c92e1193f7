// The projection: every finding in exactly one case, once, whatever happens; and made again the
// same.
#include "cases/case_book.h"

#include <set>

#include <fmt/format.h>

#include "tests/cases/desk.h"
#include "tests/support/faults.h"

namespace winnow::cases {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::code_of;
using testing::DecidedMail;
using testing::Desk;

DecidedMail random_mail(Rng& rng) {
  const auto campaign = rng.below(6);
  DecidedMail mail;
  mail.from = fmt::format("sender{}@site{}.com", rng.below(3), campaign);
  mail.to = {fmt::format("user{}@soc.example", rng.below(9))};
  mail.subject = fmt::format("matter {} of {}", static_cast<char>('a' + rng.below(3)), campaign);
  mail.text = fmt::format("{} word{} word{} and some more words that everybody has in such a mail",
                          campaign, campaign, rng.below(3));
  if (rng.chance(0.3)) mail.links = {fmt::format("https://target{}.com/x", rng.below(4))};
  mail.route = rng.chance(0.3) ? Route::Close : rng.chance(0.2) ? Route::Escalate : Route::Queue;
  mail.probability = rng.unit();
  mail.after = minutes(rng.below(rng.chance(0.05) ? 20'000 : 300));
  return mail;
}

// Something that a person might do to some case.
void change_something(Desk& desk, Rng& rng) {
  const auto page = desk.reader().queue({.states = QueueFilter::States::All}, "");
  ASSERT_OK(page);
  if (page->cases.empty()) return;
  CaseChange change{.id = rng.pick(page->cases).id};
  const auto later = desk.clock().now() + minutes(1 + rng.below(5'000));
  switch (rng.below(7)) {
    case 0:
      change.owner = "ann";
      break;
    case 1:
      change.state = static_cast<CaseState>(rng.below(2));
      break;
    case 2:
      change.snoozed_until = later;
      break;
    case 3:
      change.judgement = Judgement{static_cast<VerdictKind>(rng.below(3)), "looked at it"};
      break;
    case 4:
      change.note = "hm";
      break;
    case 5:
      ASSERT_OK(desk.book().suppress(
          {{static_cast<SuppressionScope::Kind>(rng.below(2)) == SuppressionScope::Kind::Sender
                ? SuppressionScope{SuppressionScope::Kind::Sender, "sender1@site2.com"}
                : SuppressionScope{SuppressionScope::Kind::Campaign, change.id}},
           "known",
           later},
          "sam", Reach::Any));
      return;
    default:
      change.state = CaseState::Resolved;
      break;
  }
  EXPECT_OK(desk.book().change({&change, 1}, "ann", Reach::Any));  // a Conflict of its own is fine
}

TEST(CaseBook, IsMadeAgainTheSameFromNothing) {
  testing::for_each_seed(24, [](Rng& rng) {
    Desk desk;
    for (int i = 0; i < 60; ++i) {
      const auto mails = rng.below(4);
      for (std::uint64_t n = 0; n < mails; ++n) desk.decide(random_mail(rng));
      if (rng.chance(0.7)) desk.catch_up();
      if (rng.chance(0.5)) change_something(desk, rng);
      if (rng.chance(0.05)) desk.reopen();
    }
    desk.catch_up();
    const auto before = desk.dump();
    ASSERT_OK(desk.book().forget());
    desk.catch_up();
    EXPECT_EQ(desk.dump(), before);
  });
}

TEST(CaseBook, EveryFindingIsInExactlyOneCase) {
  Desk desk;
  Rng rng(7);
  std::set<std::string> told;
  for (int i = 0; i < 300; ++i) {
    const auto mail = random_mail(rng);
    const auto id = desk.decide(mail);
    if (mail.route != Route::Close) told.insert(id);
  }
  desk.catch_up();
  auto sqlite = Sqlite::open(desk.database(), Access::ReadOnly).value();
  auto sums = sqlite
                  .prepare(
                      "SELECT (SELECT count(*) FROM case_findings), (SELECT sum(findings) FROM "
                      "cases), (SELECT sum(cases) FROM case_counts), (SELECT count(*) FROM cases)")
                  .value();
  std::uint64_t findings = 0, counted = 0, by_state = 0, cases = 0;
  ASSERT_TRUE(sums.next().value());
  ASSERT_OK(sums.read(findings, counted, by_state, cases));
  EXPECT_EQ(findings, told.size());
  EXPECT_EQ(counted, told.size());
  EXPECT_EQ(by_state, cases);
  EXPECT_GT(cases, 1U);
  EXPECT_LT(cases, told.size());
  for (const auto& id : told) EXPECT_NE(desk.reader().case_of(id).value(), "") << id;
  EXPECT_EQ(desk.reader().verify().value(), told.size());
  const auto before = desk.dump();
  desk.reopen();
  desk.catch_up();
  EXPECT_EQ(desk.dump(), before) << "nothing is taken twice";
}

TEST(CaseBook, TwoOnOneDatabaseTakeEachFindingOnce) {
  Desk desk;
  Rng rng(11);
  auto other =
      CaseBook::open(desk.registry(), desk.events(), desk.database(), CasePolicy()).value();
  std::uint64_t told = 0;
  for (int i = 0; i < 200; ++i) {
    const auto mail = random_mail(rng);
    desk.decide(mail);
    told += mail.route != Route::Close ? 1 : 0;
    auto& book = rng.chance(0.5) ? desk.book() : other;
    if (rng.chance(0.3)) {
      ASSERT_OK(book.catch_up(1 + rng.below(20)));
    }
    if (rng.chance(0.1)) {
      const auto page = desk.reader().queue({}, "");
      if (page->cases.empty()) continue;
      const CaseChange change{.id = rng.pick(page->cases).id, .note = "hm"};
      ASSERT_OK(book.change({&change, 1}, "ann", Reach::Any));
    }
  }
  ASSERT_OK(other.catch_up(1000));
  desk.catch_up();
  EXPECT_EQ(desk.reader().verify().value(), told);
  const auto before = desk.dump();
  ASSERT_OK(desk.book().forget());
  desk.catch_up();
  EXPECT_EQ(desk.dump(), before);
}

TEST(CaseBook, WhatDoesNotAddUpIsFound) {
  for (const std::string damage :
       {"DELETE FROM case_findings WHERE place = 1",
        "UPDATE cases SET findings = 7 WHERE number = 1", "UPDATE case_counts SET cases = 7",
        "DELETE FROM cases WHERE number = 1"}) {
    Desk desk;
    desk.find({});
    desk.find({.from = "x@else.example", .subject = "b", .text = "short"});
    EXPECT_OK(desk.reader().verify());
    auto sqlite = Sqlite::open(desk.database(), Access::ReadWrite).value();
    ASSERT_OK(sqlite.execute(damage));
    EXPECT_EQ(code_of(desk.reader().verify()), Code::Corrupt) << damage;
    ASSERT_OK(desk.book().forget());
    desk.catch_up();
    EXPECT_OK(desk.reader().verify());
  }
}

TEST(CaseBook, AKillForgetsAndRepeatsNothing) {
  testing::for_each_seed(6, [](Rng& rng) {
    Desk desk;
    for (int i = 0; i < 400; ++i) desk.decide(random_mail(rng));
    testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          // The child opens its own: no connection crosses a fork.
          FixedClock clock(desk.clock().now());
          auto book =
              CaseBook::open(desk.registry(), desk.events(), desk.database(), CasePolicy()).value();
          while (book.catch_up(16).value() > 0) acknowledge();
        },
        rng, 150'000);
    desk.reopen();
    desk.catch_up();
    const auto survived = desk.dump();
    ASSERT_OK(desk.book().forget());
    desk.catch_up();
    EXPECT_EQ(desk.dump(), survived);
  });
}

TEST(CaseBook, AChangeThatWasRecordedHappensEvenIfNobodySawIt) {
  Desk desk;
  const auto id = desk.find({});
  // What a crash between the audit log and SQL leaves.
  const CaseEntry entry{
      .after = 1, .at = desk.clock().now(), .actor = "ann", .change = {.id = id, .owner = "ann"}};
  ASSERT_OK(desk.registry().audit().append(audit_entry_of(entry)));
  desk.reopen();
  desk.catch_up();
  EXPECT_EQ(desk.one(id).owner, "ann");
}

TEST(CaseBook, AChangeThatCannotBeRecordedDoesNotHappen) {
  Desk desk;
  const auto id = desk.find({});
  const auto before = desk.dump();
  {
    const testing::FailingWrites full(0, true);
    const CaseChange change{.id = id, .owner = "ann"};
    EXPECT_FALSE(desk.book().change({&change, 1}, "ann", Reach::Any));
  }
  EXPECT_EQ(desk.dump(), before);
}

TEST(CaseBook, AnotherPolicyAssessesOpenCasesAgain) {
  Desk desk;
  const auto open = desk.find({.probability = 0.5});
  EXPECT_EQ(desk.one(open).severity, Severity::Low);
  const auto policy = CasePolicy::compile(Yaml::parse(R"(
severity: [{severity: critical}]
clocks:
  critical: {acknowledge: 1m, resolve: 1h}
  high: {acknowledge: 1m, resolve: 1h}
  medium: {acknowledge: 1m, resolve: 1h}
  low: {acknowledge: 1m, resolve: 1h}
)",
                                                      "cases.yaml")
                                              .value());
  ASSERT_OK(policy);
  desk.reopen(*policy);
  EXPECT_EQ(desk.one(open).severity, Severity::Critical);
  EXPECT_EQ(desk.one(open).version, 1U) << "nobody changed it";
}

TEST(CaseBook, EntriesOfOthersInTheAuditLogAreNoBusinessOfCases) {
  Desk desk;
  const auto id = desk.find({});
  for (const std::string action : {"run.recorded", "case.eaten", "suppression.sung"}) {
    ASSERT_OK(desk.registry().audit().append({.time = desk.clock().now(),
                                              .actor = "x",
                                              .action = action,
                                              .subject = id,
                                              .details = Json::object({{"case.changed", "y"}})}));
  }
  desk.catch_up();
  EXPECT_EQ(desk.one(id).version, 1U);
}

TEST(CaseBook, TellsTheDomainsOfCasesThatAnOlderOneMade) {
  Desk desk;
  const auto record = [](Domain domain) {
    return DecidedMail{.from = "10.0.0.8", .subject = "scan", .mapping = "log", .domain = domain};
  };
  desk.find({.domain = Domain::Mail});
  for (const auto domain : {Domain::Network, Domain::Alerts, Domain::Network})
    desk.find(record(domain));
  const auto before = desk.dump();
  auto sqlite = Sqlite::open(desk.database(), Access::ReadWrite).value();
  ASSERT_OK(sqlite.execute("UPDATE cases SET domains = 0"));
  EXPECT_NE(desk.dump(), before);
  desk.reopen();
  EXPECT_EQ(desk.dump(), before);
}

// As a beacon every minute, and once something else.
TEST(CaseReading, WhatIsLikeNoOtherComesFirst) {
  Desk desk;
  const auto record = [](const std::string& subject, double probability) {
    return DecidedMail{.from = "10.0.0.8",
                       .subject = subject,
                       .probability = probability,
                       .mapping = "log",
                       .domain = Domain::Endpoint};
  };
  std::vector<std::string> beacons;
  for (int i = 0; i < 120; ++i) {
    beacons.push_back(desk.decide(record("tls to 198.51.100.7", 0.7)));
    if (i == 10) desk.decide(record("started whoami.exe", 0.5));
    if (i == 11) desk.decide(record("rundll32.exe dumped a process", 0.9));
  }
  desk.catch_up();
  const auto id = desk.reader().case_of(beacons.front()).value();
  const auto detail = desk.get(id);
  ASSERT_EQ(detail.kinds.size(), 3U);
  EXPECT_EQ(detail.kinds[0].subject, "rundll32.exe dumped a process");
  EXPECT_EQ(detail.kinds[0].probability, 0.9);
  EXPECT_EQ(detail.kinds[1].subject, "started whoami.exe");
  EXPECT_EQ(detail.kinds[2].findings, 120U);
  EXPECT_EQ(detail.kinds[2].last_at - detail.kinds[2].first_at, minutes(121));
  ASSERT_EQ(detail.findings.size(), kShownFindings);
  EXPECT_EQ(detail.findings[0].subject, "rundll32.exe dumped a process");
  EXPECT_EQ(detail.findings[1].subject, "started whoami.exe");
  EXPECT_EQ(detail.findings[2].id, beacons.back()) << "of one kind the newest first";
  // Page after page, all of them, each once.
  std::set<std::string> seen;
  for (std::uint64_t offset = 0; offset < 130; offset += 50) {
    const auto page = desk.reader().findings(id, offset, 50);
    ASSERT_OK(page);
    for (const auto& finding : *page) EXPECT_TRUE(seen.insert(finding.id).second);
    if (offset == 0) {
      EXPECT_EQ(page->front().id, detail.findings.front().id);
    }
  }
  EXPECT_EQ(seen.size(), 122U);
  EXPECT_EQ(code_of(desk.reader().findings("c-none", 0, 50)), Code::NotFound);
}

TEST(CaseReading, TellsHowManyDecisionsCasesAreBehind) {
  Desk desk;
  EXPECT_EQ(desk.reader().behind().value(), 0U);
  for (const auto route : {Route::Queue, Route::Close, Route::Queue}) desk.decide({.route = route});
  EXPECT_EQ(desk.reader().behind().value(), 3U);
  ASSERT_OK(desk.book().catch_up(2));
  EXPECT_EQ(desk.reader().behind().value(), 1U);
  desk.catch_up();
  EXPECT_EQ(desk.reader().behind().value(), 0U);
}

}  // namespace
}  // namespace winnow::cases
