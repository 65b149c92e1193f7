#include "pipeline/decision_store.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "base/utf8.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

Timestamp hour(int n) { return Timestamp::from_civil(2026, 3, 1) + std::chrono::hours(n); }

DecisionRecord record_of(int n, Route route = Route::Queue, double probability = 0.5) {
  DecisionRecord record;
  record.decision.event = sha256(fmt::format("event {}", n));
  record.decision.bundle = sha256("bundle");
  record.decision.event_time = hour(n);
  record.decision.route = route;
  record.decision.probability = probability;
  record.decided_at = hour(n);
  record.sender = "ann@shop.example";
  record.subject = fmt::format("mail {}", n);
  return record;
}

std::vector<std::string> subjects(const Result<std::vector<DecisionRecord>>& records) {
  std::vector<std::string> found;
  for (const auto& record : records.value()) found.push_back(record.subject);
  return found;
}
using Subjects = std::vector<std::string>;

class DecisionStoreTest : public ::testing::Test {
 protected:
  Path file() const { return folder_ / "winnow.db"; }
  DecisionStore open() { return DecisionStore::open(file(), Access::ReadWrite).value(); }
  testing::TemporaryFolder folder_;
};

TEST_F(DecisionStoreTest, KeepsADecisionOnceAndAcrossOpenings) {
  const std::vector<DecisionRecord> records = {record_of(1), record_of(2)};
  {
    auto store = open();
    EXPECT_EQ(store.add(records).value(), 2U);
    auto later = record_of(1);
    later.subject = "told otherwise";
    EXPECT_EQ(store.add({&later, 1}).value(), 0U) << "the first stays";
  }
  auto store = DecisionStore::open(file(), Access::ReadOnly).value();
  const auto found = store.find(records[0].decision.event, sha256("bundle"));
  ASSERT_OK(found);
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->decision.bytes(), records[0].decision.bytes());
  EXPECT_EQ((*found)->decided_at, hour(1));
  EXPECT_EQ((*found)->sender, "ann@shop.example");
  EXPECT_EQ((*found)->subject, "mail 1");
  EXPECT_FALSE(store.find(records[0].decision.event, sha256("another bundle"))->has_value());
}

TEST_F(DecisionStoreTest, OfSeveralDecisionsOnOneEventTheFirstIsFound) {
  auto store = open();
  auto first = record_of(1), second = record_of(1);
  second.decision.state_slice = "more is known";
  second.decided_at = hour(9);
  second.subject = "second";
  const std::vector<DecisionRecord> both = {second, first};
  ASSERT_EQ(store.add(both).value(), 2U);
  EXPECT_EQ((*store.find(first.decision.event, sha256("bundle")))->subject, "mail 1");
}

TEST_F(DecisionStoreTest, ListsTheMostUrgentFirst) {
  auto store = open();
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const std::vector<DecisionRecord> records = {
      record_of(1, Route::Close, 0.9),     record_of(2, Route::Queue, kNone),
      record_of(3, Route::Queue, 0.7),     record_of(4, Route::Escalate, 0.91),
      record_of(5, Route::Escalate, 0.99), record_of(6, Route::Playbook, 0.95)};
  ASSERT_OK(store.add(records));
  EXPECT_EQ(subjects(store.list({})),
            (Subjects{"mail 5", "mail 4", "mail 6", "mail 3", "mail 2", "mail 1"}));
  EXPECT_EQ(subjects(store.list({.order = DecisionFilter::Order::NewestFirst, .limit = 2})),
            (Subjects{"mail 6", "mail 5"}));
}

