// Which findings belong together.
#include <algorithm>

#include <fmt/format.h>

#include "cases/ground.h"
#include "tests/cases/desk.h"

namespace winnow::cases {
namespace {

using std::chrono::hours;
using testing::DecidedMail;
using testing::Desk;

const std::string kOther =
    "the canteen has a new menu with seven kinds of soup, and whoever brings a friend along next "
    "week gets a second plate for nothing at all";

TEST(Grouping, TheSameTextFromAnybodyIsOneCase) {
  Desk desk;
  const auto first = desk.find({});
  const auto second = desk.find({.from = "x@else.example",
                                 .to = {"bob@soc.example"},
                                 .subject = "last call",
                                 .text = DecidedMail().text});
  EXPECT_EQ(first, second);
  const auto detail = desk.get(first);
  EXPECT_EQ(in_words(detail.subject.grounds, kMailAlone), "the same text");
  EXPECT_EQ(detail.subject.findings, 2U);
  EXPECT_EQ(detail.subject.recipient_count, 2U);
  EXPECT_EQ(detail.findings.front().joined_by, "the same text");
  EXPECT_EQ(detail.findings.back().joined_by, "");
}

TEST(Grouping, NearlyTheSameTextIsOneCase) {
  Desk desk;
  std::string words;
  for (int i = 0; i < 100; ++i)
    words += fmt::format("{}{}{} ", static_cast<char>('a' + i % 20), static_cast<char>('c' + i / 5),
                         static_cast<char>('b' + i % 7));
  const auto first = desk.find({.text = words});
  const auto second =
      desk.find({.from = "x@else.example", .subject = "b", .text = words + "and so on"});
  EXPECT_EQ(first, second);
  EXPECT_EQ(in_words(desk.get(first).subject.grounds, kMailAlone), "nearly the same text");
}

TEST(Grouping, OtherMailIsAnotherCase) {
  Desk desk;
  const auto first = desk.find({});
  const auto second = desk.find({.from = "x@else.example", .subject = "lunch", .text = kOther});
  EXPECT_NE(first, second);
  EXPECT_EQ(in_words(desk.get(second).subject.grounds, kMailAlone), "");
}

TEST(Grouping, ShortTextsSayNothing) {
  Desk desk;
  const auto first = desk.find({.from = "a@one.example", .subject = "a", .text = "see this"});
  const auto second = desk.find({.from = "b@two.example", .subject = "b", .text = "see this"});
  EXPECT_NE(first, second);
}

TEST(Grouping, LinksToOneSiteAreOneCase) {
  Desk desk;
  const auto first = desk.find({.links = {"https://login.pay-now.com/a"}});
  const auto second = desk.find({.from = "x@else.example",
                                 .subject = "lunch",
                                 .text = kOther,
                                 .links = {"https://www.pay-now.com/b?c=1"}});
  EXPECT_EQ(first, second);
  EXPECT_EQ(in_words(desk.get(first).subject.grounds, kMailAlone), "links to pay-now.com");
}

TEST(Grouping, LinksToACorrespondentAreNoGround) {
  Desk desk;
  for (int i = 0; i < 3; ++i)
    desk.decide(
        {.from = "news@supplier.com", .subject = fmt::format("{}", i), .route = Route::Close});
  const auto first = desk.find({.links = {"https://supplier.com/a"}});
  const auto second = desk.find({.from = "x@else.example",
                                 .subject = "lunch",
                                 .text = kOther,
                                 .links = {"https://supplier.com/b"}});
  EXPECT_NE(first, second);
}

TEST(Grouping, SenderAndSubjectAreOneCaseWhateverTheNumbers) {
  Desk desk;
  const auto first = desk.find({.subject = "Invoice 4411 overdue"});
  const auto second = desk.find({.subject = "RE: AW: invoice 98 overdue", .text = kOther});
  EXPECT_EQ(first, second);
  EXPECT_EQ(in_words(desk.get(first).subject.grounds, kMailAlone), "the same sender and subject");
}

TEST(Grouping, GroundsOfWhatIsNoMailSpeakOfActorsAndEvents) {
  const std::string arn = "arn:aws:sts::123:assumed-role/admin/ann@soc.example";
  const std::vector<Ground> both = {{Ground::Kind::Subject, arn + " deleted a trail"},
                                    {Ground::Kind::Sender, arn}};
  auto mixed = kMailAlone;
  mixed.add(DomainSet(Domain::Cloud));
  for (const auto domains : {DomainSet(Domain::Cloud), mixed, DomainSet()}) {
    EXPECT_EQ(in_words(both, domains), "the same actor and kind of event");
    EXPECT_EQ(in_words(std::span(both).last(1), domains), "the actor " + arn);
  }
  EXPECT_EQ(in_words(both, kMailAlone), "the same sender and subject");
}

TEST(Grouping, ACaseKnowsTheDomainsOfItsFindings) {
  Desk desk;
  const auto record = [](Domain domain, const std::string& subject) {
    return DecidedMail{.from = "10.0.0.8", .subject = subject, .mapping = "log", .domain = domain};
  };
  const auto id = desk.find(record(Domain::Network, "tls to 198.51.100.7"));
  EXPECT_EQ(desk.one(id).domains, DomainSet(Domain::Network));
  EXPECT_EQ(desk.find(record(Domain::Alerts, "a scan")), id) << "the same actor";
  auto both = DomainSet(Domain::Network);
  both.add(DomainSet(Domain::Alerts));
  EXPECT_EQ(desk.one(id).domains, both);
  EXPECT_EQ(desk.get(id).findings.front().joined_by, "the actor 10.0.0.8");
  EXPECT_EQ(desk.one(desk.find({})).domains, kMailAlone);
}

TEST(Grouping, TheSameMailDecidedAgainStaysInItsCase) {
  Desk desk;
  const auto first = desk.find({});
  desk.change({.id = first, .judgement = Judgement{VerdictKind::FalsePositive, "our own"}});
  desk.decide_again({.after = hours(24 * 300), .bundle = "another"});
  desk.catch_up();
  const auto after = desk.one(first);
  EXPECT_EQ(after.findings, 2U);
  EXPECT_EQ(after.state, CaseState::Resolved) << "nothing new arrived";
  EXPECT_EQ(after.recipient_count, 1U);
}

TEST(Grouping, AResolvedCaseOpensAgainWithinTheWindowOnly) {
  Desk desk;
  const auto first = desk.find({});
  desk.change({.id = first, .owner = "ann"});
  desk.change({.id = first, .judgement = Judgement{VerdictKind::TruePositive, "phishing"}});
  EXPECT_EQ(desk.find({.after = hours(24 * 6)}), first);
  const auto again = desk.one(first);
  EXPECT_EQ(again.state, CaseState::New);
  EXPECT_EQ(again.owner, "ann") << "who knew it keeps it";
  EXPECT_EQ(again.verdict, std::nullopt);
  EXPECT_EQ(again.clock_from, desk.clock().now());
  const auto history = desk.get(first).history;
  EXPECT_TRUE(std::ranges::any_of(history, [](const CaseEvent& event) {
    return event.what == "reopened" && event.detail.find("true positive") != std::string::npos;
  }));

  desk.change({.id = first, .judgement = Judgement{VerdictKind::TruePositive, "phishing"}});
  const auto late = desk.find({.after = hours(24 * 8)});
  EXPECT_NE(late, first);
  const auto similar = desk.get(late).similar;
  ASSERT_EQ(similar.size(), 1U) << "the old case is a similar one";
  EXPECT_EQ(similar.front().subject.id, first);
  EXPECT_EQ(similar.front().subject.verdict, VerdictKind::TruePositive);
  EXPECT_EQ(similar.front().why, "the same text");
}

TEST(Grouping, WithoutTheMailSenderAndSubjectRemain) {
  Desk desk;
  const auto first = desk.find({.kept = false});
  EXPECT_EQ(desk.find({.kept = false}), first);
  EXPECT_EQ(desk.find({}), first);
  EXPECT_EQ(desk.one(first).findings, 3U) << "no finding is lost for a lost mail";
}

TEST(PlainSubject, LeavesMarksAndNumbersOut) {
  struct Row {
    std::string_view subject, plain;
  };
  for (const auto& [subject, plain] :
       {Row{"Invoice 4411", "invoice #"}, Row{"RE: Fwd:  AW: Invoice 98", "invoice #"},
        Row{"Note: buy milk", "note: buy milk"}, Row{"", ""}, Row{"Re:", ""}, Row{"\xff\xfe", ""},
        Row{"\u0420\u0415: \u00DCber 1,2", "uber #,#"}}) {
    EXPECT_EQ(plain_subject(subject), plain) << subject;
  }
}

}  // namespace
}  // namespace winnow::cases
