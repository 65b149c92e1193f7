#include <algorithm>

#include <fmt/format.h>

#include "cases/case_json.h"
#include "tests/cases/desk.h"

namespace winnow::cases {
namespace {

using std::chrono::hours;
using testing::code_of;
using testing::DecidedMail;
using testing::Desk;
using States = QueueFilter::States;
using Order = QueueFilter::Order;

DecidedMail unlike(int n) {
  DecidedMail mail;
  mail.from = fmt::format("sender@site{}.com", n);
  mail.subject = fmt::format("matter {:c}{:c}", 'a' + n % 26, 'a' + n / 26);
  mail.text = "short";
  mail.probability = 0.4 + 0.05 * (n % 7);
  mail.route = n % 5 == 0 ? Route::Escalate : Route::Queue;
  return mail;
}

std::vector<std::string> titles(const QueuePage& page) {
  std::vector<std::string> found;
  for (const auto& one : page.cases) found.push_back(one.title);
  return found;
}

TEST(Queue, PagesRepeatAndMissNothingInEveryOrder) {
  Desk desk;
  for (int i = 0; i < 40; ++i) desk.decide(unlike(i));
  desk.catch_up();
  auto reader = desk.reader();
  for (const auto order : {Order::Urgency, Order::Newest, Order::Due}) {
    const auto whole = reader.queue({.order = order, .limit = 500}, "");
    ASSERT_OK(whole);
    EXPECT_EQ(whole->total, 40U);
    EXPECT_EQ(whole->next, "");
    std::vector<std::string> paged;
    std::string after;
    do {
      const auto page = reader.queue({.order = order, .limit = 7}, after);
      ASSERT_OK(page);
      for (const auto& title : titles(*page)) paged.push_back(title);
      after = page->next;
    } while (!after.empty());
    EXPECT_EQ(paged, titles(*whole));
  }
}

TEST(Queue, TheMostUrgentComeFirst) {
  Desk desk;
  for (int i = 0; i < 40; ++i) desk.decide(unlike(i));
  desk.catch_up();
  const auto page = desk.reader().queue({}, "");
  EXPECT_TRUE(
      std::ranges::is_sorted(page->cases, std::greater(), [](const Case& c) { return c.urgency; }));
  EXPECT_EQ(page->cases.front().severity, Severity::High);
  const auto due = desk.reader().queue({.order = Order::Due}, "");
  EXPECT_TRUE(
      std::ranges::is_sorted(due->cases, std::less(), [](const Case& c) { return c.due_at; }));
}

TEST(Queue, FiltersByStateOwnerAndSeverity) {
  Desk desk;
  std::vector<std::string> ids;
  for (int i = 1; i <= 5; ++i) ids.push_back(desk.find(unlike(i)));
  desk.change({.id = ids[0], .state = CaseState::InProgress}, "ann");
  desk.change({.id = ids[1], .snoozed_until = desk.clock().now() + hours(5)}, "ann");
  desk.change({.id = ids[2], .state = CaseState::Resolved}, "ann");
  auto reader = desk.reader();
  const auto count = [&](const QueueFilter& filter) {
    const auto page = reader.queue(filter, "");
    EXPECT_OK(page);
    EXPECT_EQ(page->cases.size(), page->total);
    return page->total;
  };
  EXPECT_EQ(count({}), 3U);
  EXPECT_EQ(count({.states = States::New}), 2U);
  EXPECT_EQ(count({.states = States::InProgress}), 1U);
  EXPECT_EQ(count({.states = States::Snoozed}), 1U);
  EXPECT_EQ(count({.states = States::Resolved}), 1U);
  EXPECT_EQ(count({.states = States::All}), 5U);
  EXPECT_EQ(count({.owner = "ann"}), 1U);
  EXPECT_EQ(count({.owner = ""}), 2U);
  EXPECT_EQ(count({.owner = "' OR 1=1"}), 0U);
  EXPECT_EQ(count({.states = States::All, .severity = Severity::High}), 1U);
  const auto counts = reader.counts("ann", desk.clock().now() + hours(2));
  ASSERT_OK(counts);
  EXPECT_EQ(counts->fresh, 2U);
  EXPECT_EQ(counts->in_progress, 1U);
  EXPECT_EQ(counts->snoozed, 1U);
  EXPECT_EQ(counts->resolved, 1U);
  EXPECT_EQ(counts->mine, 1U);
  EXPECT_EQ(counts->overdue, 1U) << "the escalation, by then";
}

TEST(Queue, FiltersByDomain) {
  Desk desk;
  const auto record = [](const std::string& actor, Domain domain) {
    return DecidedMail{.from = actor, .subject = "scan", .mapping = "log", .domain = domain};
  };
  desk.decide({});
  desk.decide(record("10.0.0.8", Domain::Network));
  desk.decide(record("10.0.0.8", Domain::Alerts));
  desk.decide(record("system", Domain::Endpoint));
  desk.catch_up();
  auto reader = desk.reader();
  const auto count = [&](std::optional<Domain> domain, const std::string& words = "") {
    const auto page = reader.queue({.domain = domain, .text = words}, "");
    EXPECT_OK(page);
    EXPECT_EQ(page->cases.size(), page->total);
    return page->total;
  };
  EXPECT_EQ(count({}), 3U);
  EXPECT_EQ(count(Domain::Mail), 1U);
  EXPECT_EQ(count(Domain::Network), 1U);
  EXPECT_EQ(count(Domain::Alerts), 1U) << "the same case as the network's";
  EXPECT_EQ(count(Domain::Endpoint), 1U);
  EXPECT_EQ(count(Domain::Cloud), 0U);
  EXPECT_EQ(count(Domain::Endpoint, "invoice"), 0U);
  EXPECT_EQ(count(Domain::Mail, "invoice"), 1U);
}

TEST(Queue, FindsWordsWhereverTheyStand) {
  Desk desk;
  const auto id =
      desk.find({.to = {"Zoe.Miller@soc.example"}, .subject = "Rechnung f\u00FCr M\u00E4rz"});
  desk.find(unlike(1));
  desk.change({.id = id, .note = "the warehouse confirmed it"});
  auto reader = desk.reader();
  for (const std::string_view words :
       {"rechnung", "fur marz", "zoe.miller@soc.example", "pay-now", "desk@pay-now.example",
        "warehouse", "REASON desk", "ware", "rech"}) {
    const auto page = reader.queue({.text = std::string(words)}, "");
    ASSERT_OK(page);
    ASSERT_EQ(page->cases.size(), 1U) << words;
    EXPECT_EQ(page->cases.front().id, id) << words;
  }
  EXPECT_EQ(reader.queue({.text = "rechnung submarine"}, "")->total, 0U);
}

TEST(Queue, WhatIsTypedIsNeverAnErrorOfSyntax) {
  Desk desk;
  desk.find({});
  auto reader = desk.reader();
  for (const std::string_view typed :
       {"\"", "a AND", "NOT", "OR OR", "(", "a:b", "sender:x", "*", "^a", "NEAR(a b, 2)", "{a b}:c",
        "-a", "+", "'; DROP TABLE cases; --", "\xff\xfe", "a\"b*\"", "\xe2\x80\xae"}) {
    EXPECT_EQ(code_of(reader.queue({.text = std::string(typed)}, "")), std::nullopt) << typed;
  }
  EXPECT_OK(reader.queue({.text = std::string("a\0b", 3)}, ""));
  EXPECT_OK(reader.queue({.text = std::string(100'000, 'a')}, ""));
  testing::for_each_seed(200, [&](Rng& rng) {
    std::string typed;
    for (std::uint64_t i = 0; i < rng.below(30); ++i)
      typed.push_back(static_cast<char>(rng.below(256)));
    EXPECT_OK(reader.queue({.text = typed}, ""));
  });
  EXPECT_EQ(search_expression("a\"b OR c-d"), R"("a" AND "b" AND "OR" AND "c" AND "d"*)");
  EXPECT_EQ(search_expression(" !? "), "");
}

TEST(Queue, CursorsOfOthersAreRefused) {
  Desk desk;
  desk.find({});
  auto reader = desk.reader();
  for (const std::string_view cursor :
       {"x", "urgency", "urgency:", "urgency:1", "urgency:1:", "urgency:1:x", "newest:1:1",
        "urgency:1:1:1", "urgency:99999999999999999999:1"}) {
    EXPECT_EQ(code_of(reader.queue({}, cursor)), Code::InvalidArgument) << cursor;
  }
  EXPECT_OK(reader.queue({}, "urgency:1:1"));
}

TEST(Queue, HostileTextsArriveBoundedAndWhole) {
  Desk desk;
  std::string subject = "'; DROP TABLE cases; --\x01\x02<script>\xff";
  const auto id = desk.find({.from = "a@b.com", .subject = subject + std::string(10'000, 'x')});
  const auto detail = desk.get(id);
  EXPECT_LE(detail.subject.title.size(), 310U);
  EXPECT_TRUE(detail.subject.title.starts_with("'; DROP TABLE"));
  EXPECT_OK(parse_json(to_text(case_json(detail, desk.clock().now(), MailContent::Shown))));
}

TEST(Queue, WithoutCasesThereIsNothingToRead) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(code_of(CaseReader::open(folder / "winnow.db")), Code::NotFound);
  { auto empty = DecisionStore::open(folder / "winnow.db", Access::ReadWrite).value(); }
  EXPECT_EQ(code_of(CaseReader::open(folder / "winnow.db")), Code::NotFound);
}

}  // namespace
}  // namespace winnow::cases