TEST_F(DecisionStoreTest, AFilterLetsPassWhatItSays) {
  auto store = open();
  std::vector<DecisionRecord> records;
  for (int i = 1; i <= 4; ++i)
    records.push_back(record_of(i, i % 2 == 0 ? Route::Close : Route::Queue));
  records[0].sender = "bob@else.example";
  records[1].sender = "";
  records[2].decision.bundle = sha256("another bundle");
  ASSERT_OK(store.add(records));
  const auto list = [&](DecisionFilter filter) {
    filter.order = DecisionFilter::Order::NewestFirst;
    return subjects(store.list(filter));
  };
  EXPECT_EQ(list({.route = Route::Close}), (Subjects{"mail 4", "mail 2"}));
  EXPECT_EQ(list({.since = hour(2), .until = hour(4)}), (Subjects{"mail 3", "mail 2"}));
  EXPECT_EQ(list({.sender = "bob@else.example"}), (Subjects{"mail 1"}));
  EXPECT_EQ(list({.sender = "shop.example"}), (Subjects{"mail 4", "mail 3"}));
  EXPECT_EQ(list({.sender = "ann"}), Subjects{}) << "a part of a mailbox names nobody";
  EXPECT_EQ(list({.bundle = sha256("another bundle")}), (Subjects{"mail 3"}));
  EXPECT_EQ(list({.limit = 0}), Subjects{});
}

TEST_F(DecisionStoreTest, AnIdIsFoundByAUniquePrefix) {
  auto store = open();
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 40; ++i) records.push_back(record_of(i));
  ASSERT_OK(store.add(records));
  const auto id = records[7].decision.id().hex();
  EXPECT_EQ(store.get(id)->subject, "mail 7");
  EXPECT_EQ(store.get("d-" + id.substr(0, 12))->subject, "mail 7");
  // Forty ids share some first digit.
  std::map<char, int> firsts;
  for (const auto& record : records) ++firsts[record.decision.id().hex()[0]];
  for (const auto& [digit, count] : firsts) {
    if (count > 1) {
      EXPECT_EQ(code_of(store.get(std::string(1, digit))), Code::Conflict) << digit;
    }
  }
  EXPECT_EQ(code_of(store.get("d-ffffffffffff")), Code::NotFound);
  for (const auto* bad : {"", "d-", "xyz", "d-3f'; DROP TABLE decisions"})
    EXPECT_EQ(code_of(store.get(bad)), Code::InvalidArgument) << bad;
  EXPECT_EQ(code_of(store.get(std::string(65, 'a'))), Code::InvalidArgument);
}

TEST_F(DecisionStoreTest, ARowThatIsNotWhatItWasIsCorruptAndNamed) {
  auto record = record_of(1);
  const auto id = record.decision.id().hex();
  {
    auto store = open();
    ASSERT_OK(store.add({&record, 1}));
  }
  const auto with_body = [&](std::string_view body) {
    auto database = Sqlite::open(file(), Access::ReadWrite).value();
    EXPECT_OK(database.run("UPDATE decisions SET body = ?1", SqliteBlob{std::string(body)}));
  };
  auto store = open();
  with_body(record.decision.bytes().substr(0, 40));
  const auto cut = store.get(id);
  ASSERT_EQ(code_of(cut), Code::Corrupt);
  EXPECT_NE(cut.error().text().find(id.substr(0, 12)), std::string::npos);
  with_body(record_of(2).decision.bytes());
  EXPECT_EQ(code_of(store.get(id)), Code::Corrupt) << "whole, but another decision";
  EXPECT_EQ(code_of(store.list({})), Code::Corrupt);
}

TEST_F(DecisionStoreTest, AHostileSubjectIsKeptAsShortValidText) {
  auto store = open();
  auto record = record_of(1);
  record.subject = std::string(499, 'x') + "\xC3\xBC \xFF" + std::string(100'000, 'y');
  ASSERT_OK(store.add({&record, 1}));
  const auto subject = store.list({})->front().subject;
  EXPECT_LE(subject.size(), 500U);
  EXPECT_TRUE(is_valid_utf8(subject));
}

// All pages, one behind the other; `meanwhile` runs between them.
Subjects in_pages(
    DecisionStore& store, DecisionFilter filter, std::uint64_t limit,
    const std::function<void()>& meanwhile = [] {}) {
  filter.limit = limit;
  Subjects found;
  std::string after;
  do {
    const auto page = store.page(filter, after).value();
    EXPECT_LE(page.records.size(), limit);
    for (const auto& record : page.records) found.push_back(record.subject);
    after = page.next;
    meanwhile();
  } while (!after.empty());
  return found;
}

TEST_F(DecisionStoreTest, PagesHoldEachDecisionOnceAlsoOfOneMoment) {
  auto store = open();
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 20; ++i) {
    records.push_back(record_of(i, i % 3 == 0 ? Route::Escalate : Route::Queue));
    records.back().decided_at = hour(i / 7);  // seven decisions at a time
    if (i % 2 == 0) records.back().sender = "bob@mail.example";
  }
  ASSERT_OK(store.add(records));
  Subjects all;
  for (const auto& record : records) all.push_back(record.subject);
  std::sort(all.begin(), all.end());
  for (const std::uint64_t limit : {1, 3, 7, 19, 20, 21}) {
    auto found = in_pages(store, {}, limit);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, all) << limit;
  }
  EXPECT_EQ(in_pages(store, {.route = Route::Escalate}, 2).size(), 7U);
  EXPECT_EQ(in_pages(store, {.sender = "bob@mail.example"}, 4).size(), 10U);
  EXPECT_EQ(in_pages(store, {.sender = "mail.example"}, 4).size(), 10U);
  EXPECT_EQ(in_pages(store, {.since = hour(1), .until = hour(2)}, 2).size(), 7U);
}

