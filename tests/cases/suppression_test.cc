#include "cases/suppression.h"

#include "tests/cases/desk.h"

namespace winnow::cases {
namespace {

using Kind = SuppressionScope::Kind;
using std::chrono::hours;
using testing::code_of;
using testing::Desk;

NewSuppression of(Kind kind, std::string value, bool escalations = false) {
  return {{kind, std::move(value), escalations}, "known", std::nullopt};
}

TEST(Suppression, WhatItCoversIsKeptGroupedAndCountedButNotToldOf) {
  Desk desk;
  const auto made =
      desk.book().suppress(of(Kind::Sender, "Desk@Pay-Now.example"), "sam", Reach::Any);
  ASSERT_OK(made);
  EXPECT_EQ(made->scope.value, "desk@pay-now.example");
  const auto id = desk.find({});
  EXPECT_EQ(desk.find({}), id);
  const auto subject = desk.one(id);
  EXPECT_EQ(subject.state, CaseState::Resolved);
  EXPECT_EQ(subject.suppressed_by, made->id);
  EXPECT_EQ(subject.findings, 2U);
  EXPECT_EQ(desk.get(id).findings.front().suppressed_by, made->id);
  EXPECT_EQ(desk.reader().queue({}, "")->total, 0U);
  const auto now = desk.reader().suppressions()->front();
  EXPECT_EQ(now.hits, 2U);
  EXPECT_EQ(now.last_hit_at, desk.clock().now());
  EXPECT_EQ(now.author, "sam");
}

TEST(Suppression, NeverSilencesEscalationsUnlessItSaysSo) {
  Desk desk;
  ASSERT_OK(desk.book().suppress(of(Kind::Sender, "desk@pay-now.example"), "sam", Reach::Any));
  const auto quiet = desk.find({});
  const auto loud = desk.find({.route = Route::Escalate});
  EXPECT_EQ(quiet, loud);
  EXPECT_EQ(desk.one(loud).state, CaseState::New) << "the escalation opened it";
  ASSERT_OK(desk.book().suppress(of(Kind::Sender, "x@else.example", true), "sam", Reach::Any));
  const auto other = desk.find(
      {.from = "x@else.example", .subject = "b", .text = "short", .route = Route::Playbook});
  EXPECT_EQ(desk.one(other).state, CaseState::Resolved);
}

TEST(Suppression, OfADomainCoversAllBelowIt) {
  Desk desk;
  ASSERT_OK(desk.book().suppress(of(Kind::SenderDomain, "Partner.COM."), "sam", Reach::Any));
  const auto state = [&](const std::string& from) {
    return desk.one(desk.find({.from = from, .subject = from, .text = "x"})).state;
  };
  EXPECT_EQ(state("a@partner.com"), CaseState::Resolved);
  EXPECT_EQ(state("a@mail.partner.com"), CaseState::Resolved);
  EXPECT_EQ(state("a@notpartner.com"), CaseState::New);
  EXPECT_EQ(state("partner.com"), CaseState::New);
}

TEST(Suppression, OfACampaignCoversWhateverWouldJoinItsCase) {
  Desk desk;
  const auto id = desk.find({});
  ASSERT_OK(desk.book().suppress(of(Kind::Campaign, id), "sam", Reach::Any));
  desk.change({.id = id, .judgement = Judgement{VerdictKind::BenignPositive, "a drill"}});
  EXPECT_EQ(desk.find({.from = "x@else.example", .subject = "b"}), id);
  EXPECT_EQ(desk.one(id).state, CaseState::Resolved);
  EXPECT_EQ(code_of(desk.book().suppress(of(Kind::Campaign, "c-none"), "sam", Reach::Any)),
            Code::NotFound);
}

// An ARN may end with a session's name, which is often a mail address.
testing::DecidedMail of_cloud(const std::string& subject) {
  return {.from = "arn:aws:sts::123:assumed-role/admin/ann@soc.example.com",
          .subject = subject,
          .mapping = "cloudtrail",
          .domain = Domain::Cloud};
}

TEST(Suppression, OfASenderOrTheirDomainSilencesNothingButMail) {
  Desk desk;
  ASSERT_OK(desk.book().suppress(of(Kind::SenderDomain, "example.com", true), "sam", Reach::Any));
  ASSERT_OK(desk.book().suppress(of(Kind::Sender, "ann@soc.example.com", true), "sam", Reach::Any));
  EXPECT_EQ(desk.one(desk.find(of_cloud("deleted a trail"))).state, CaseState::New);
  auto named = of_cloud("signed in");
  named.from = "ann@soc.example.com";  // as other clouds name people
  EXPECT_EQ(desk.one(desk.find(named)).state, CaseState::New);
  const auto mail = desk.find({.from = "eve@soc.example.com", .subject = "a", .text = "short"});
  EXPECT_EQ(desk.one(mail).state, CaseState::Resolved) << "mail of that domain";
}

TEST(Suppression, BySenderIsRefusedWhereACaseHasNoMail) {
  Desk desk;
  const auto id = desk.find(of_cloud("deleted a trail"));
  for (const auto& scope : {SuppressionScope{Kind::Sender, "ann@soc.example.com"},
                            SuppressionScope{Kind::SenderDomain, "soc.example.com"}}) {
    const Judgement judgement{VerdictKind::BenignPositive, "a drill", scope};
    EXPECT_EQ(desk.refused({.id = id, .judgement = judgement}), Code::InvalidArgument);
  }
  EXPECT_EQ(desk.one(id).state, CaseState::New);
}

TEST(Suppression, OfAnotherDomainsCaseCoversTheSameKindOfEventByTheSameActor) {
  Desk desk;
  const auto id = desk.find(of_cloud("listed buckets"));
  desk.change({.id = id,
               .judgement = Judgement{VerdictKind::BenignPositive, "the nightly inventory",
                                      SuppressionScope{Kind::Campaign, id}}});
  EXPECT_EQ(desk.find(of_cloud("listed buckets")), id);
  EXPECT_EQ(desk.one(id).state, CaseState::Resolved);
  EXPECT_EQ(desk.find(of_cloud("deleted a trail")), id);
  EXPECT_EQ(desk.one(id).state, CaseState::New) << "the actor does something else";
}

TEST(Suppression, EndsWhenItExpiresOrIsRevoked) {
  Desk desk;
  auto wanted = of(Kind::Sender, "desk@pay-now.example");
  wanted.expires = desk.clock().now() + hours(2);
  const auto first = desk.book().suppress(wanted, "sam", Reach::Any);
  ASSERT_OK(first);
  const auto id = desk.find({});
  EXPECT_EQ(desk.one(id).state, CaseState::Resolved);
  desk.find({.after = hours(3)});
  EXPECT_EQ(desk.one(id).state, CaseState::New) << "it has expired";
  const auto second = desk.book().suppress(of(Kind::Sender, "x@else.example"), "sam", Reach::Any);
  ASSERT_OK(desk.book().revoke(second->id, "sue"));
  EXPECT_EQ(desk.one(desk.find({.from = "x@else.example", .subject = "b", .text = "s"})).state,
            CaseState::New);
  EXPECT_EQ(desk.reader().suppressions()->front().revoked_by, "sue");
  EXPECT_EQ(code_of(desk.book().revoke(second->id, "sue")), Code::Conflict);
  EXPECT_EQ(code_of(desk.book().revoke("s-none", "sue")), Code::NotFound);
}

TEST(Suppression, OfABenignPositiveBeginsWithTheVerdict) {
  Desk desk;
  const auto id = desk.find({});
  Judgement judgement{VerdictKind::BenignPositive, "our own exercise",
                      SuppressionScope{Kind::Sender, "desk@pay-now.example"},
                      desk.clock().now() + hours(24 * 30)};
  desk.change({.id = id, .judgement = judgement}, "ann", Reach::Narrow);
  desk.find({});
  EXPECT_EQ(desk.one(id).state, CaseState::Resolved);
  EXPECT_EQ(desk.reader().suppressions()->front().reason, "our own exercise");
  EXPECT_EQ(desk.reader().suppressions()->front().hits, 1U);
}

TEST(Suppression, AnAnalystsReachIsNarrow) {
  const auto now = Desk::kMorning;
  auto mailbox = of(Kind::Sender, "a@b.com");
  EXPECT_EQ(code_of(checked(mailbox, Reach::Narrow, now)), Code::Denied) << "for ever";
  mailbox.expires = now + hours(24 * 30);
  EXPECT_OK(checked(mailbox, Reach::Narrow, now));
  mailbox.expires = now + hours(24 * 30 + 1);
  EXPECT_EQ(code_of(checked(mailbox, Reach::Narrow, now)), Code::Denied);
  mailbox.expires = now + hours(1);
  mailbox.scope.escalations = true;
  EXPECT_EQ(code_of(checked(mailbox, Reach::Narrow, now)), Code::Denied);
  auto domain = of(Kind::SenderDomain, "b.com");
  domain.expires = now + hours(1);
  EXPECT_EQ(code_of(checked(domain, Reach::Narrow, now)), Code::Denied);
}

TEST(Suppression, RefusesScopesThatAreNone) {
  const auto now = Desk::kMorning;
  for (const auto& bad :
       {of(Kind::Sender, "nobody"), of(Kind::Sender, ""),
        of(Kind::Sender, std::string(400, 'a') + "@b.com"), of(Kind::SenderDomain, "com"),
        of(Kind::SenderDomain, "co.uk"), of(Kind::SenderDomain, "10.0.0.1"),
        of(Kind::SenderDomain, "'; DROP TABLE cases; --"), of(Kind::Campaign, "4")}) {
    EXPECT_EQ(code_of(checked(bad, Reach::Any, now)), Code::InvalidArgument) << bad.scope.value;
  }
  auto expired = of(Kind::Sender, "a@b.com");
  expired.expires = now;
  EXPECT_EQ(code_of(checked(expired, Reach::Any, now)), Code::InvalidArgument);
  auto silent = of(Kind::Sender, "a@b.com");
  silent.reason = " ";
  EXPECT_EQ(code_of(checked(silent, Reach::Any, now)), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::cases