TEST_F(DecisionStoreTest, WhatComesMeanwhileChangesNoLaterPage) {
  auto store = open();
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 6; ++i) records.push_back(record_of(i));
  ASSERT_OK(store.add(records));
  int next = 10;
  const auto found = in_pages(store, {}, 2, [&] {
    const auto newer = record_of(next++);
    ASSERT_OK(store.add({&newer, 1}));
  });
  EXPECT_EQ(found, (Subjects{"mail 5", "mail 4", "mail 3", "mail 2", "mail 1", "mail 0"}));
}

TEST_F(DecisionStoreTest, RefusesCursorsThatNoPageEndedWith) {
  auto store = open();
  const auto id = sha256("x").hex();
  for (const auto& cursor : {std::string("1"), std::string("-"), "1-" + id.substr(1), "x-" + id,
                             "99999999999999999999-" + id, "1-" + id + "'"}) {
    EXPECT_EQ(code_of(store.page({}, cursor)), Code::InvalidArgument) << cursor;
  }
  EXPECT_OK(store.page({}, "1-" + id));
}

TEST_F(DecisionStoreTest, TellsTheOrderOfArrival) {
  auto store = open();
  const std::vector<DecisionRecord> records = {
      record_of(3, Route::Queue), record_of(1, Route::Close), record_of(2, Route::Escalate)};
  ASSERT_OK(store.add(records));
  ASSERT_OK(store.add(records));  // what is there already takes no place
  const auto later = record_of(4);
  ASSERT_OK(store.add({&later, 1}));
  const auto all = store.arrivals(0, 100, 100);
  ASSERT_OK(all);
  ASSERT_EQ(all->size(), 4U);
  std::vector<std::string> told;
  for (std::size_t i = 0; i < all->size(); ++i) {
    EXPECT_TRUE(i == 0 || (*all)[i].place > (*all)[i - 1].place);
    EXPECT_EQ((*all)[i].sender, "ann@shop.example");
    told.push_back((*all)[i].record ? (*all)[i].record->subject : "");
  }
  EXPECT_EQ(told, (Subjects{"mail 3", "", "mail 2", "mail 4"}))
      << "of the closed one only its place";
  const auto rest = store.arrivals((*all)[0].place, (*all)[2].place, 100);
  ASSERT_OK(rest);
  ASSERT_EQ(rest->size(), 2U);
  EXPECT_EQ((*rest)[1].place, (*all)[2].place);
  EXPECT_EQ(store.arrivals(0, 100, 1)->size(), 1U);
}

TEST_F(DecisionStoreTest, PlacesOutliveABackup) {
  auto store = open();
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 5; ++i) records.push_back(record_of(i));
  ASSERT_OK(store.add(records));
  {
    auto database = Sqlite::open(file(), Access::ReadWrite).value();
    ASSERT_OK(database.execute("DELETE FROM decisions WHERE place = 2 OR place = 5"));
    ASSERT_OK(database.back_up_to(folder_ / "copy.db"));
  }
  auto copy = DecisionStore::open(folder_ / "copy.db", Access::ReadWrite).value();
  const auto later = record_of(9);
  ASSERT_OK(copy.add({&later, 1}));
  std::vector<std::uint64_t> places;
  for (const auto& arrival : *copy.arrivals(0, 100, 100)) places.push_back(arrival.place);
  EXPECT_EQ(places, (std::vector<std::uint64_t>{1, 3, 4, 6})) << "none is given twice";
}

TEST_F(DecisionStoreTest, ADatabaseFromBeforePlacesKeepsItsOrder) {
  {
    auto database = Sqlite::open(file(), Access::ReadWrite).value();
    constexpr std::string_view kBefore = R"sql(
CREATE TABLE decisions (id TEXT NOT NULL UNIQUE, event TEXT NOT NULL, bundle TEXT NOT NULL,
  event_time INTEGER NOT NULL, decided_at INTEGER NOT NULL, route TEXT NOT NULL, stage TEXT NOT NULL,
  probability REAL, sender TEXT NOT NULL, subject TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX decisions_by_event ON decisions (event);
CREATE INDEX decisions_by_time ON decisions (decided_at);
)sql";
    ASSERT_OK(database.migrate("decisions", {&kBefore, 1}));
    for (const int n : {7, 2, 5}) {
      const auto record = record_of(n);
      ASSERT_OK(
          database.run("INSERT INTO decisions VALUES (?1,?2,?3,?4,?5,'queue','model',0.5,?6,?7,?8)",
                       record.decision.id(), record.decision.event, record.decision.bundle,
                       record.decision.event_time, record.decided_at, record.sender, record.subject,
                       SqliteBlob{record.decision.bytes()}));
    }
  }
  auto store = open();
  Subjects told;
  for (const auto& arrival : *store.arrivals(0, 100, 100)) told.push_back(arrival.record->subject);
  EXPECT_EQ(told, (Subjects{"mail 7", "mail 2", "mail 5"}));
  EXPECT_EQ(subjects(store.list({.sender = "shop.example"})).size(), 3U);
}

TEST_F(DecisionStoreTest, WhatIsRemovedSaysWhenAndWhy) {
  auto store = open();
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 3; ++i) records.push_back(record_of(i, Route::Close));
  ASSERT_OK(store.add(records));
  const std::vector<Digest> wanted{records[0].decision.id(), records[2].decision.id(),
                                   sha256("never made")};
  const Removal removal{hour(9), "retention.decisions: 1d"};
  EXPECT_EQ(store.remove(wanted, removal).value(), 2U);
  EXPECT_EQ(store.remove(wanted, removal).value(), 0U);
  EXPECT_EQ(subjects(store.list({})), Subjects{"mail 1"});
  const auto gone = store.get(records[0].decision.id().hex().substr(0, 12));
  ASSERT_EQ(code_of(gone), Code::NotFound);
  EXPECT_NE(gone.error().message().find(removal.text()), std::string::npos) << gone.error();
  const auto never = store.get(sha256("never made").hex());
  ASSERT_EQ(code_of(never), Code::NotFound);
  EXPECT_EQ(never.error().message().find("removed"), std::string::npos) << never.error();
  EXPECT_FALSE(store.find(records[0].decision.event, sha256("bundle"))->has_value());
  // Places are not given again: those who remember how far they have read miss nothing.
  const auto another = record_of(7);
  ASSERT_OK(store.add({&another, 1}));
  EXPECT_EQ(store.arrivals(3, 1000, 10)->size(), 1U);
}

TEST_F(DecisionStoreTest, OldOnesThatClosedAMailAreOfferedPageByPageOldestFirst) {
  auto store = open();
  std::vector<DecisionRecord> records;
  for (int i = 9; i >= 0; --i)
    records.push_back(record_of(i, i == 4 ? Route::Queue : Route::Close));
  ASSERT_OK(store.add(records));
  std::vector<Timestamp> times;
  std::optional<OldDecision> last;
  for (;;) {
    const auto page = store.closed_before(hour(7), last, 2).value();
    if (page.empty()) break;
    for (const auto& one : page) times.push_back(one.decided_at);
    last = page.back();
  }
  EXPECT_EQ(times, (std::vector{hour(0), hour(1), hour(2), hour(3), hour(5), hour(6)}));
}

}  // namespace
}  // namespace winnow
